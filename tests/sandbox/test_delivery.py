"""Events are acked, tried again, repeated, held and lost, as on a bad day at Slack."""

import asyncio
import json
import time
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest

from sandbox.signed_http import signature
from tests.sandbox.slack import a_sandbox, an_app, by_http, by_socket, keeping

JOINED_BY = [by_socket, by_http]


@pytest.fixture
async def room(sandbox, client):
    made = await client.conversations_create(name="room", is_private=True)
    await client.conversations_invite(channel=made["channel"]["id"], users="U0ASHA")
    await asyncio.sleep(0)
    await sandbox.world.deliverer.close()
    return made["channel"]["id"]


def listening(sandbox, seen):
    app = an_app(sandbox)
    for kind in ("message", "reaction_added", "member_joined_channel", "member_left_channel"):
        app.event(kind)(keeping(seen))
    return app


def events(seen):
    return [body["event"] for body in seen]


@pytest.mark.parametrize("joined", JOINED_BY)
async def test_what_people_say_arrives_in_slacks_shape(sandbox, room, joined, seen):
    asha = sandbox.person("U0ASHA")

    async with joined(sandbox, listening(sandbox, seen)):
        ts = await asha.says(room, "Good morning")
        reply = await asha.says(room, "and more", thread_ts=ts)
        await asha.edits(room, ts, "Good evening")
        await asha.deletes(room, reply)
        await asha.uploads(room, "notes.pdf", size=123, text="See here")

    plain, threaded, changed, deleted, shared = events(seen)
    assert plain | {"text": "Good morning"} == plain
    assert plain["channel_type"] == "group"
    assert plain["event_ts"] == plain["ts"] == ts
    assert threaded["thread_ts"] == ts
    assert threaded["parent_user_id"] == "U0ASHA"
    assert changed["subtype"] == "message_changed"
    assert changed["hidden"] is True
    assert changed["message"]["text"] == "Good evening"
    assert changed["message"]["edited"]
    assert changed["previous_message"]["text"] == "Good morning"
    assert deleted["subtype"] == "message_deleted"
    assert deleted["deleted_ts"] == reply
    assert deleted["previous_message"]["text"] == "and more"
    assert shared["subtype"] == "file_share"
    assert shared["files"][0]["name"] == "notes.pdf"
    body = seen[0]
    assert body["type"] == "event_callback"
    assert body["event_id"].startswith("Ev")
    assert body["authorizations"][0]["user_id"] == sandbox.bot_user_id


async def test_the_bots_own_messages_come_back_to_it(sandbox, client, room, seen):
    async with by_socket(sandbox, listening(sandbox, seen)):
        await client.chat_postMessage(channel=room, text="mine")
        await sandbox.quiet()

    assert events(seen)[0]["bot_id"]
    assert events(seen)[0]["user"] == sandbox.bot_user_id


async def test_only_what_the_bot_subscribed_to_and_can_see_is_sent(sandbox, client, room, seen):
    asha = sandbox.person("U0ASHA")
    elsewhere = await asha.creates("elsewhere")

    async with by_socket(sandbox, listening(sandbox, seen)):
        ts = await asha.says(elsewhere.id, "private")
        assert asha.delivery.status == "not_sent"
        await asha.invites(elsewhere.id, sandbox.bot_user_id)
        await asha.reacts(elsewhere.id, ts, "eyes")
        await asha.removes(elsewhere.id, sandbox.bot_user_id)
        await asha.says(elsewhere.id, "private again")

    kinds = [e["type"] for e in events(seen)]
    assert kinds == [
        "member_joined_channel",
        "message",
        "reaction_added",
        "member_left_channel",
    ]
    assert events(seen)[0]["inviter"] == "U0ASHA"
    assert events(seen)[2]["item"]["ts"] == ts
    assert events(seen)[2]["item_user"] == "U0ASHA"


