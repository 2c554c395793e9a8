"""The house inspects itself: what no reviewer should have to look for."""

import ast
import inspect
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from slack_bolt.async_app import AsyncApp
from slack_bolt.kwargs_injection.async_args import AsyncArgs
from slack_sdk.web.async_client import AsyncWebClient
from typing_extensions import override

import handlers
from challenge import escalation
from challenge.casework import Casework
from challenge.model import Challenge, Happened, PersonId, Told
from challenge.moment import Moment
from challenge.procedure import Procedure
from challenge.refusals import Refusal
from challenge.rights import Act
from handlers import reactions
from tests.blocks import gallery
from tests.makers import CSC, OAK, a_challenge, a_directory, a_person

ROOT = Path(__file__).parents[2]
MANIFEST: dict[str, Any] = yaml.safe_load((ROOT / "manifest.yml").read_text(encoding="utf-8"))
ROOMS = ("challenge", "blocks", "handlers", "storage", "bot")

Listener = Callable[..., Any]


class Overheard(AsyncApp):
    """A real app that also remembers what it was asked to listen for."""

    def __init__(self) -> None:
        super().__init__(token="xoxb-nobody", signing_secret="nothing")
        self.heard: list[tuple[str, str, Listener]] = []
        self.told_of_errors: list[Listener] = []

    def _overhear(self, kind: str, given: tuple[Any, ...], register: Any) -> Any:
        def listen(function: Listener) -> Any:
            self.heard.append((kind, str(given[0]), function))
            return register(function)

        return listen

    @override
    def action(self, *given: Any, **also: Any) -> Any:
        return self._overhear("action", given, super().action(*given, **also))

    @override
    def view(self, *given: Any, **also: Any) -> Any:
        return self._overhear("view", given, super().view(*given, **also))

    @override
    def shortcut(self, *given: Any, **also: Any) -> Any:
        return self._overhear("shortcut", given, super().shortcut(*given, **also))

    @override
    def command(self, *given: Any, **also: Any) -> Any:
        return self._overhear("command", given, super().command(*given, **also))

    @override
    def event(self, *given: Any, **also: Any) -> Any:
        return self._overhear("event", given, super().event(*given, **also))

    @override
    def error(self, func: Any) -> Any:
        self.told_of_errors.append(func)
        return super().error(func)


class NoFiles:
    """Case files that are never opened: listeners are only registered here."""

    def desk(self) -> Any:
        raise NotImplementedError

    def shelf(self) -> Any:
        raise NotImplementedError


@cache
def app() -> Overheard:
    overheard = Overheard()
    procedure = next(iter(procedures().values()))
    handlers.register(
        overheard, Casework(NoFiles(), procedure, lambda: datetime.now(UTC), lambda _: None)
    )
    return overheard


def heard(kind: str) -> set[str]:
    return {name for what, name, _ in app().heard if what == kind}


@cache
def procedures() -> dict[str, Procedure]:
    files = sorted((ROOT / "procedures").glob("*.toml"))
    return {f.name: Procedure.read(tomllib.loads(f.read_text(encoding="utf-8"))) for f in files}


def sources(*rooms: str) -> Iterator[tuple[str, ast.Module]]:
    for room in rooms:
        for file in sorted((ROOT / room).rglob("*.py")):
            yield str(file.relative_to(ROOT)), ast.parse(file.read_text(encoding="utf-8"))


# 1. What is drawn has a listener, and what is listened for is drawn


def drawn_ids() -> tuple[set[str], set[str]]:
    """Action ids that Slack will tell of, and callback ids of modals."""
    views = [view for _, view in gallery.views("x")]
    posted = [drawn.blocks for drawn in gallery.posted("x")]
    blocks = [block for each in [*posted, *(view["blocks"] for view in views)] for block in each]
    told = [b for b in blocks if b["type"] != "input" or b.get("dispatch_action")]
    actions = {element["action_id"] for element in gallery.elements(told)}
    return actions, {view["callback_id"] for view in views if view.get("callback_id")}


