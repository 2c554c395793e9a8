"""Socket Mode: a socket that dies in silence is replaced, and a wrong token is said to be wrong."""

import asyncio
import time

import pytest
from pydantic import SecretStr

from bot.socket_mode import SlackRefused, Socket, preflight
from bot.wiring import Bot, CannotStart, MovableClock, build
from sandbox import Sandbox
from tests.bot.conftest import settings_for
from tests.bot.waiting import eventually


@pytest.fixture
async def socket(bot: Bot, sandbox: Sandbox):
    opened = Socket(bot.app, "xapp-sandbox", ping_seconds=0.1, patience=1.0)
    await opened.start()
    await sandbox.connected()
    yield opened
    await opened.stop()


async def test_slack_reaches_the_bot(sandbox, socket):
    delivery = await sandbox.person("URAISER").command("/challenge")

    assert delivery.acked
    assert sandbox.person("URAISER").view is not None


@pytest.mark.parametrize(
    ("bot_token", "app_token", "setting"),
    [
        ("xoxb-another", "xapp-sandbox", "SLACK_BOT_TOKEN"),
        ("xoxb-sandbox", "xapp-another", "SLACK_APP_TOKEN"),
    ],
)
async def test_a_wrong_token_is_named_at_once(bot, bot_token, app_token, setting):
    bot.client.token = bot_token

    with pytest.raises(SlackRefused, match=setting):
        await preflight(bot.client, app_token)


async def test_socket_mode_without_its_token_says_which_is_missing(sandbox, database_url):
    bot = build(settings_for(sandbox, database_url, slack_app_token=None), clock=MovableClock())

    with pytest.raises(CannotStart, match="SLACK_APP_TOKEN"):
        await bot.open_socket()


async def test_a_socket_that_slack_closes_is_opened_again(sandbox, socket):
    before = list(sandbox.world.sockets.links)

    await sandbox.disconnect_sockets()
    await eventually(lambda: _another(sandbox, before))

    # The SDK may open a second one at once, so a word between the two is lost.
    await eventually(lambda: _answers(sandbox))


async def _answers(sandbox: Sandbox) -> bool:
    return bool((await sandbox.person("URAISER").command("/challenge")).acked)


def _another(sandbox: Sandbox, before: list[object]) -> bool:
    links = sandbox.world.sockets.links
    return bool(set(links) - set(before)) and not set(links) & set(before)


async def test_a_socket_that_is_cut_is_opened_again(sandbox, socket):
    before = list(sandbox.world.sockets.links)

    sandbox.drop_sockets()
    await eventually(lambda: _another(sandbox, before))

    assert (await sandbox.person("URAISER").command("/challenge")).acked


async def test_a_socket_that_falls_silent_without_closing_is_replaced(sandbox, socket):
    dead = socket._handler
    # The SDK's own tasks end, as after its restart race: the socket stays open, nobody reads it.
    dead.client.current_session_monitor.cancel()
    dead.client.message_receiver.cancel()

    await eventually(lambda: not socket.is_well or socket._handler is not dead)
    await eventually(lambda: socket.is_well and socket._handler is not dead)

    assert (await sandbox.person("URAISER").command("/challenge")).acked


async def test_a_ticket_that_fails_for_ever_is_thrown_away(sandbox, socket):
    dead = socket._handler
    client = dead.client
    dead.client.current_session_monitor.cancel()
    dead.client.message_receiver.cancel()

    async def the_same_ticket() -> str:
        return str(client.wss_uri)

    client.issue_new_wss_url = the_same_ticket
    trying = asyncio.create_task(client.connect_to_new_endpoint(force=True))
    await eventually(lambda: socket._handler is not dead, within=20)
    await eventually(lambda: socket.is_well)
    trying.cancel()
    await asyncio.gather(trying, return_exceptions=True)
    sandbox.complaints.clear()  # a used ticket is what this is about

    assert (await sandbox.person("URAISER").command("/challenge")).acked


async def test_while_slack_gives_no_ticket_the_socket_goes_on_trying(bot, sandbox):
    sandbox.faults.add("apps.connections.open", "error", times=3)
    opened = Socket(bot.app, "xapp-sandbox", ping_seconds=0.1, patience=1.0)

    await opened.start()
    await sandbox.connected(timeout=10)

    await opened.stop()


async def test_stopping_is_quick_even_when_slack_is_gone(bot, sandbox):
    sandbox.faults.add("apps.connections.open", "error", times=None)
    opened = Socket(bot.app, "xapp-sandbox", ping_seconds=0.1, patience=0.3)
    await opened.start()

    began = time.monotonic()
    await opened.stop()

    assert time.monotonic() - began < 2


async def test_the_whole_bot_runs_until_it_is_told_to_stop(sandbox, database_url):
    bot = build(settings_for(sandbox, database_url), clock=MovableClock())
    running = asyncio.create_task(bot.run_socket())
    await sandbox.connected()

    bot.told_to_stop.set()
    await running

    await eventually(lambda: not sandbox.world.sockets.links)


async def test_told_to_stop_while_slack_keeps_it_waiting_it_waits_no_longer(sandbox, database_url):
    called = asyncio.Event()

    async def silent(heard: asyncio.StreamReader, answers: asyncio.StreamWriter) -> None:
        called.set()
        await heard.read()  # until the bot hangs up
        answers.close()

    async with await asyncio.start_server(silent, "127.0.0.1") as slack:
        port = slack.sockets[0].getsockname()[1]
        settings = settings_for(sandbox, database_url, slack_api_url=f"http://127.0.0.1:{port}/")
        bot = build(settings, clock=MovableClock())
        running = asyncio.create_task(bot.run_socket())
        await called.wait()

        began = time.monotonic()
        bot.told_to_stop.set()
        await running

    assert time.monotonic() - began < 2


async def test_a_bot_whose_token_is_refused_stops_with_a_sentence(sandbox, database_url):
    settings = settings_for(sandbox, database_url, slack_app_token=SecretStr("xapp-another"))

    with pytest.raises(SlackRefused, match="SLACK_APP_TOKEN"):
        await build(settings, clock=MovableClock()).run_socket()