@pytest.mark.parametrize("joined", JOINED_BY)
async def test_an_event_that_fails_is_tried_three_times_more(sandbox, room, joined):
    tries: list[Any] = []
    app = an_app(sandbox)

    @app.event("message")
    async def listen(body, request):
        tries.append((body["event_id"], request.headers.get("x-slack-retry-num")))
        raise RuntimeError("the database is away")

    async with joined(sandbox, app):
        await sandbox.person("U0ASHA").says(room, "hello")
        outcome = sandbox.person("U0ASHA").delivery

    assert not outcome.acked
    assert outcome.attempts == 4
    assert len({event_id for event_id, _ in tries}) == 1
    assert [num[0] if num else "0" for _, num in tries] == ["0", "1", "2", "3"]


async def test_the_second_try_can_succeed(sandbox, room):
    tries: list[Any] = []
    app = an_app(sandbox)

    @app.event("message")
    async def listen(body):
        tries.append(body["event_id"])
        if len(tries) == 1:
            raise RuntimeError("once")

    async with by_http(sandbox, app):
        await sandbox.person("U0ASHA").says(room, "hello")

    assert sandbox.person("U0ASHA").delivery.attempts == 2


async def test_duplicates_carry_the_same_event_id(sandbox, room, seen):
    sandbox.faults.duplicate(copies=2)

    async with by_socket(sandbox, listening(sandbox, seen)):
        await sandbox.person("U0ASHA").says(room, "hello")
        await sandbox.quiet()

    assert len(seen) == 3
    assert len({body["event_id"] for body in seen}) == 1


async def test_events_can_come_newest_first(sandbox, room, seen):
    asha = sandbox.person("U0ASHA")
    sandbox.faults.reorder(hold=3)

    async with by_socket(sandbox, listening(sandbox, seen)):
        for text in "abc":
            await asha.says(room, text)
        await sandbox.quiet()

    assert [e["text"] for e in events(seen)] == ["c", "b", "a"]


async def test_a_lost_ack_brings_the_event_again(sandbox, room, seen):
    sandbox.faults.lose_acks(1)

    async with by_socket(sandbox, listening(sandbox, seen)):
        await sandbox.person("U0ASHA").says(room, "hello")

    assert len(seen) == 2
    assert seen[0]["event_id"] == seen[1]["event_id"]


async def test_silence_holds_everything_back_while_the_socket_stays_open(sandbox, room, seen):
    asha = sandbox.person("U0ASHA")
    sandbox.faults.silence()

    async with by_socket(sandbox, listening(sandbox, seen)):
        saying = asyncio.create_task(asha.says(room, "hello"))
        await asyncio.sleep(0.1)
        assert seen == []
        assert sandbox.state()["sockets"] == 1
        sandbox.faults.clear()
        await saying

    assert len(seen) == 1
    assert asha.delivery.attempts == 2


async def test_what_happens_while_no_socket_is_open_comes_later_as_a_retry(sandbox, room):
    tries: list[Any] = []
    app, asha = an_app(sandbox), sandbox.person("U0ASHA")

    @app.event("message")
    async def listen(request):
        tries.append(request.headers.get("x-slack-retry-num"))

    await asha.says(room, "is anyone there?")
    assert asha.delivery.status == "held"
    async with by_socket(sandbox, app):
        await sandbox.quiet()

    assert tries == [["1"]]


async def test_a_socket_that_drops_mid_event_has_it_sent_again_on_the_next(sandbox, room, seen):
    app = an_app(sandbox)

    @app.event("message")
    async def listen(body):
        seen.append(body["event_id"])

    sandbox.faults.add("delivery", "drop_socket", times=1)
    async with by_socket(sandbox, app):
        await sandbox.person("U0ASHA").says(room, "hello")
        await sandbox.connected()
        await sandbox.quiet()

    sent = [r for r in sandbox.calls("message") if r.direction == "to_bot"]
    assert [r.refused for r in sent if r.refused != "NobodyListens"] == ["LinkLost", None]
    assert set(seen) == {sent[0].payload["event_id"]}


