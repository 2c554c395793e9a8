"""Every listener is fed what Slack would never send, properly signed, by way of the real server.

A payload starts out as Slack's own, for whatever the listener listens to; then parts of it are
taken out or replaced. Only what Bolt goes by to find the listener stays. The listeners are read
off the real app, so a new one is fed too. Whatever comes in, a person gets a refusal or an apology
with a reference, and the record changes by whole steps or not at all.
"""

import copy
import hashlib
import hmac
import json
import logging
import time
import traceback
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from types import FunctionType
from typing import Any
from urllib.parse import urlencode

import aiohttp
import pytest
import pytest_asyncio
from hypothesis import HealthCheck, given, note
from hypothesis import settings as fed
from hypothesis import strategies as st
from pydantic import SecretStr

from bot import logs
from bot.config import Settings
from bot.wiring import build
from challenge.model import Happened
from storage.chain import first_break
from storage.vault import new_master_key
from tests.databases import with_tables
from tests.journeys.story import ASHA, BEN, ELIF, LENA, SECRET, Story, told_in

CANARY = "Canary-Marigold"
EXAMPLES = 8
FEWER = 2

Payload = dict[str, Any]
Way = tuple[Any, ...]


# What is listened to, read off the app


def listeners() -> list[tuple[str, str]]:
    """Each listener's kind (event, action, view_submission ...) and the word it listens to."""
    app = build(
        Settings(
            _env_file=None,
            slack_bot_token=SecretStr("xoxb-nothing"),
            slack_signing_secret=SecretStr(SECRET),
            challenge_key=SecretStr(new_master_key()),
            database_url="sqlite:///never-opened.db",
        )
    ).app
    return [_listened_to(listener.matchers[0]) for listener in app._async_listeners]


def _listened_to(matcher: Any) -> tuple[str, str]:
    """Bolt keeps the word in the closure of the function that does the matching."""
    [inner] = [c.cell_contents for c in matcher.func.__closure__]
    assert isinstance(inner, FunctionType)
    kind = inner.__qualname__.partition(".")[0]
    [word] = [c.cell_contents for c in inner.__closure__ or () if isinstance(c.cell_contents, str)]
    return kind, word


# Slack's own payloads


@dataclass
class House:
    """A bot with a challenge in it, reached over HTTP as Slack reaches it."""

    story: Story
    http: aiohttp.ClientSession
    url: str
    challenge: int
    other: int
    channel: str
    reminder: str
    number: Iterator[int] = field(default_factory=lambda: count(1))
    # As it was after the last one fed, which is as it is before the next.
    stands: dict[int, tuple[int, int]] = field(default_factory=dict)

    def payload(self, kind: str, word: str, who: str) -> Payload:
        return MAKERS[kind](self, word, who)

    async def send(self, kind: str, payload: Payload) -> tuple[int, str]:
        body, content_type = _posted(kind, payload)
        at = str(int(time.time()))
        signed = hmac.new(SECRET.encode(), b"v0:" + at.encode() + b":" + body, hashlib.sha256)
        headers = {
            "Content-Type": content_type,
            "X-Slack-Request-Timestamp": at,
            "X-Slack-Signature": f"v0={signed.hexdigest()}",
        }
        async with self.http.post(self.url, data=body, headers=headers) as answer:
            return answer.status, await answer.text()

    def shown(self) -> list[str]:
        """What somebody alone could see, by way of a response_url."""
        every = (m for c in self.story.sandbox.channels() for m in c.messages)
        return [m.text for m in every if m.is_ephemeral]

    async def state(self) -> dict[int, tuple[int, int]]:
        """Of each challenge its version and how many entries it has; and the chain is whole."""
        async with self.story.bot.files.shelf() as shelf:
            links = [link async for page in shelf.chain_pages() for link in page]
            assert first_break(links, await shelf.head()) is None
            found = {}
            for each in sorted({link.challenge_id for link in links}):
                challenge = await shelf.challenge_by_id(each)
                assert challenge is not None
                entries = await shelf.chronology(each)
                assert [e.number for e in entries] == list(range(1, len(entries) + 1))
                found[each] = challenge.version, len([e for e in entries if _changes(e)])
        return found


def _changes(recorded: Any) -> bool:
    """Whether the entry tells of a change of the challenge, and not of words or comings."""
    return recorded.entry.kind not in {
        Happened.SAID, Happened.EDITED, Happened.DELETED, Happened.SHARED, Happened.REACTED,
        Happened.UNREACTED, Happened.JOINED, Happened.LEFT,
    }  # fmt: skip


