"""The rehearsal's bot follows the pretend workspace's clock, which people move on its page.

Only a rehearsal has a clock that can be moved; `run` builds the bot with the system's own.
"""

from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from bot.wiring import Bot, MovableClock
from challenge.deadlines import ARCHIVE, REMIND, clocks

JSON = dict[str, Any]
FAR = timedelta(days=3650)
MANY = 200


class Workspace(Protocol):
    """The little of the pretend workspace that is asked here."""

    async def time(self, after: int | None = None) -> JSON:
        """Its clock, with `after` as soon as anything has changed there since."""

    async def mark(self, marks: list[JSON]) -> None:
        """Tells the page which moments people may like to go to."""


async def follow(workspace: Workspace, bot: Bot, clock: MovableClock) -> None:
    """Keeps the bot's clock with the workspace's; returns when people ask to begin again."""
    seen = await workspace.time()
    resets = seen["resets"]
    while seen["resets"] == resets:
        ahead = timedelta(seconds=seen["ahead"])
        if ahead > clock.ahead:
            clock.move_on(ahead - clock.ahead)
            bot.stir()
        await workspace.mark(await _marks(bot, clock.now()))
        seen = await workspace.time(after=seen["count"])


async def _marks(bot: Bot, now: datetime) -> list[JSON]:
    """The nearest waiting clock of each sort."""
    nearest: dict[str, datetime] = {}
    async with bot.casework.files.shelf() as shelf:
        for challenge_id, key in await shelf.due(now + FAR, MANY):
            challenge = await shelf.challenge_by_id(challenge_id)
            for clock in clocks(challenge) if challenge else ():
                if clock.key == key:
                    nearest.setdefault(_label(key), clock.due)
    return [{"label": label, "at": at.astimezone(UTC).isoformat()} for label, at in nearest.items()]


def _label(key: str) -> str:
    kind = key.split(":")[1]
    if kind == REMIND:
        return "Next reminder"
    return "Channel put away" if kind == ARCHIVE else "Next deadline"
