"""HTTP mode: what is not Slack's is turned away, briefly and without a word of what it said."""

import asyncio
import hashlib
import hmac
import io
import json
import random
import time
from collections.abc import AsyncIterator
from urllib.parse import urlencode

import aiohttp
import pytest
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

from bot.metrics import Metrics
from bot.server import MOST_BYTES, Guard, Server
from bot.wiring import Bot
from challenge import escalation, voice
from challenge.model import Heard
from challenge.refusals import NothingHere
from sandbox import Sandbox
from tests.bot.conftest import SECRET, raised
from tests.makers import U_CHALLENGED, U_RAISER

JSON_TYPE = {"Content-Type": "application/json"}
FORM_TYPE = {"Content-Type": "application/x-www-form-urlencoded"}
CANARY = "Maja-was-seen-on-Tuesday"
EVENT = {
    "type": "event_callback",
    "event_id": "Ev01",
    "team_id": "T0SANDBOX",
    "api_app_id": "A0SANDBOX",
    "event": {"type": "message", "channel": "C1", "user": "U1", "text": CANARY, "ts": "1.1"},
    "authorizations": [{"team_id": "T0SANDBOX", "user_id": "U0SANDBOXBOT", "is_bot": True}],
}
NO_SIGNATURE = "v0=" + "0" * 64


def signed(body: bytes, at: float | None = None, secret: str = SECRET) -> dict[str, str]:
    timestamp = str(int(time.time() if at is None else at))
    base = b"v0:" + timestamp.encode() + b":" + body
    signature = "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": signature}


@pytest.fixture
async def address(bot: Bot) -> str:
    return f"http://127.0.0.1:{await bot.listen('127.0.0.1', 0)}"


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


async def post(http, address, body: bytes, headers: dict[str, str]) -> int:
    data = io.BytesIO(body)
    async with http.post(f"{address}/slack/events", data=data, headers=headers) as answer:
        assert await answer.text() == "" or answer.status in (200, 404)
        return int(answer.status)


def event(**changes: object) -> bytes:
    return json.dumps({**EVENT, **changes}).encode()


# What is turned away

BODY = event()
DEEP = b'{"event": ' + b"[" * 100 + b"]" * 100 + b"}"
VERY_DEEP = b'{"event": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"
NOW = "now"

WRONG_HEADERS = {
    "nothing at all": {},
    "no signature": {"X-Slack-Request-Timestamp": NOW},
    "no timestamp": {"X-Slack-Signature": NO_SIGNATURE},
    "an empty signature": {"X-Slack-Request-Timestamp": NOW, "X-Slack-Signature": ""},
    "a wrong signature": {"X-Slack-Request-Timestamp": NOW, "X-Slack-Signature": NO_SIGNATURE},
    "an old version": {
        "X-Slack-Request-Timestamp": NOW,
        "X-Slack-Signature": NO_SIGNATURE.replace("v0", "v1"),
    },
    "a short signature": {"X-Slack-Request-Timestamp": NOW, "X-Slack-Signature": "v0=abc"},
    "capitals": {"X-Slack-Request-Timestamp": NOW, "X-Slack-Signature": "v0=" + "A" * 64},
    "not ASCII": {"X-Slack-Request-Timestamp": NOW, "X-Slack-Signature": "v0=" + "é" * 64},
    "digits that are not ASCII": {
        "X-Slack-Request-Timestamp": "١٧٠٠٠٠٠٠٠٠",
        "X-Slack-Signature": NO_SIGNATURE,
    },
    "a word for a time": {
        "X-Slack-Request-Timestamp": "yesterday",
        "X-Slack-Signature": NO_SIGNATURE,
    },
    "an empty time": {"X-Slack-Request-Timestamp": "", "X-Slack-Signature": NO_SIGNATURE},
    "a negative time": {
        "X-Slack-Request-Timestamp": "-1700000000",
        "X-Slack-Signature": NO_SIGNATURE,
    },
    "a fraction": {
        "X-Slack-Request-Timestamp": "1700000000.5",
        "X-Slack-Signature": NO_SIGNATURE,
    },
    "a huge number": {"X-Slack-Request-Timestamp": "9" * 400, "X-Slack-Signature": NO_SIGNATURE},
    "an exponent": {"X-Slack-Request-Timestamp": "1e99999999", "X-Slack-Signature": NO_SIGNATURE},
}


@pytest.mark.parametrize("headers", WRONG_HEADERS.values(), ids=WRONG_HEADERS.keys())
async def test_headers_that_slack_does_not_send_get_401(http, address, headers):
    given = {k: str(int(time.time())) if v is NOW else v for k, v in headers.items()}

    assert await post(http, address, BODY, given | JSON_TYPE) == 401