def _posted(kind: str, payload: Payload) -> tuple[bytes, str]:
    if kind == "event":
        return json.dumps(payload).encode(), "application/json"
    form = "application/x-www-form-urlencoded"
    if kind == "command":
        plain = {k: str(v) for k, v in payload.items() if v is not None}
        return urlencode(plain, errors="replace").encode(), form
    return urlencode({"payload": json.dumps(payload)}).encode(), form


def _common(house: House, kind: str, who: str) -> Payload:
    world = house.story.sandbox.world
    return {
        "type": kind,
        "team": {"id": "T0SANDBOX", "domain": "sandbox"},
        "user": {"id": who, "username": "asha", "team_id": "T0SANDBOX"},
        "api_app_id": "A0SANDBOX",
        "token": "verification",
        "trigger_id": world.issue_trigger(who),
        "is_enterprise_install": False,
        "enterprise": None,
    }


def _event(house: House, word: str, who: str) -> Payload:
    now = f"{time.time():.6f}"
    event: Payload = {"type": word, "user": who, "event_ts": now}
    if word == "message":
        version = {"type": "message", "user": who, "ts": now, "text": f"{CANARY} says"}
        kept: Payload = {"subtype": "message_changed"}
        kept |= {"message": version | {"edited": {"user": who, "ts": now}}}
        kept |= {"previous_message": version | {"text": f"{CANARY} before"}}
        files = [{"id": "F1", "name": f"{CANARY}.pdf", "mimetype": "application/pdf"}]
        event |= {"channel": house.channel, "ts": now, "text": f"{CANARY} wrote", "files": files}
        event |= {"thread_ts": house.reminder, "channel_type": "group"}
        event |= [{}, kept, kept | {"subtype": "message_deleted", "deleted_ts": now}][
            next(house.number) % 3
        ]
    elif word.startswith("reaction"):
        item = {"type": "message", "channel": house.channel, "ts": house.reminder}
        event |= {"reaction": "sos", "item": item, "item_user": BEN}
    elif word == "app_home_opened":
        event |= {"tab": "home", "channel": "D1", "view": {"id": "V1", "type": "home"}}
    else:
        event |= {"channel": house.channel, "channel_type": "G", "team": "T0SANDBOX"}
    return {
        "type": "event_callback",
        "event_id": f"Ev{next(house.number)}",
        "event_time": int(time.time()),
        "team_id": "T0SANDBOX",
        "api_app_id": "A0SANDBOX",
        "authorizations": [{"team_id": "T0SANDBOX", "user_id": "U0SANDBOXBOT", "is_bot": True}],
        "event": event,
    }


def _action(house: House, word: str, who: str) -> Payload:
    world = house.story.sandbox.world
    action: Payload = {"type": "button", "action_id": word, "block_id": "b1"}
    action |= {"value": str(house.challenge)}
    action |= {"text": {"type": "plain_text", "text": CANARY}, "action_ts": "1.1"}
    about: Payload = {"channel": {"id": house.channel, "name": "privategroup"}}
    about |= {"message": {"ts": house.reminder, "text": CANARY, "user": "U0SANDBOXBOT"}}
    about |= {"container": {"type": "message", "message_ts": house.reminder}}
    about |= {"response_url": world.issue_response_url(who, house.channel, house.reminder)}
    if word == "raising.danger":
        about = {"container": {"type": "view", "view_id": "V1"}, "view": _view(house, word)}
    return _common(house, "block_actions", who) | about | {"actions": [action]}


def _submission(house: House, word: str, who: str) -> Payload:
    return _common(house, "view_submission", who) | {"view": _view(house, word)}


