"""The master key: a fresh one, and every challenge's key put under the newest."""

import asyncio

from bot.commands import terminal
from bot.commands.opening import opened, settings
from bot.config import RecordSettings
from storage.files import Files
from storage.vault import Vault

AT_ONCE = 200


def rotate() -> None:
    read = settings(RecordSettings)
    count = asyncio.run(_rotate(read))
    moved = "1 challenge's key was" if count == 1 else f"{count} challenges' keys were"
    terminal.answer(
        f"{moved} put under the newest master key. All are under it now: older keys may leave "
        "CHALLENGE_KEY a day from now, when no draft needs them."
    )


async def _rotate(read: RecordSettings) -> int:
    """A few hundred in a transaction: interrupted, what is done is done, and the rest is found."""
    total = 0
    async with opened(read.database_url) as database:
        files = Files(database, Vault(read.challenge_key.get_secret_value()))
        await files.check_key()
        with terminal.progress("Keys put under the newest master key") as more:
            while count := await files.rewrap_keys(AT_ONCE):
                total += count
                more(count)
    return total
