"""A story told in the sandbox: real Bolt, a real database, Slack's wire protocol, a movable clock.

Nothing here knows how the bot works inside, but for its clock and the address of its database.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import yaml
from pydantic import SecretStr

from bot.config import Settings
from bot.wiring import Bot, MovableClock, build
from challenge.model import Area, Concern, Happened, PersonId, Safety, Subject
from sandbox import Person, Sandbox
from storage.vault import new_master_key

ROOT = Path(__file__).parent.parent.parent
SECRET = "a-signing-secret-of-the-sandbox"

ASHA = PersonId("U0ASHA")  # school, raises
BEN = PersonId("U0BEN")  # children's social care, challenged
CARA = PersonId("U0CARA")  # Asha's line manager
DEV = PersonId("U0DEV")  # Cara's deputy
ELIF = PersonId("U0ELIF")  # Ben's line manager
FINN = PersonId("U0FINN")  # Elif's deputy
GRACE = PersonId("U0GRACE")  # school's safeguarding lead
HUGO = PersonId("U0HUGO")  # social care's safeguarding lead
IMANI = PersonId("U0IMANI")  # business unit
JOAN = PersonId("U0JOAN")  # coordinator
KOFI = PersonId("U0KOFI")  # independent scrutineer
LENA = PersonId("U0LENA")  # police, outside the case
MO = PersonId("U0MO")  # police manager, a third agency
NIA = PersonId("U0NIA")  # a guest, in no directory
OLU = PersonId("U0OLU")  # deactivated practitioner of social care
PIA = PersonId("U0PIA")  # social care's senior manager
QUIN = PersonId("U0QUIN")  # school's senior manager

NAMES: dict[str, str] = {
    ASHA: "Asha Patel",
    BEN: "Ben Osei",
    CARA: "Cara Jones",
    DEV: "Dev Rao",
    ELIF: "Elif Kaya",
    FINN: "Finn Walsh",
    GRACE: "Grace Lim",
    HUGO: "Hugo Brandt",
    IMANI: "Imani Cole",
    JOAN: "Joan Marsh",
    KOFI: "Kofi Mensah",
    LENA: "Lena Novak",
    MO: "Mo Hussein",
    NIA: "Nia Guest",
    OLU: "Olu Adeyemi",
    PIA: "Pia Lund",
    QUIN: "Quin Abbott",
}

DIRECTORY = f"""
[[agency]]
key = "school"
name = "Hollybush School"
[[agency]]
key = "csc"
name = "Children's Social Care"
[[agency]]
key = "police"
name = "Police"

{{people}}