def _view(house: House, word: str) -> Payload:
    def typed(text: str) -> Payload:
        return {"answer": {"type": "plain_text_input", "value": text}}

    def chosen(value: str) -> Payload:
        option = {"text": {"type": "plain_text", "text": "One"}, "value": value}
        return {"answer": {"type": "static_select", "selected_option": option}}

    day = {"answer": {"type": "datepicker", "selected_date": "2026-03-06"}}
    someone = {"answer": {"type": "users_select", "selected_user": BEN}}
    words = ("done", "reference", "decision", "why", "meanwhile", "ask", "because", "line", "how")
    written = (*words, "what.1", "opinion", "reasons")
    values = {name: typed(f"{CANARY} {name}") for name in written}
    values |= {"danger": chosen("no"), "subject": chosen("CHILD"), "area": chosen("REFERRAL")}
    values |= {"outcome": chosen("EXPLAINED"), "challenged": someone, "who.1": someone}
    values |= {"due": day, "by.1": day}
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": CANARY}}]
    for name in values:
        label = {"type": "plain_text", "text": name}
        element = {"type": "plain_text_input", "action_id": "answer"}
        blocks.append({"type": "input", "block_id": name, "label": label, "element": element})
    carries = str(house.challenge)
    if word.startswith("raising."):
        carries = "a-draft"
    if word in {"settlement.proposed", "settlement.action", "scrutiny.given", "scrutiny.action"}:
        carries = f"{house.challenge}:a-draft-of-it"
    return {
        "id": f"V{next(house.number)}",
        "hash": "1.abc",
        "type": "modal",
        "callback_id": word,
        "private_metadata": carries,
        "title": {"type": "plain_text", "text": "Title"},
        "submit": {"type": "plain_text", "text": "Next"},
        "close": {"type": "plain_text", "text": "Close"},
        "state": {"values": values},
        "blocks": blocks,
    }


def _command(house: House, word: str, who: str) -> Payload:
    world = house.story.sandbox.world
    return {
        "command": word,
        "text": ["", "list", f"show {CANARY}", "help"][next(house.number) % 4],
        "user_id": who,
        "user_name": "asha",
        "channel_id": house.channel,
        "team_id": "T0SANDBOX",
        "api_app_id": "A0SANDBOX",
        "trigger_id": world.issue_trigger(who),
        "response_url": world.issue_response_url(who, house.channel),
    }


def _shortcut(house: House, word: str, who: str) -> Payload:
    return _common(house, "shortcut", who) | {"callback_id": word, "action_ts": "1.1"}


MAKERS: dict[str, Callable[[House, str, str], Payload]] = {
    "event": _event,
    "action": _action,
    "view_submission": _submission,
    "command": _command,
    "shortcut": _shortcut,
}
# What Bolt goes by to find the listener; without it there is nobody to be fed.
KEPT: dict[str, set[Way]] = {
    "event": {("type",), ("event",), ("event", "type")},
    "action": {("type",), ("actions",), ("actions", 0), ("actions", 0, "action_id"),
               ("actions", 0, "type")},
    "view_submission": {("type",), ("view",), ("view", "callback_id"), ("view", "type")},
    "command": {("command",)},
    "shortcut": {("type",), ("callback_id",)},
}  # fmt: skip


# What is done to them

DEEP: Any = CANARY
for _ in range(40):
    DEEP = {"more": [DEEP]}

HOSTILE = st.sampled_from(
    [
        None, True, False, 0, -1, 1, 2, 1.5, 10**30, -(10**30), [], {}, [None], [[]], [{}],
        {"id": None}, {"": ""}, {"id": {"id": [CANARY]}}, DEEP, "", " ", "0", "-1", "1", "2",
        "999999999999999", "9" * 400, "1e400", "nan", "inf", "1970-01-01", "9999-12-31",
        "0001-01-01",
        "2026-02-30", ASHA, BEN, LENA, "USLACKBOT", f"<!channel> <@{BEN}> *{CANARY}* `x` <https://x.example|y>",
        f"{CANARY}\x00{CANARY}", f"\ud800{CANARY}", f"{CANARY}\udfff", f"\u202e{CANARY}\u202c",
        f"\x01\x1b[31m{CANARY}\x7f\r\n", "\ufeff\u200b\u2060", f"'; DROP TABLE entry; -- {CANARY}",
        "{0.__class__} %s %n ${x}", f"{CANARY} " * 7_000, "🧒" * 5_000, "a-draft",
        "1:a-draft-of-it", "2:x", ":", "::::", "YES", "yes", "CHILD", "event", "modal",
        "nobody knows this option",
    ]
) | st.text(max_size=40)  # fmt: skip
TAKEN_OUT = object()
CHANGES = st.lists(
    st.tuples(st.integers(0, 10_000), st.one_of(st.just(TAKEN_OUT), HOSTILE, HOSTILE)),
    min_size=0,
    max_size=4,
)
PEOPLE = st.sampled_from([ASHA, BEN, ELIF, LENA, "U0NOBODY"])


def spoil(payload: Payload, kind: str, changes: list[tuple[int, Any]]) -> Payload:
    spoilt = copy.deepcopy(payload)
    for number, value in changes:
        ways = [way for way in _ways(spoilt) if way not in KEPT[kind]]
        if ways:
            _put(spoilt, ways[number % len(ways)], value)
    return spoilt