WRONG_BODIES = {
    "not JSON": b"not JSON",
    "nothing": b"",
    "a list": b"[]",
    "a number": b"7",
    "null": b"null",
    "half of it": BODY[: len(BODY) // 2],
    "deep": DEEP,
    "very deep": VERY_DEEP,
    "not UTF-8": b'{"event": "\xff\xfe"}',
    "a word for an event": b'{"type": "event_callback", "event": "word"}',
    "a list for an event": b'{"type": "event_callback", "event": []}',
    "a number for authorizations": b'{"type": "event_callback", "authorizations": 7}',
    "an unbalanced one": b'{"event": ]]]]}',
}


@pytest.mark.parametrize("body", WRONG_BODIES.values(), ids=WRONG_BODIES.keys())
async def test_a_body_that_cannot_be_slacks_gets_400_even_when_signed(http, address, body):
    assert await post(http, address, body, signed(body) | JSON_TYPE) == 400


@pytest.mark.parametrize("payload", ["rubbish", "[]", "7", "{" * 100, '{"view": 7}'])
async def test_a_form_whose_payload_is_rubbish_gets_400_even_when_signed(http, address, payload):
    body = urlencode({"payload": payload}).encode()

    assert await post(http, address, body, signed(body) | FORM_TYPE) == 400


async def test_too_large_a_body_gets_413_before_it_is_read(http, address):
    body = b" " * (MOST_BYTES + 1)

    assert await post(http, address, body, signed(body) | JSON_TYPE) == 413


async def test_too_large_a_body_that_hides_its_length_gets_413(http, address):
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(40):
            yield b" " * 65536

    headers = signed(b"") | JSON_TYPE
    async with http.post(f"{address}/slack/events", data=pieces(), headers=headers) as answer:
        assert answer.status == 413


@pytest.mark.parametrize(("skew", "status"), [(0, 200), (-290, 200), (290, 200)])
async def test_a_clock_a_little_off_is_allowed(http, address, skew, status):
    assert await post(http, address, BODY, signed(BODY, time.time() + skew) | JSON_TYPE) == status


@pytest.mark.parametrize("skew", [-310, 310, -86400, 86400])
async def test_a_request_of_the_past_or_the_future_gets_401(http, address, skew):
    assert await post(http, address, BODY, signed(BODY, time.time() + skew) | JSON_TYPE) == 401


async def test_another_apps_secret_gets_401(http, address):
    assert await post(http, address, BODY, signed(BODY, secret="another") | JSON_TYPE) == 401


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "HEAD"])
async def test_only_posts_are_taken(http, address, method):
    async with http.request(method, f"{address}/slack/events") as answer:
        assert answer.status == 405


async def test_other_paths_are_not_there(http, address):
    async with http.post(f"{address}/", data=b"") as answer:
        assert answer.status == 404


async def test_what_is_turned_away_leaves_nothing_of_it_in_the_logs(http, address, caplog, capsys):
    await post(http, address, BODY, signed(BODY, secret="another") | JSON_TYPE)
    await post(http, address, BODY[:-20], signed(BODY[:-20]) | JSON_TYPE)

    assert CANARY not in caplog.text + "".join(capsys.readouterr())


async def test_ten_thousand_bent_requests_never_meet_an_error_of_ours(http, address):
    dice = random.Random(7)
    seen: set[int] = set()
    for _ in range(10):
        bent = [_bent(dice) for _ in range(100)]
        seen |= set(
            await asyncio.gather(
                *(
                    post(http, address, b, signed(b) | dice.choice((JSON_TYPE, FORM_TYPE)))
                    for b in bent
                )
            )
        )
    assert seen <= {200, 400, 404}


def _bent(dice: random.Random) -> bytes:
    """The event with a part replaced, left out or damaged; signed, so that Bolt sees it too."""
    body = json.loads(event(event_id=f"Ev{dice.random()}"))
    where = dice.choice([body, body["event"], body["authorizations"][0]])
    key = dice.choice(list(where))
    where[key] = dice.choice([None, 7, "", "x" * 5000, [], {}, {"a": [{}]}, True, -1.5, "\x00"])
    raw = json.dumps(body).encode()
    if dice.random() < 0.3:
        at = dice.randrange(len(raw))
        raw = raw[:at] + bytes([dice.randrange(256)]) + raw[at + 1 :]
    if dice.random() < 0.3:
        raw = urlencode({"payload": raw.decode(errors="replace")}).encode()
    return raw


# What is let in


async def test_the_address_is_verified(http, address):
    body = json.dumps({"type": "url_verification", "challenge": "abc", "token": "t"}).encode()

    headers = signed(body) | JSON_TYPE
    async with http.post(f"{address}/slack/events", data=body, headers=headers) as answer:
        assert "abc" in await answer.text()


async def test_slack_reaches_the_bot_through_the_guard(bot, sandbox, address):
    sandbox.deliver_to(f"{address}/slack/events")

    delivery = await sandbox.person("URAISER").command("/challenge")

    assert delivery.acked
    assert sandbox.person("URAISER").view is not None