[partnership]
business_unit = ["{IMANI}"]
coordinators = ["{JOAN}"]
scrutineer = ["{KOFI}"]
"""

PEOPLE: list[tuple[str, str, str, str | None, str | None]] = [
    (ASHA, "school", "practitioner", CARA, None),
    (BEN, "csc", "practitioner", ELIF, None),
    (CARA, "school", "line manager", None, DEV),
    (DEV, "school", "practitioner", None, None),
    (ELIF, "csc", "line manager", None, FINN),
    (FINN, "csc", "practitioner", None, None),
    (GRACE, "school", "safeguarding lead", None, None),
    (HUGO, "csc", "safeguarding lead", None, None),
    (IMANI, "school", "business unit", None, None),
    (JOAN, "school", "coordinator", None, None),
    (KOFI, "police", "independent scrutineer", None, None),
    (LENA, "police", "practitioner", MO, None),
    (MO, "police", "line manager", None, None),
    (OLU, "csc", "practitioner", ELIF, None),
    (PIA, "csc", "senior manager", None, None),
    (QUIN, "school", "senior manager", None, None),
]

THURSDAY_TEN = datetime(2026, 3, 5, 10, 0, tzinfo=UTC)

ANSWERS = {
    "subject": "A child",
    "reference": "LIQ-20394",
    "challenged": BEN,
    "area": "Criteria for referrals",
    "decision": "The referral of Monday was closed with no further action.",
}
ASKED = {
    "why": "The school saw bruises twice and the mother was not at home.",
    "ask": "Please look at the referral again with our new information.",
}
ASKED_TOO = ("due", "mind", "heard")
PERSON_FIRST = {
    "meanwhile": "The school sees the child daily and rings if absent.",
    "keeper": "The school's safeguarding lead",
    "until": "2039-12-30",
    "said": "",
    "asked_by": "",
}

Listed = tuple[str, str, str, str | None, str | None]


def directory_toml(
    people: Sequence[Listed] = PEOPLE,
    away: Mapping[str, str] | None = None,
    gone: Sequence[str] = (),
) -> str:
    """Who is listed; `away` says who is on leave and when, `gone` who is no longer active."""

    def one(who: str, agency: str, role: str, manager: str | None, deputy: str | None) -> str:
        lines = [f'slack = "{who}"', f'name = "{NAMES[who]}"', f'agency = "{agency}"']
        lines += [f'role = "{role}"']
        lines += [f'line_manager = "{manager}"'] if manager else []
        lines += [f'deputy = "{deputy}"'] if deputy else []
        lines += [f'away = ["{away[who]}"]'] if away and who in away else []
        lines += ["active = false"] if who in gone else []
        return "\n".join(["[[person]]", *lines])

    return DIRECTORY.format(people="\n\n".join(one(*person) for person in people))


def sandbox_people() -> list[Person]:
    return [
        Person(who, name, guest=who == NIA, deactivated=who == OLU) for who, name in NAMES.items()
    ]


def settings(
    sandbox: Sandbox,
    database: str,
    folder: Path,
    mode: str,
    *,
    listed: str | None = None,
    procedure: str = "darlington-2025-12",
) -> Settings:
    """`listed` is a directory file's text, where a story needs other people than usual."""
    directory = folder / "directory.toml"
    directory.write_text(listed or directory_toml(), encoding="utf-8")
    return Settings(
        _env_file=None,
        slack_bot_token=SecretStr(sandbox.bot_token),
        slack_app_token=SecretStr(sandbox.app_token) if mode == "socket" else None,
        slack_signing_secret=SecretStr(SECRET) if mode == "http" else None,
        slack_api_url=sandbox.api_url,
        database_url=database,
        challenge_directory=str(directory),
        challenge_procedure=procedure,
        challenge_key=SecretStr(new_master_key()),
    )


async def eventually(true: Callable[[], Awaitable[bool]], within: float = 20.0) -> None:
    """Waits for the condition, asking often; fails by time-out, never by a guess."""
    pause = 0.01
    async with asyncio.timeout(within):
        while not await true():
            await asyncio.sleep(pause)
            pause = min(pause * 1.3, 0.05)


