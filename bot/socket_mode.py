"""Socket Mode, watched: a socket can die in silence, so one that falls quiet is replaced."""

import asyncio
import time
from collections.abc import Awaitable

import aiohttp
import structlog
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.web.async_client import AsyncWebClient
from typing_extensions import override

from bot.deeds import DOUBTFUL, asks_for_rest, code_of, status_of, word_for

log = structlog.get_logger()

PING_SECONDS = 10.0
PATIENCE_SECONDS = 30.0
LOOK_SECONDS = 2.0
CLOSE_SECONDS = 5.0
IN_FLIGHT_SECONDS = 10.0


class SlackRefused(Exception):
    """Slack does not take a token; the message says which setting to look at."""


async def preflight(client: AsyncWebClient, app_token: str) -> None:
    """Tries both tokens once. The SDK would try a wrong one for ever and never say so.

    Slack being away says nothing about a token: the socket goes on trying, and the clocks run.
    """
    await _try("SLACK_BOT_TOKEN", client.auth_test())
    await _try("SLACK_APP_TOKEN", client.apps_connections_open(app_token=app_token))


class Socket:
    """One connection to Slack, replaced whenever nothing was heard on it for a while."""

    def __init__(
        self,
        app: AsyncApp,
        app_token: str,
        *,
        ping_seconds: float = PING_SECONDS,
        patience: float = PATIENCE_SECONDS,
    ) -> None:
        self._app = app
        self._app_token = app_token
        self._ping_seconds = ping_seconds
        self._patience = patience
        self._handler: _Handler | None = None
        self._watch: asyncio.Task[None] | None = None
        self._heard = float("-inf")
        self._last_pong: float | None = None
        self._is_open: bool | None = None

    @property
    def is_well(self) -> bool:
        """Whether something, a pong at least, came from Slack lately."""
        return time.monotonic() - self._heard < self._patience

    async def start(self) -> None:
        """Opens the connection, or goes on trying."""
        await self._replace()
        self._watch = asyncio.create_task(self._keep_open(), name="socket: watchdog")

    async def stop(self) -> None:
        """Takes nothing more in, lets what is under way be answered, and closes."""
        if self._watch is not None:
            self._watch.cancel()
            await asyncio.gather(self._watch, return_exceptions=True)
        handler, self._handler = self._handler, None
        if handler is not None:
            await handler.drain(IN_FLIGHT_SECONDS)
            await _close(handler.client)

    async def _keep_open(self) -> None:
        while True:
            await asyncio.sleep(min(LOOK_SECONDS, self._ping_seconds))
            self._listen()
            if not self.is_well:
                await self._replace()

    async def _replace(self) -> None:
        if self._handler is not None:
            self._tell(is_open=False)
            await _close(self._handler.client)
        # Built here and not earlier: the SDK's client starts tasks on the loop it is made in.
        self._handler = _Handler(
            self._app,
            self._app_token,
            web_client=self._app.client,
            ping_interval=self._ping_seconds,
        )
        self._last_pong = None
        await self._connect(self._handler)

    async def _connect(self, handler: "_Handler") -> None:
        """The SDK tries a used ticket for ever, so it is given only so long."""
        try:
            async with asyncio.timeout(self._patience):
                await handler.connect_async()  # type: ignore[no-untyped-call]
        except TimeoutError:
            self._tell(is_open=False)
            return
        self._heard = time.monotonic()
        self._tell(is_open=True)

    def _tell(self, *, is_open: bool) -> None:
        """Once at each change, however often it is tried meanwhile."""
        if is_open is self._is_open:
            return
        self._is_open = is_open
        if is_open:
            log.info("socket open")
        else:
            log.warning("no socket is open; trying again")

    def _listen(self) -> None:
        """A pong or a request since we last looked; the SDK's own word for it can be wrong."""
        if self._handler is None:
            return
        client = self._handler.client
        session = client.current_session
        if session is None or session.closed or client.aiohttp_client_session.closed:
            return
        pong = client.last_ping_pong_time
        if (pong is not None and pong != self._last_pong) or self._handler.took_something():
            self._last_pong = pong
            self._heard = time.monotonic()


class _Handler(AsyncSocketModeHandler):
    """Bolt's handler, which also knows what it is still working on."""

    def __init__(
        self, app: AsyncApp, app_token: str, *, web_client: AsyncWebClient, ping_interval: float
    ) -> None:
        super().__init__(app, app_token, web_client=web_client, ping_interval=ping_interval)
        self._under_way: set[asyncio.Task[None] | None] = set()
        self._taken = self._seen = 0
        self._open = True

    @override
    async def handle(  # type: ignore[override]
        self, client: SocketModeClient, req: SocketModeRequest
    ) -> None:
        if not self._open:
            # Not acknowledged, so Slack says it again, to the next bot or to us.
            return
        self._taken += 1
        task = asyncio.current_task()
        self._under_way.add(task)
        try:
            await super().handle(client, req)
        finally:
            self._under_way.discard(task)

    def took_something(self) -> bool:
        taken, self._seen = self._taken > self._seen, self._taken
        return taken

    async def drain(self, seconds: float) -> None:
        self._open = False
        waiting = [task for task in self._under_way if task is not None]
        if waiting:
            await asyncio.wait(waiting, timeout=seconds)


async def _close(client: SocketModeClient) -> None:
    """Within bounds: the SDK's tasks first, since one of them could open the socket again."""
    client.closed = True
    tasks = [
        task
        for task in (
            client.current_session_monitor,
            client.message_receiver,
            client.message_processor,
        )
        if task is not None
    ]
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks, timeout=CLOSE_SECONDS)
    try:
        async with asyncio.timeout(CLOSE_SECONDS):
            await client.close()  # type: ignore[no-untyped-call]
    except TimeoutError:
        log.warning("the socket did not close")


async def _try(setting: str, call: Awaitable[object]) -> None:
    try:
        await call
    except SlackApiError as no:
        if asks_for_rest(no) or status_of(no) >= 500 or code_of(no) in DOUBTFUL:
            log.warning("Slack did not say whether it takes a token", why=word_for(no))
            return
        raise SlackRefused(
            f"Slack refuses {setting} ({word_for(no)}): check the setting against the app's page "
            "at api.slack.com/apps, and install the app again if its scopes changed."
        ) from None
    except (aiohttp.ClientError, OSError, TimeoutError):
        return  # said already, once for everybody who calls: see bot/reach.py
