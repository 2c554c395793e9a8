"""That Slack cannot be reached is said once, and so is that it is back."""

import asyncio
from contextlib import suppress

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from structlog.testing import capture_logs

from bot.reach import Reach

AWAY = "http://127.0.0.1:1/api/"


@pytest.fixture
async def called(sandbox):
    """Calls Slack at an address, through a session that a Reach listens to."""
    async with aiohttp.ClientSession(trace_configs=[Reach().listener()]) as session:

        async def call(address: str = sandbox.api_url) -> None:
            client = AsyncWebClient(
                token="xoxb-sandbox", base_url=address, session=session, retry_handlers=[]
            )
            with suppress(aiohttp.ClientError, SlackApiError):
                await client.auth_test()

        yield call


async def test_each_change_is_said_once(called):
    with capture_logs() as said:
        for address in (AWAY, AWAY):
            await called(address)
        await called()
        await called()
        await called(AWAY)

    lost, back = "Slack cannot be reached; trying again", "Slack is back"
    assert [line["event"] for line in said] == [lost, back, lost]
    assert said[0]["why"] == "ClientConnectorError"


async def test_a_slack_that_answers_with_its_own_trouble_is_away_too(called, sandbox):
    sandbox.faults.add("auth.test", "error", status=503, times=2)

    with capture_logs() as said:
        for _ in range(3):
            await called()

    assert [line["event"] for line in said] == [
        "Slack cannot be reached; trying again",
        "Slack is back",
    ]


async def test_a_refusal_is_an_answer_and_a_call_that_we_give_up_is_none(called, sandbox):
    sandbox.faults.add("auth.test", "answer", error="invalid_auth")
    sandbox.faults.add("auth.test", "slow", seconds=5, after=1)

    with capture_logs() as said:
        await called()
        given_up = asyncio.ensure_future(called())
        await asyncio.wait({given_up}, timeout=0.1)
        given_up.cancel()
        await asyncio.gather(given_up, return_exceptions=True)

    assert said == []