def test_every_button_has_a_listener_and_every_listener_a_button():
    assert heard("action") == drawn_ids()[0]


def test_every_modal_has_a_listener_and_every_listener_a_modal():
    assert heard("view") == drawn_ids()[1]


def test_nothing_is_listened_for_twice():
    names = [(kind, name) for kind, name, _ in app().heard]

    assert len(names) == len(set(names))


def test_every_reaction_that_brings_a_button_has_one_to_show():
    offered = {facts["act"].name for _, facts in reactions.ACTS.values() if "act" in facts}

    assert offered <= set(gallery.marks(Told.OFFER_ACT, a_challenge()))
    assert all(Act[name] for name in offered)


# 3. Listeners ask only for what they are given

OURS = {"casework", "hearing"}
OF_A_KIND = {"action", "view", "shortcut", "command", "event", "options", "message"}


@pytest.mark.parametrize(
    ("kind", "name", "function"), app().heard, ids=[f"{k} {n}" for k, n, _ in app().heard]
)
def test_a_listener_asks_only_for_names_that_it_is_given(kind, name, function):
    given = ((set(AsyncArgs.__annotations__) | OURS) - OF_A_KIND) | {kind}
    parameters = inspect.signature(function).parameters.values()

    assert {p.name for p in parameters} <= given
    assert {p.kind for p in parameters} == {inspect.Parameter.POSITIONAL_OR_KEYWORD}
    assert all(p.default is inspect.Parameter.empty for p in parameters)


def test_whoever_is_told_of_errors_asks_only_for_names_that_it_is_given():
    [answer] = app().told_of_errors

    given = {*AsyncArgs.__annotations__, "error"} - OF_A_KIND

    assert set(inspect.signature(answer).parameters) <= given


# 4. The manifest asks for what the code uses, and nothing more

# Slack's documentation of each method: the scope that a bot token needs for what we do with it.
SCOPES: dict[str, set[str]] = {
    "apps_connections_open": set(),  # an app-level token
    "auth_test": set(),
    "chat_postEphemeral": {"chat:write"},
    "chat_postMessage": {"chat:write"},
    "chat_update": {"chat:write"},
    "conversations_archive": {"groups:write"},
    "conversations_create": {"groups:write"},
    "conversations_history": {"groups:history", "im:history"},
    "conversations_info": {"groups:read"},
    "conversations_invite": {"groups:write"},
    "conversations_kick": {"groups:write"},
    "conversations_open": {"im:write", "mpim:write"},
    "conversations_replies": {"groups:history"},
    "conversations_setTopic": {"groups:write"},
    "files_upload_v2": {"files:write"},
    "pins_add": {"pins:write"},
    "users_conversations": {"groups:read"},
    "users_info": {"users:read"},
    # Only for a directory that names people by address; `operating.md` says to add the scope then.
    "users_lookupByEmail": set(),
    "views_open": set(),
    "views_publish": set(),
    "views_push": set(),
    "views_update": set(),
}
EVENT_SCOPES: dict[str, set[str]] = {
    "app_home_opened": set(),
    "member_joined_channel": {"groups:read"},
    "member_left_channel": {"groups:read"},
    "message.groups": {"groups:history"},
    "reaction_added": {"reactions:read"},
    "reaction_removed": {"reactions:read"},
    "user_change": {"users:read"},
}
# What is said in a private channel is all that a plain `message` listener is sent.
AS_SLACK_NAMES_IT = {"message": "message.groups"}


def methods_called() -> set[str]:
    """Every method of Slack's Web API that is named anywhere in our code."""
    known = {name for name in dir(AsyncWebClient) if re.fullmatch(r"[a-z]+_[a-zA-Z]\w*", name)}
    known -= {name for name in known if not callable(getattr(AsyncWebClient, name))}
    return {
        node.attr
        for _, tree in sources("handlers", "bot")
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in known and "client" in _base(node)
    }


def _base(node: ast.Attribute) -> str:
    return ast.unparse(node.value).rpartition(".")[2]


def test_every_method_that_is_called_has_its_scope_written_down_here():
    assert methods_called() == set(SCOPES)


