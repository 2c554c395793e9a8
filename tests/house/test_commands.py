"""Every command says what it does, and stands in README.md."""

from pathlib import Path

import pytest
from typer.core import TyperGroup
from typer.main import get_command

from bot.cli import app

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")


def commands(of=None, path=()):
    """Every command there is, as typed, with what it is."""
    group = of or get_command(app)
    assert isinstance(group, TyperGroup)
    for name, command in group.commands.items():
        if isinstance(command, TyperGroup):
            yield from commands(command, (*path, name))
        else:
            yield " ".join((*path, name)), command


COMMANDS = dict(commands())


def test_there_are_commands():
    assert {"run", "migrate", "record", "directory load", "key rotate"} <= set(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_it_says_what_it_does(name):
    assert COMMANDS[name].help.strip().endswith(".")


@pytest.mark.parametrize("name", COMMANDS)
def test_each_of_its_options_says_what_it_is_for(name):
    options = [p for p in COMMANDS[name].params if p.param_type_name == "option"]

    assert [option.name for option in options if not option.help and option.name != "help"] == []


@pytest.mark.parametrize("name", COMMANDS)
def test_it_stands_in_the_readme(name):
    assert f"python -m bot {name}" in README