async def test_slack_asks_for_a_new_socket_and_the_bot_makes_one(sandbox, room, seen):
    async with by_socket(sandbox, listening(sandbox, seen)):
        await sandbox.disconnect_sockets("warning")
        await sandbox.reconnected()
        await sandbox.person("U0ASHA").says(room, "after")

    assert events(seen)[-1]["text"] == "after"


async def test_with_several_sockets_any_of_them_carries_a_payload(sandbox, room, seen):
    asha = sandbox.person("U0ASHA")

    async with by_socket(sandbox, listening(sandbox, seen), sockets=2):
        for number in range(6):
            await asha.says(room, str(number))

    assert len(seen) == 6


@asynccontextmanager
async def raw_socket(sandbox):
    """A socket without the SDK, to see what really comes."""
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(await an_address(sandbox, session)) as ws,
    ):
        yield ws


async def an_address(sandbox, session):
    headers = {"Authorization": f"Bearer {sandbox.app_token}"}
    async with session.post(f"{sandbox.api_url}apps.connections.open", headers=headers) as answer:
        return (await answer.json())["url"]


async def test_a_ticket_is_good_once_and_the_socket_says_hello(sandbox):
    async with aiohttp.ClientSession() as session:
        url = await an_address(sandbox, session)
        async with session.ws_connect(url) as ws:
            hello = await ws.receive_json()
            with pytest.raises(aiohttp.WSServerHandshakeError):
                await session.ws_connect(url)

    assert hello["type"] == "hello"
    assert hello["num_connections"] == 1
    assert hello["connection_info"]["app_id"]
    assert hello["debug_info"]
    assert sandbox.complaints[-1].kind == "used_ticket"


async def test_an_envelope_not_acked_comes_again_and_a_late_ack_is_remarked_on(sandbox, room):
    asha = sandbox.person("U0ASHA")
    async with raw_socket(sandbox) as ws:
        await ws.receive_json()
        saying = asyncio.create_task(asha.says(room, "hello"))
        first = await ws.receive_json()
        again = await ws.receive_json()
        await ws.send_str(json.dumps({"envelope_id": again["envelope_id"]}))
        await saying

    assert first["type"] == "events_api"
    assert first["accepts_response_payload"] is False
    assert (first["retry_attempt"], again["retry_attempt"]) == (0, 1)
    assert first["envelope_id"] == again["envelope_id"]
    assert first["payload"]["event_id"] == again["payload"]["event_id"]
    assert {c.kind for c in sandbox.complaints} == {"late_ack"}


async def test_a_click_is_never_sent_twice(sandbox):
    async with raw_socket(sandbox) as ws:
        await ws.receive_json()
        outcome = await sandbox.person("U0ASHA").shortcut("begin")
        envelope = await ws.receive_json()
        with pytest.raises(TimeoutError):
            await ws.receive_json(timeout=0.05)

    assert outcome.status == "operation_timeout"
    assert envelope["type"] == "interactive"
    assert envelope["accepts_response_payload"] is True


async def test_the_address_is_verified_and_signatures_hold(sandbox):
    app = an_app(sandbox)

    async with by_http(sandbox, app) as url:
        assert await sandbox.verify_address()
        body = b'{"type":"event_callback"}'
        headers = {
            "X-Slack-Request-Timestamp": "1",
            "X-Slack-Signature": signature("wrong", "1", body),
        }
        async with aiohttp.ClientSession() as s, s.post(url, data=body, headers=headers) as no:
            assert no.status == 401


async def test_only_this_machine_is_listened_to():
    with pytest.raises(ValueError, match="only listens on this machine"):
        await a_sandbox().start(host="0.0.0.0")


async def test_the_workspace_can_be_set_ahead_of_the_wall(sandbox, room, seen):
    sandbox.set_ahead(86_400)

    async with by_http(sandbox, listening(sandbox, seen)):
        ts = await sandbox.person("U0ASHA").says(room, "tomorrow")

    assert float(ts) > time.time() + 86_000
    assert seen[0]["event_time"] == int(float(ts))