class Story:
    """One sandbox, one bot, several people."""

    def __init__(self, sandbox: Sandbox, bot: Bot, clock: MovableClock, mode: str) -> None:
        self.sandbox = sandbox
        self.bot = bot
        self.clock = clock
        self.mode = mode
        self.stormy = False
        self._forgiven: set[str] = set()

    def person(self, who: str) -> Any:
        return self.sandbox.person(who)

    # What Slack would frown on

    def forgives(self, kind: str) -> None:
        """A complaint that this story brings about on purpose."""
        self._forgiven.add(kind)

    @property
    def complaints(self) -> list[Any]:
        return [c for c in self.sandbox.complaints if c.kind not in self._forgiven]

    # The bot itself

    async def goes_down(self) -> None:
        await self.bot.stop()

    async def comes_back(self) -> None:
        """A new bot on the same database, at whatever the clock says by now."""
        self.bot = build(self.bot.settings, clock=self.clock, pace=0.0)
        await self.bot.start()
        await join(self.bot, self.sandbox, self.mode)
        await self.settled()

    # What people do

    async def raises(
        self, by: str = ASHA, to: str = BEN, *, danger: bool = False, **given: str
    ) -> str:
        """From /challenge to the submitted form; answers the reference."""
        seat = self.person(by)
        before = {c.name for c in seat.channels()}
        await self.fills_in(by, to, danger=danger, **given)
        await self.settled()
        assert seat.view is None, seat.view.errors
        [channel] = [
            c for c in seat.channels() if c.name.startswith("challenge-") and c.name not in before
        ]
        name: str = channel.name
        return name.removeprefix("challenge-").upper()

    async def fills_in(
        self, by: str = ASHA, to: str = BEN, *, danger: bool = False, **given: str
    ) -> None:
        seat = self.person(by)
        await seat.command("/challenge")
        answer = "Yes, or I am not sure" if danger else "No"
        await seat.fill("Is anyone in immediate danger now?", answer)
        if danger:
            await seat.fill("What has been done to keep them safe?", "Called 999 at 14:10.")
        await seat.submits()
        about = ANSWERS | {"challenged": to} | {k: v for k, v in given.items() if k in ANSWERS}
        await seat.fills(labelled(about))
        await seat.submits()
        if "You have raised" in seat.view.words:
            await seat.submits()  # raised before, and raised again on purpose
        asked = ASKED | {k: v for k, v in given.items() if k in ASKED or k in ASKED_TOO}
        await seat.fills(labelled(asked))
        await seat.submits()
        first = PERSON_FIRST | {k: v for k, v in given.items() if k in PERSON_FIRST}
        await seat.fills(labelled({k: v for k, v in first.items() if v}))
        await seat.submits()

    async def begun(self) -> str:
        """A challenge raised at the door itself, for races that need many; its reference."""
        concern = Concern(
            Subject.CHILD, Area.TIMELINESS, "LIQ-1", "Closed.", "Bruises.", "Seen.", "Look."
        )
        raised = await self.bot.casework.raise_challenge(
            uuid4().hex, by=ASHA, challenged=BEN, concern=concern, safety=Safety(danger=False)
        )
        return raised.reference

    async def presses(self, who: str, reference: str, label: str) -> None:
        """Presses a button on the newest message that this person sees it on."""
        await self.remembers(who, reference, label)()

    def remembers(self, who: str, reference: str, label: str) -> Callable[[], Awaitable[None]]:
        """That button, to be pressed later, by when the screen may be behind."""
        seat = self.person(who)
        for channel in [self.channel(reference).id, seat.dm]:
            for message in reversed(self.seen(who, channel)):
                if label in message.buttons:
                    return partial(
                        self._clicks, seat, channel, message.ts, label, deepcopy(message.blocks)
                    )
        raise AssertionError(f"{who} sees no button {label!r}")

    async def _clicks(
        self, seat: Any, channel: str, ts: str, label: str, blocks: list[Any]
    ) -> None:
        await seat.clicks(channel, ts, label=label, blocks=blocks)
        await self.settled()

    async def answers(self, who: str, /, **fields: str | Sequence[str]) -> Any:
        """Fills the open modal in and submits it; answers the modal that is still open, if any."""
        seat = self.person(who)
        await seat.fills({**safe_unless_said(seat.view), **labelled(fields)})
        await seat.submits()
        await self.settled()
        return seat.view

    async def opens(self, who: str, reference: str, label: str) -> Any:
        """Presses a button that opens a form; answers the form."""
        await self.presses(who, reference, label)
        view = self.person(who).view
        assert view is not None, f"{label!r} opened nothing for {who}: {self.refused(who)}"
        return view

    async def says(self, who: str, reference: str, text: str, **how: Any) -> str:
        ts: str = await self.person(who).says(self.channel(reference).id, text, **how)
        return ts

    async def reacts(self, who: str, reference: str, name: str, ts: str | None = None) -> None:
        """To the latest reminder, unless told which message."""
        on = ts or self.reminders(reference, who)[-1].ts
        await self.person(who).reacts(self.channel(reference).id, on, name)
        await self.settled()

    async def asks_for_more(self, who: str, reference: str, because: str = "It is urgent.") -> None:
        await self.opens(who, reference, "Ask for the next stage")
        assert await self.answers(who, because=because) is None

    async def types(self, who: str, text: str) -> str:
        """Types /challenge with those words; answers every word of the reply."""
        seat = self.person(who)
        before = len(seat.ephemerals)
        await seat.command("/challenge", text)
        assert seat.delivery.acked, seat.delivery
        return "\n".join(m.words for m in seat.ephemerals[before:])

    async def looks_home(self, who: str) -> Any:
        await self.person(who).opens_home()
        await self.settled()
        return self.person(who).home

    async def accepts(
        self, who: str, reference: str, line: str = "I will ring both today."
    ) -> None:
        await self.presses(who, reference, "Accept escalation")
        assert await self.answers(who, line=line) is None

    async def proposes_settlement(self, who: str, reference: str) -> None:
        await self.presses(who, reference, "Propose how it is settled")
        await self.answers(who, outcome="We agreed a plan", how="We look at it again together.")
        await self.answers(who, what="Visit the family", who=BEN, by="2027-03-20")
        assert await self.answers(who) is None

    async def settles(self, reference: str) -> None:
        await self.proposes_settlement(BEN, reference)
        await self.presses(ASHA, reference, "Confirm it is settled")

    @asynccontextmanager
    async def trouble(self, table: str = "draft") -> AsyncIterator[None]:
        """For a while the database does not find one of its tables."""
        await self._rename(table, f"{table}_lost")
        try:
            yield
        finally:
            await self._rename(f"{table}_lost", table)

    async def _rename(self, table: str, to: str) -> None:
        async with self.bot.database.writing() as connection:
            await connection.exec_driver_sql(f"ALTER TABLE {table} RENAME TO {to}")

    # What passes

    async def passes(self, **length: float) -> None:
        """Lets time go by; whatever falls due meanwhile falls due late, as after a long night."""
        self.clock.move_on(timedelta(**length))
        self.bot.stir()
        await self.settled()

    async def until(self, at: datetime) -> None:
        await self.passes(seconds=(at - self.clock.now()).total_seconds())

    async def settled(self) -> None:
        """Nothing is due, nothing waits to be sent, and Slack has nothing to deliver.

        In a stormy story time passes quickly while the courier waits to try again.
        """
        await self.sandbox.quiet(timeout=20)
        await eventually(self._is_settled)

    async def _is_settled(self) -> bool:
        if await self.bot.courier.outbox.waiting():
            await self._hurry()
            return False
        due = await self.bot.casework.next_due()
        if due is not None and due <= self.clock.now():
            return False
        await self.sandbox.quiet(timeout=20)
        return self.bot.homes.is_idle and not await self.bot.courier.outbox.waiting()

    async def _hurry(self) -> None:
        now = self.clock.now()
        at = await self.bot.courier.outbox.next_at(now) if self.stormy else None
        if at and at > now and not self.sandbox.world.calls_under_way:
            self.clock.move_on(at - now)
            self.bot.stir()

    # What people see

    def channel(self, reference: str) -> Any:
        return self.sandbox.channel(f"challenge-{reference.lower()}")

    def seen(self, who: str, channel: str) -> list[Any]:
        seat = self.person(who)
        if channel not in {c.id for c in seat.channels()}:
            return []
        return list(seat.messages(channel))

    def sees(self, who: str, reference: str) -> str:
        """Every word in the challenge's channel, as this person sees it."""
        return "\n".join(m.words for m in self.seen(who, self.channel(reference).id))

    def refused(self, who: str) -> str:
        """The last kind sentence that only they could see, whatever it was said on."""
        seat = self.person(who)
        if seat.view is not None:
            return "\n".join([seat.view.words, *seat.view.errors.values()])
        return seat.ephemerals[-1].words if seat.ephemerals else ""

    def reminders(self, reference: str, who: str = ASHA) -> list[Any]:
        seen = self.seen(who, self.channel(reference).id)
        return [m for m in seen if m.text.startswith("Reminder about")]

    def told(self, who: str) -> str:
        """Every word of the direct messages that this person had."""
        return "\n".join(m.words for m in self.person(who).direct_messages())

    def card(self, reference: str, who: str = ASHA) -> Any:
        return next(
            m for m in self.seen(who, self.channel(reference).id) if m.text.startswith(reference)
        )

    async def record(self, reference: str) -> list[Any]:
        async with self.bot.files.shelf() as shelf:
            challenge = await shelf.challenge(reference)
            assert challenge is not None
            return await shelf.chronology(challenge.id)

    async def kinds(self, reference: str) -> list[Happened]:
        return [r.entry.kind for r in await self.record(reference)]

    async def summaries(self, reference: str, kind: Happened) -> list[str]:
        """What the record says of each happening of that kind."""
        return [r.entry.summary for r in await self.record(reference) if r.entry.kind is kind]

    async def challenge(self, reference: str) -> Any:
        async with self.bot.files.shelf() as shelf:
            return await shelf.challenge(reference)


