"""Every rule of the house, found where it stands: so that none is forgotten in a test of all."""

import ast
import importlib
import inspect
import pkgutil
from types import FunctionType, ModuleType

import challenge
from challenge.aftercare import Confidence
from challenge.model import Change, PersonId

CHANGES = (Change, Change | None, Confidence)


def acts() -> set[str]:
    """Whatever somebody does to a challenge, as `module.rule`."""
    return {name for name, rule in _rules().items() if _takes(rule).get("by") is PersonId}


def happenings() -> set[str]:
    """Whatever else changes one: a clock, Slack, the directory, the calendar."""
    return _rules().keys() - acts()


def called_in(*modules: ModuleType) -> set[str]:
    """Everything of another module that these name, as `module.name`; and what they import."""
    trees = [ast.parse(inspect.getsource(module)) for module in modules]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    named = {
        f"{node.value.id}.{node.attr}"
        for node in nodes
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
    }
    imported = {
        f"{(node.module or '').removeprefix('challenge.')}.{each.name}"
        for node in nodes
        if isinstance(node, ast.ImportFrom)
        for each in node.names
    }
    return named | imported


def _rules() -> dict[str, FunctionType]:
    rooms = [
        importlib.import_module(f"challenge.{each.name}")
        for each in pkgutil.iter_modules(challenge.__path__)
    ]
    return {
        f"{room.__name__.removeprefix('challenge.')}.{name}": each
        for room in rooms
        for name, each in vars(room).items()
        if inspect.isfunction(each) and each.__module__ == room.__name__ and _is_rule(each)
    }


def _is_rule(each: FunctionType) -> bool:
    changes = inspect.signature(each).return_annotation in CHANGES
    return changes and not each.__name__.startswith("_") and "challenge" in _takes(each)


def _takes(each: FunctionType) -> dict[str, object]:
    given = inspect.signature(each).parameters.items()
    return {name: one.annotation for name, one in given}