def test_the_manifest_asks_for_exactly_the_scopes_in_use():
    in_use = {"commands"}.union(*SCOPES.values(), *EVENT_SCOPES.values())

    assert set(MANIFEST["oauth_config"]["scopes"]["bot"]) == in_use


def test_the_manifest_subscribes_to_exactly_the_events_that_have_a_listener():
    subscribed = set(MANIFEST["settings"]["event_subscriptions"]["bot_events"])

    assert subscribed == {AS_SLACK_NAMES_IT.get(name, name) for name in heard("event")}
    assert subscribed == set(EVENT_SCOPES)


def test_the_manifest_names_exactly_the_commands_and_shortcuts_that_have_a_listener():
    features = MANIFEST["features"]

    assert {each["command"] for each in features["slash_commands"]} == heard("command")
    assert {each["callback_id"] for each in features["shortcuts"]} == heard("shortcut")


# 5. Every stage can be left, and every confirmed one is reached

STAGES = [
    (name, stage) for name, p in procedures().items() for stage in range(1, len(p.stages) + 1)
]


def test_there_are_procedures():
    assert procedures()


@pytest.mark.parametrize(("name", "stage"), STAGES)
def test_every_stage_can_be_left_for_a_confirmed_one_or_for_the_top(name, stage):
    procedure = procedures()[name]

    to = procedure.following(stage)

    if to is None:
        assert not any(later.confirmed for later in procedure.stages[stage:])
        to = len(procedure.stages) + 1
    assert to > stage
    assert procedure.is_top(to) or procedure.stage(to).confirmed


@pytest.mark.parametrize("name", procedures())
def test_every_confirmed_stage_is_reached_by_silence_and_acceptance_and_then_the_top(name):
    procedure = procedures()[name]
    roles = {r for stage in procedure.stages for r in (*stage.raising, *stage.receiving)}
    directory = a_directory(
        *(
            a_person(PersonId(f"U{n}{key}".upper()), key, role=role)
            for n, role in enumerate(sorted(roles))
            for key in (OAK, CSC)
        )
    )
    challenge = a_challenge(procedure=procedure)
    reached = [challenge.stage]
    while not challenge.at_top:
        challenge = _next_stage(challenge, directory)
        reached.append(challenge.stage)

    confirmed = [stage.number for stage in procedure.stages if stage.confirmed]
    assert reached == [*confirmed, len(procedure.stages) + 1]


def _next_stage(challenge: Challenge, directory: Any) -> Challenge:
    moment = Moment(challenge.due, challenge.procedure.calendar)
    lapsed = escalation.lapse(challenge, moment, directory)
    assert lapsed.entries[0].kind is Happened.LAPSED
    taken = lapsed.challenge
    for prompt in taken.prompts:
        assert prompt.person is not None
        taken = escalation.accept(
            taken, moment, directory, by=prompt.person, line="I will call both today."
        ).challenge
    return taken


# 7. Every refusal is a sentence, and every rule has a test


def refusals(kind: type[Refusal] = Refusal) -> list[type[Refusal]]:
    return [kind, *(each for child in kind.__subclasses__() for each in refusals(child))]


@pytest.mark.parametrize("kind", refusals())
def test_every_refusal_has_a_sentence_of_its_own_that_ends_in_a_full_stop(kind):
    sentence = (kind.__dict__.get("__doc__") or "").strip()

    # The emergency text is the partnership's own, and brings its full stop along.
    assert sentence.endswith((".", "{emergency}"))


def rules() -> list[str]:
    """Every public function of `challenge/` that makes a change, as a test would call it."""
    return [
        f"{Path(file).stem}.{node.name}"
        for file, tree in sources("challenge")
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
        and not node.name.startswith("_")
        and node.returns is not None
        and ast.unparse(node.returns) == "Change"
    ]


@pytest.mark.parametrize("rule", rules())
def test_every_rule_has_a_test_that_names_it(rule):
    tests = "\n".join(
        file.read_text(encoding="utf-8") for file in (ROOT / "tests" / "challenge").glob("*.py")
    )

    assert f"{rule}(" in tests


