"""Reading the record of a challenge, and proving that the chronology is as it was written."""

import asyncio
import json
import re
from dataclasses import dataclass
from pathlib import Path

import structlog
import typer

from bot import config
from bot import record as printed
from bot.commands import terminal
from bot.commands.mishaps import Failed
from bot.commands.opening import opened, settings
from challenge.directory import Directory
from challenge.model import Challenge, Recorded
from storage.chain import Break, Head, Walk
from storage.files import Files, Shelf
from storage.vault import Vault, new_master_key

log = structlog.get_logger()

_HEAD = re.compile(r"([0-9]{1,18}):([0-9a-f]{64})")


@dataclass(frozen=True)
class Case:
    challenge: Challenge
    directory: Directory
    chronology: list[Recorded]
    head: Head


@dataclass(frozen=True)
class Proof:
    """How far the chain holds, and where it first breaks; `own` is one challenge's entries."""

    reached: Head
    broken: Break | None
    whose: str | None = None
    own: int | None = None


def record(reference: str, form: str, out: Path | None) -> None:
    case = asyncio.run(_read(settings(config.RecordSettings), reference))
    draw = printed.as_json if form == "json" else printed.as_text
    text = draw(case.challenge, case.directory, case.chronology, case.head)
    log.info("record read", challenge=case.challenge.id, format=str(form))
    if out is None:
        terminal.answer(text)
    else:
        terminal.write(out, text)


def verify(reference: str | None, heads: list[str], *, as_json: bool) -> None:
    anchors = [_anchor(head) for head in heads]
    url = settings(config.HouseSettings).database_url
    proof = asyncio.run(_proof(url, reference, anchors))
    terminal.answer(json.dumps(_plain(proof), indent=2) if as_json else _words(proof, reference))
    if proof.broken:
        raise Failed(_DOES_NOT_HOLD)


async def _read(read: config.RecordSettings, reference: str) -> Case:
    vault = Vault(read.challenge_key.get_secret_value())
    async with opened(read.database_url) as database, Files(database, vault).shelf() as shelf:
        challenge = await shelf.challenge(reference.strip().upper())
        if challenge is None:
            raise Failed(unknown(reference))
        return Case(
            challenge,
            await shelf.directory(),
            await shelf.chronology(challenge.id),
            await shelf.head(),
        )


async def _proof(url: str, reference: str | None, anchors: list[Head]) -> Proof:
    # A key of no use: what is sealed is compared as it stands and never opened.
    vault = Vault(new_master_key())
    async with opened(url) as database, Files(database, vault).shelf() as shelf:
        return await _walked(shelf, reference, anchors)


async def _walked(shelf: Shelf, reference: str | None, anchors: list[Head]) -> Proof:
    walk = Walk(anchors)
    with terminal.progress("Entries verified") as more:
        async for page in shelf.chain_pages():
            if broken := walk.along(page):
                return Proof(walk.reached, broken, await shelf.whose(broken.seq))
            more(len(page))
    own = await _own(shelf, reference) if reference else None
    return Proof(walk.reached, walk.end(await shelf.head()), own=own)


async def _own(shelf: Shelf, reference: str) -> int:
    """How many of the entries are that challenge's. Raises Failed when there is none such."""
    own = await shelf.count_entries(reference.strip().upper())
    if not own:
        raise Failed(unknown(reference))
    return own


def _words(proof: Proof, reference: str | None) -> str:
    seq, fingerprint = proof.reached
    if proof.broken:
        whose = f" It belongs to {proof.whose}." if proof.whose else ""
        return f"{proof.broken.sentence}{whose}"
    own = f" Of them {proof.own} belong to {reference.strip().upper()}." if reference else ""
    entries = "1 entry stands" if seq == 1 else f"{seq} entries stand"
    return (
        f"The chronology holds: {entries} as written.{own}\nIts head is {seq}:{fingerprint.hex()}"
    )


def _plain(proof: Proof) -> dict[str, object]:
    seq, fingerprint = proof.reached
    broken = proof.broken
    return {
        "holds": broken is None,
        "entries": seq,
        "head": {"seq": seq, "hash": fingerprint.hex()},
        "of_challenge": proof.own,
        "first_break": broken
        and {"seq": broken.seq, "sentence": broken.sentence, "reference": proof.whose},
    }


def _anchor(text: str) -> Head:
    found = _HEAD.fullmatch(text.strip().lower())
    if not found:
        raise typer.BadParameter(
            f'"{text}" is not a head. Write it as verify and a record print it: the number, a '
            "colon and 64 letters and digits"
        )
    return Head(int(found[1]), bytes.fromhex(found[2]))


def unknown(reference: str) -> str:
    # Repeated only when it looks like one: anything might have been pasted here.
    known = reference.strip().upper()
    name = known if _REFERENCE.fullmatch(known) else "of that reference"
    return f"There is no challenge {name} in this database. Look for it in Slack: /challenge list"


_REFERENCE = re.compile(r"[A-Z0-9-]{1,40}")
_DOES_NOT_HOLD = (
    "The chronology does not hold: keep a copy of this database as it is, and compare it with a "
    "backup before anything is changed."
)