def _ways(value: Any, so_far: Way = ()) -> list[Way]:
    """Every place in the payload, as the keys that lead there."""
    if len(so_far) > 8:
        return []
    pairs: Any = ()
    if isinstance(value, dict):
        pairs = value.items()
    elif isinstance(value, list):
        pairs = enumerate(value)
    return [w for key, part in pairs for w in ((*so_far, key), *_ways(part, (*so_far, key)))]


def _put(payload: Any, way: Way, value: Any) -> None:
    for key in way[:-1]:
        payload = payload[key]
    if value is not TAKEN_OUT:
        payload[way[-1]] = copy.deepcopy(value)
    elif isinstance(payload, list):
        payload.pop(way[-1])
    else:
        del payload[way[-1]]


# The feeding


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[House]:
    folder: Path = tmp_path_factory.mktemp("hostile")
    ours = logging.getLogger().handlers[:]
    logs.set_up("DEBUG", "console")
    url = await with_tables(request.param, folder)
    async with told_in(folder, url, "http") as story:
        first = await story.raises()
        other = await story.raises(by=LENA, to=BEN)
        channel = story.channel(first)
        reminder = story.card(first).ts
        async with aiohttp.ClientSession() as http:
            yield House(
                story,
                http,
                story.sandbox._http.url or "",
                (await story.challenge(first)).id,
                (await story.challenge(other)).id,
                channel.id,
                reminder,
            )
    logging.getLogger().handlers[:] = ours


def fed_with(examples: int) -> Any:
    """Each listener, fed so many times, by somebody, with parts of the payload spoilt."""

    def so_often(test: Any) -> Any:
        test = given(who=PEOPLE, changes=CHANGES)(test)
        test = fed(
            max_examples=examples,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        )(test)
        test = pytest.mark.asyncio(loop_scope="module")(test)
        return pytest.mark.parametrize(("kind", "word"), listeners(), ids=lambda each: each)(test)

    return so_often


@pytest.mark.parametrize("house", ["sqlite"], indirect=True)
@fed_with(EXAMPLES)
async def test_whatever_a_listener_is_fed_it_refuses_or_apologises_and_changes_nothing_by_half(
    house: House,
    kind: str,
    word: str,
    who: str,
    changes: list[tuple[int, Any]],
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
):
    await feed(house, kind, spoil(house.payload(kind, word, who), kind, changes), caplog, capfd)


# What a listener makes of a payload is no matter of the database; that a change is whole, is.
@pytest.mark.postgres
@pytest.mark.parametrize("house", ["postgres"], indirect=True)
@fed_with(FEWER)
async def test_on_postgresql_too_nothing_changes_by_half(
    house: House,
    kind: str,
    word: str,
    who: str,
    changes: list[tuple[int, Any]],
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
):
    await feed(house, kind, spoil(house.payload(kind, word, who), kind, changes), caplog, capfd)


async def feed(
    house: House,
    kind: str,
    payload: Payload,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    before = house.stands or await house.state()
    calls = len(house.story.sandbox.wire)
    shown = len(house.shown())
    caplog.clear()

    status, answer = await house.send(kind, payload)

    surprises = [r.exc_info[1] for r in caplog.records if r.exc_info and r.exc_info[1]]
    references = [r.reference for r in caplog.records if hasattr(r, "reference")]
    calls_made = [record.payload for record in house.story.sandbox.wire[calls:]]
    said = json.dumps([answer, calls_made, house.shown()[shown:]])
    for one in surprises:
        note(f"{type(one).__name__} at {_where(one)}")
    note(f"{status} {answer[:300]}")
    assert status in {200, 400, 404, 413}, status
    assert "Traceback" not in said
    assert 'File "' not in said
    if kind != "event":
        told = "not told" in caplog.messages or all(each in said for each in references)
        assert told, "somebody was left without an answer"
    house.stands = await house.state()
    _assert_whole(before, house.stands)
    printed = capfd.readouterr()
    assert CANARY not in printed.out + printed.err


def _where(problem: BaseException) -> str:
    return " < ".join(
        f"{f.filename.rsplit('/', 1)[-1]}:{f.lineno}"
        for f in reversed(traceback.extract_tb(problem.__traceback__))
        if "/site-packages/" not in f.filename
    )


def _assert_whole(before: dict[int, tuple[int, int]], after: dict[int, tuple[int, int]]) -> None:
    """As many steps of the version as of the chronology: a change is whole, or not there."""
    for challenge, (version, entries) in before.items():
        later, more = after[challenge]
        assert later - version == more - entries