DANGER = "Is anyone in immediate danger now?"
LABELS = {
    "danger": DANGER,
    "subject": "Who is it about?",
    "reference": "Your agency's reference",
    "challenged": "Whose decision do you challenge?",
    "area": "What is it about?",
    "decision": "The decision, action or inaction",
    "why": "Why? Your reasons and evidence",
    "meanwhile": "What keeps the person safe meanwhile?",
    "keeper": "Who keeps them safe?",
    "until": "Until which day?",
    "mind": "What would change your mind?",
    "heard": "The person's voice",
    "said": "What have they said or shown?",
    "asked_by": "Who asked them?",
    "ask": "What do you ask for?",
    "due": "By when do you ask for an answer?",
    "line": "What will you do, and by when?",
    "outcome": "How was it settled?",
    "how": "In your own words",
    "who": "Who will do it?",
    "by": "By when?",
    "day": "Which day?",
    "what": "What will be done? (action 1)",
}


def safe_unless_said(view: Any) -> dict[str, str]:
    """Nobody is in danger unless the test says so: the answer where a form must have one."""
    asked = {"Ask for the next stage", "Accept escalation"}
    return {DANGER: "No"} if view and view.title in asked else {}


def labelled(fields: Mapping[str, str | Sequence[str]]) -> dict[str, str | Sequence[str]]:
    """Fields by the labels that people see; the rest go by name."""
    return {LABELS.get(name, name): value for name, value in fields.items()}