def test_there_are_rules():
    assert {"escalation.accept", "raising.raise_challenge", "response.declare_risk"} <= set(rules())


# 10. No log line holds what people wrote

LEVELS = {"debug", "info", "warning", "error", "critical", "exception", "log"}
# What a line may be about: ids, kinds, counts and Slack's own words for what went wrong.
MAY_BE_LOGGED = {
    "agencies",  # how many
    "challenge",
    "count",
    "format",
    "job",
    "kind",
    "people",  # how many
    "port",
    "procedure",
    "reference",  # of a mishap, never of a challenge: see handlers/errors.py
    "schema",  # its number
    "status",
    "type",
    "why",
}
# Attributes that hold what somebody wrote, or all of a payload.
WRITTEN = {
    *("words", "summary", "text", "concern", "decision", "meanwhile", "ask", "how", "done"),
    *("message", "body", "view", "payload", "event", "entry", "settlement", "blocks", "answers"),
}


def log_calls() -> list[tuple[str, ast.Call]]:
    return [
        (f"{file}:{node.lineno}", node)
        for file, tree in sources(*ROOMS)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in LEVELS
        and re.search(r"\blog(ger|ging)?\b", ast.unparse(node.func.value))
    ]


LOG_CALLS = pytest.mark.parametrize(
    "call", [call for _, call in log_calls()], ids=[where for where, _ in log_calls()]
)


def test_there_are_log_calls():
    assert len(log_calls()) > 20


@LOG_CALLS
def test_a_log_line_is_a_fixed_sentence(call):
    [said] = call.args

    assert isinstance(said, ast.Constant)
    assert isinstance(said.value, str)
    assert "%" not in said.value


@LOG_CALLS
def test_a_log_line_holds_only_ids_kinds_and_counts(call):
    facts = dict(_facts(call))

    assert set(facts) <= MAY_BE_LOGGED
    for value in facts.values():
        nodes = [] if ast.unparse(value).endswith(".__name__") else list(ast.walk(value))
        named = {n.attr for n in nodes if isinstance(n, ast.Attribute)}
        named |= {n.id for n in nodes if isinstance(n, ast.Name)}
        assert not named & WRITTEN
        assert not any(isinstance(n, ast.JoinedStr) for n in nodes)


def _facts(call: ast.Call) -> Iterator[tuple[str, ast.expr]]:
    """Each fact of a log line by its name; a trace says where, and never quotes a message."""
    for keyword in call.keywords:
        if keyword.arg == "extra":
            assert isinstance(keyword.value, ast.Dict)
            for name, value in zip(keyword.value.keys, keyword.value.values, strict=True):
                assert isinstance(name, ast.Constant)
                yield str(name.value), value
        elif keyword.arg is None:
            assert ast.unparse(keyword.value).startswith("_trace(")
        elif keyword.arg != "exc_info":
            yield keyword.arg, keyword.value


# Short, in reading order


def functions() -> list[tuple[str, int]]:
    return [
        (f"{file}: {node.name}", sum(isinstance(each, ast.stmt) for each in ast.walk(node)) - 1)
        for file, tree in sources(*ROOMS)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]


def test_no_function_says_more_than_can_be_read_at_a_glance():
    assert [name for name, statements in functions() if statements > 20] == []


def test_every_module_opens_with_a_sentence_that_says_what_it_is():
    silent = [
        file
        for file, tree in sources(*ROOMS, "sandbox")
        if tree.body and not (ast.get_docstring(tree) or "").split("\n")[0].rstrip().endswith(".")
    ]

    assert silent == []


def test_the_running_bot_does_not_hold_what_only_a_migration_or_a_rehearsal_needs():
    asks = (
        "import sys, bot.commands.running; print({'alembic', 'jinja2', 'sandbox'} & {*sys.modules})"
    )

    said = subprocess.run([sys.executable, "-c", asks], cwd=ROOT, capture_output=True, text=True)

    assert said.stdout.strip() == "set()", said.stderr
