"""The mishaps a test can order on the Web API, each as the SDK meets it."""

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError

from sandbox import Person, Sandbox
from tests.sandbox.slack import a_client


def texts(sandbox):
    return [m.text for m in sandbox.person("U0ASHA").direct_messages()]


async def post(client, text="hello"):
    return await client.chat_postMessage(channel="U0ASHA", text=text)


async def test_too_fast(sandbox, client):
    sandbox.faults.add("chat.postMessage", "ratelimited", retry_after=7)

    with pytest.raises(SlackApiError) as no:
        await post(client)
    await post(client)

    assert no.value.response.status_code == 429
    assert no.value.response.headers["Retry-After"] == "7"
    assert texts(sandbox) == ["hello"]


async def test_slack_is_down(sandbox, client):
    sandbox.faults.add("*", "error", status=503, times=2)

    for _ in range(2):
        with pytest.raises(SlackApiError) as no:
            await post(client)
        assert no.value.response.status_code == 503
    assert texts(sandbox) == []


async def test_the_line_drops_before_the_work_is_done(sandbox, client):
    sandbox.faults.add("chat.postMessage", "drop_before")

    with pytest.raises(aiohttp.ClientError):
        await post(client)

    assert texts(sandbox) == []


async def test_the_line_drops_after_the_work_is_done(sandbox, client):
    sandbox.faults.add("chat.postMessage", "drop_after")

    with pytest.raises(aiohttp.ClientError):
        await post(client)

    assert texts(sandbox) == ["hello"]


async def test_a_given_answer(sandbox, client):
    sandbox.faults.add("chat.postMessage", "answer", error="restricted_action")

    with pytest.raises(SlackApiError, match="restricted_action"):
        await post(client)


async def test_a_slow_answer(sandbox, client):
    sandbox.faults.add("chat.postMessage", "slow", seconds=0.05)

    await post(client)

    assert sandbox.calls("chat.postMessage")[0].seconds >= 0.05


async def test_a_mishap_waits_its_turn_and_minds_the_channel(sandbox, client):
    dm = sandbox.person("U0ASHA").dm
    sandbox.faults.add("chat.postMessage", "answer", error="is_archived", channel=dm, after=1)

    await post(client, "to the person, so not that channel")
    await client.chat_postMessage(channel=dm, text="the first is let through")
    with pytest.raises(SlackApiError, match="is_archived"):
        await client.chat_postMessage(channel=dm, text="the second is not")


async def test_chance_is_the_same_each_time():
    async def struck() -> list[bool]:
        sandbox = Sandbox([Person("U0ASHA", "Asha")], seed=4)
        sandbox.faults.add("*", "answer", times=None, probability=0.5)
        return [sandbox.faults.strike("auth.test") is not None for _ in range(20)]

    assert await struck() == await struck()
    assert 3 < sum(await struck()) < 17


async def test_clearing_puts_everything_right(sandbox, client):
    sandbox.faults.add("*", "error", times=None)
    sandbox.faults.clear()

    assert (await a_client(sandbox).auth_test())["ok"]


def test_a_mishap_nobody_knows_is_refused(sandbox):
    with pytest.raises(ValueError, match="no fault is called"):
        sandbox.faults.add("*", "earthquake")