@asynccontextmanager
async def told_in(
    folder: Path,
    database: str,
    mode: str = "socket",
    start: datetime = THURSDAY_TEN,
    *,
    listed: str | None = None,
    procedure: str = "darlington-2025-12",
) -> AsyncIterator[Story]:
    """A sandbox and a bot, joined in Socket Mode or by signed HTTP, both stopped at the end."""
    manifest = yaml.safe_load((ROOT / "manifest.yml").read_text(encoding="utf-8"))
    sandbox = Sandbox(sandbox_people(), manifest=manifest, signing_secret=SECRET)
    await sandbox.start()
    clock = MovableClock()
    clock.ahead = start - datetime.now(UTC)
    given = settings(sandbox, database, folder, mode, listed=listed, procedure=procedure)
    story = Story(sandbox, build(given, clock=clock, pace=0.0), clock, mode)
    try:
        await story.bot.start()
        await join(story.bot, sandbox, mode)
        yield story
    finally:
        await story.bot.stop()
        await sandbox.stop()


async def join(bot: Bot, sandbox: Sandbox, mode: str) -> None:
    if mode == "http":
        port = await bot.listen("127.0.0.1", 0)
        sandbox.deliver_to(f"http://127.0.0.1:{port}/slack/events")
    else:
        await bot.open_socket()
        await sandbox.connected(timeout=20)
