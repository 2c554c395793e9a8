"""The rehearsal's bot follows the pretend workspace's clock, which people move on its page.

Only a rehearsal has a clock that can be moved; `run` builds the bot with the system's own.
"""

from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from bot.wiring import Bot, MovableClock
from challenge.absence import AWAY
from challenge.aftercare import AFTERCARE
from challenge.conflict import CONFLICT
from challenge.deadlines import ACCEPT, ARCHIVE, LAPSE, MEET, REMIND, SECOND, clocks
from challenge.follow_up import ACTION, ASK, OVERDUE, UNSIGNED
from challenge.meanwhile import MEANWHILE

JSON = dict[str, Any]
FAR = timedelta(days=3650)
MANY = 200
REMINDER, DEADLINE = "Next reminder", "Next deadline"
# For every sort of clock: the button that goes to it, and what happens then.
LEADS_TO = {
    REMIND: (REMINDER, "answer asked for"),
    MEET: (REMINDER, "meeting is near"),
    ACTION: (REMINDER, "agreed action"),
    ASK: (REMINDER, "did it happen?"),
    UNSIGNED: (REMINDER, "record to sign"),
    CONFLICT: (REMINDER, "conflict to settle"),
    AWAY: (REMINDER, "leave begins"),
    AFTERCARE: (REMINDER, "how has it been?"),
    LAPSE: (DEADLINE, "answer due"),
    ACCEPT: (DEADLINE, "time to accept ends"),
    SECOND: (DEADLINE, "second opinion due"),
    MEANWHILE: (DEADLINE, "safety measure ends"),
    OVERDUE: (DEADLINE, "agreed action late"),
    ARCHIVE: ("Channel put away", "channel archived"),
}


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
    """The nearest waiting clock behind each button, and what it brings about."""
    nearest: dict[str, JSON] = {}
    async with bot.casework.files.shelf() as shelf:
        for challenge_id, key in await shelf.due(now + FAR, MANY):
            challenge = await shelf.challenge_by_id(challenge_id)
            if challenge is None:
                continue
            for clock in (each for each in clocks(challenge) if each.key == key):
                label, brings = LEADS_TO[key.split(":")[1]]
                at = clock.due.astimezone(UTC).isoformat()
                mark = {"label": label, "at": at, "about": f"{challenge.reference}: {brings}"}
                nearest.setdefault(label, mark)
    return list(nearest.values())