async def test_the_same_bytes_again_are_answered_and_not_acted_on(http):
    acted: list[object] = []
    app = AsyncApp(
        client=AsyncWebClient(token="xoxb-x"),
        signing_secret=SECRET,
        process_before_response=True,
        authorize=_authorized,
    )

    @app.event("message")
    async def heard(body: dict[str, object]) -> None:
        acted.append(body["event_id"])

    server = Server(app, Guard(SECRET, time.time), {}, Metrics(), _nothing)
    port = await server.start("127.0.0.1", 0)
    headers = signed(BODY) | JSON_TYPE

    answers = [await post(http, f"http://127.0.0.1:{port}", BODY, headers) for _ in range(20)]
    await server.stop()

    assert answers == [200] * 20
    assert acted == ["Ev01"]


async def _authorized(**_: object) -> AuthorizeResult:
    return AuthorizeResult(enterprise_id=None, team_id="T0SANDBOX", bot_token="xoxb-x")


async def _nothing() -> bytes:
    return b""


async def test_what_failed_is_taken_again(http):
    """Slack's first repetition comes at once, with the same bytes in the same second."""
    tries: list[int] = []
    app = AsyncApp(
        client=AsyncWebClient(token="xoxb-x"),
        signing_secret=SECRET,
        process_before_response=True,
        authorize=_authorized,
    )

    @app.event("message")
    async def heard() -> None:
        tries.append(1)
        if len(tries) == 1:
            raise RuntimeError

    server = Server(app, Guard(SECRET, time.time), {}, Metrics(), _nothing)
    port = await server.start("127.0.0.1", 0)
    headers = signed(BODY) | JSON_TYPE
    first = await http.post(f"http://127.0.0.1:{port}/slack/events", data=BODY, headers=headers)
    again = await post(http, f"http://127.0.0.1:{port}", BODY, headers)
    await server.stop()

    assert (first.status, again) == (500, 200)
    assert len(tries) == 2


async def test_what_is_under_way_is_answered_before_the_server_stops(http):
    entered, leave = asyncio.Event(), asyncio.Event()
    app = AsyncApp(
        client=AsyncWebClient(token="xoxb-x"),
        signing_secret=SECRET,
        process_before_response=True,
        authorize=_authorized,
    )

    @app.event("message")
    async def heard() -> None:
        entered.set()
        await leave.wait()

    server = Server(app, Guard(SECRET, time.time), {}, Metrics(), _nothing)
    port = await server.start("127.0.0.1", 0)
    answer = asyncio.create_task(
        post(http, f"http://127.0.0.1:{port}", BODY, signed(BODY) | JSON_TYPE)
    )
    await entered.wait()
    stopping = asyncio.create_task(server.stop())
    await asyncio.sleep(0)
    leave.set()

    assert await answer == 200
    await stopping


# Health and metrics


async def test_a_bot_that_is_well_says_so(http, address):
    async with http.get(f"{address}/health/live") as live:
        assert live.status == 200
    async with http.get(f"{address}/health/ready") as ready:
        assert ready.status == 200
        assert (await ready.json())["checks"] == dict.fromkeys(
            ("database", "alarm", "deadlines", "courier", "slack"), True
        )


async def test_an_alarm_that_is_silent_turns_it_red(bot, http, address):
    bot.alarm._last_rang -= 60

    async with http.get(f"{address}/health/ready") as ready:
        assert ready.status == 503
        assert (await ready.json())["checks"]["alarm"] is False


async def test_a_refused_token_turns_it_red(bot, http, address):
    bot.courier.stuck_on = "invalid_auth"

    async with http.get(f"{address}/health/ready") as ready:
        assert ready.status == 503
        assert (await ready.json())["checks"]["slack"] is False


async def test_the_metrics_count_and_hold_no_reference(bot: Bot, http, address, sandbox: Sandbox):
    challenge = await raised(bot)
    with pytest.raises(NothingHere):
        await bot.casework.carry_out(escalation.accept, 999, by=U_RAISER)
    await post(http, address, BODY, {} | JSON_TYPE)
    for heard in (Heard.NOT_SAFE, Heard.NOT_KNOWN, Heard.NOT_SAFE):
        await bot.casework.carry_out(voice.add, challenge.id, by=U_CHALLENGED, answer=heard)

    async with http.get(f"{address}/metrics") as answer:
        printed = await answer.text()

    assert "challenge_open 1.0" in printed
    assert 'challenge_refusals_total{kind="NothingHere"} 1.0' in printed
    assert 'challenge_requests_turned_away_total{why="timestamp missing"} 1.0' in printed
    for name, times in (("said", 0), ("not_known", 1), ("not_safe", 2)):
        assert f'challenge_voice_answers_total{{answer="{name}"}} {times}.0' in printed
    assert challenge.reference not in printed
