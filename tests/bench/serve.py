"""What the bot is compared with: Bolt alone, with one listener that does nothing.

    python -m tests.bench.serve PORT

Bolt's own aiohttp routes and nothing of ours; like the bot, it answers Slack after the listener.
"""

import asyncio
import os
import signal
import sys
from typing import Any

from aiohttp import web
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient


async def main(port: int) -> None:
    token = os.environ.pop("SLACK_BOT_TOKEN")
    client = AsyncWebClient(token=token, base_url=os.environ["SLACK_API_URL"], retry_handlers=[])
    app = AsyncApp(
        client=client,
        signing_secret=os.environ["SLACK_SIGNING_SECRET"],
        process_before_response=True,
    )

    async def nothing(event: dict[str, Any]) -> None:
        return

    app.event("message")(nothing)
    told_to_stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, told_to_stop.set)
    runner = web.AppRunner(app.web_app("/slack/events"), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    await told_to_stop.wait()
    await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
