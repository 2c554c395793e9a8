"""Moving one open challenge to another version of the procedure, as a coordinator decides."""

import asyncio
from pathlib import Path

from bot import config
from bot.commands import terminal
from bot.commands.mishaps import Failed
from bot.commands.opening import opened, settings
from bot.commands.records import unknown
from bot.wiring import CannotStart, SystemClock, load_procedure
from challenge import version
from challenge.casework import Casework
from challenge.model import Challenge, PersonId
from challenge.procedure import Procedure
from challenge.refusals import Refusal
from storage.files import Files
from storage.vault import Vault


def move(reference: str, by: str, note: str, to: Path | None) -> None:
    """The running bot need not be stopped; it tells both sides within seconds."""
    read = settings(config.RecordSettings)
    procedure = named(str(to), "--to") if to else named(read.challenge_procedure)
    moved = asyncio.run(_moved(read, reference, PersonId(by), note, procedure))
    terminal.answer(
        f"{moved.reference} now follows {procedure.version}, at stage {moved.stage} "
        f"({moved.current.title}). Both sides are told."
    )


def named(name_or_path: str, given: str = "CHALLENGE_PROCEDURE") -> Procedure:
    """Raises Failed, with where it was given."""
    try:
        return load_procedure(name_or_path, given)
    except CannotStart as no:
        raise Failed(str(no)) from no


async def _moved(
    read: config.RecordSettings, reference: str, by: PersonId, note: str, to: Procedure
) -> Challenge:
    vault = Vault(read.challenge_key.get_secret_value())
    async with opened(read.database_url) as database:
        files = Files(database, vault)
        casework = Casework(files, to, SystemClock().now, lambda _: None)
        async with files.shelf() as shelf:
            challenge = await shelf.challenge(reference.strip().upper())
        if challenge is None:
            raise Failed(unknown(reference))
        # With the stages that coordinators have confirmed since the file was written.
        to = await casework.todays_procedure()
        try:
            return await casework.carry_out(version.move, challenge.id, by=by, to=to, note=note)
        except Refusal as no:
            raise Failed(no.sentence) from None
