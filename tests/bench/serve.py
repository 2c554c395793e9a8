"""One server in a process of its own; says `listening PORT` and serves until it is told to stop.

    python -m tests.bench.serve bare     Bolt alone: one listener that does nothing, Bolt's server
    python -m tests.bench.serve bot      the bot, with the settings of the environment
"""

import asyncio
import os
import signal
import sys
from typing import Any

from aiohttp import web
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient


async def bare(told_to_stop: asyncio.Event) -> None:
    """Set up as the bot's is: the same client, Slack is answered after the listener."""
    token, api = os.environ["SLACK_BOT_TOKEN"], os.environ["SLACK_API_URL"]
    app = AsyncApp(
        client=AsyncWebClient(token=token, base_url=api, retry_handlers=[]),
        signing_secret=os.environ["SLACK_SIGNING_SECRET"],
        process_before_response=True,
    )

    async def nothing(event: dict[str, Any]) -> None:
        return

    app.event("message")(nothing)
    runner = web.AppRunner(app.web_app("/slack/events"), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    _say(runner.addresses[0][1])
    await told_to_stop.wait()
    await runner.cleanup()


async def bot(told_to_stop: asyncio.Event) -> None:
    from bot.config import Settings  # noqa: PLC0415 - bare Bolt is measured without it
    from bot.wiring import build  # noqa: PLC0415

    it = build(Settings(_env_file=None))
    try:
        await it.start()
        _say(await it.listen("127.0.0.1", 0))
        await told_to_stop.wait()
    finally:
        await it.stop()


def _say(port: int) -> None:
    print(f"listening {port}", flush=True)


async def main(kind: str) -> None:
    told_to_stop = asyncio.Event()
    for one in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(one, told_to_stop.set)
    await {"bare": bare, "bot": bot}[kind](told_to_stop)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
