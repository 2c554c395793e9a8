"""The rehearsal: a pretend workspace, the bot beside it, and one challenge told from end to end.

Nothing of it touches a real workspace, database or clock: it starts its own sandbox, keeps its
data in a folder that goes when it ends, and `run` has no way to reach any of this.
"""

import asyncio
import contextlib
import os
import signal
import sys
import tempfile
import webbrowser
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
from pydantic import SecretStr
from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from bot.config import Settings
from bot.rehearsal_cast import ASHA, BEN, DIRECTORY, ELIF, NAMES, WORKSPACE
from bot.rehearsal_clock import follow
from bot.stopping import told_by_signals, unless_told
from bot.wiring import Bot, MovableClock, build
from storage.vault import new_master_key

MANIFEST = Path(__file__).parent.parent / "manifest.yml"
STORIES = Path(__file__).parent.parent / "rehearsal" / "stories"
HOST = "127.0.0.1"
READY = "ready at "
SCREENS = {"DISPLAY", "WAYLAND_DISPLAY"}
PACE = 0.05
WIDEST = 80
MARGIN = 16

JSON = dict[str, Any]


class Stage:
    """The pretend workspace as people use it, through its own doors."""

    def __init__(self, url: str, session: aiohttp.ClientSession) -> None:
        self.url = url
        self._session = session

    async def does(self, who: str, verb: str, *given: object, **named: object) -> Any:
        """One act of one person; raises with the sandbox's own words when it cannot be done."""
        body = {"args": list(given), **named}
        return await self._post(f"people/{who}/{verb}", body)

    async def sees(self, who: str) -> JSON:
        async with self._session.get(f"{self.url}/sandbox/people/{who}") as answer:
            found: JSON = _result(await answer.json())
        return found

    async def set_ahead(self, by: timedelta) -> None:
        await self._post("clock", {"ahead": by.total_seconds()})

    async def time(self, after: int | None = None) -> JSON:
        query = {} if after is None else {"after": str(after), "wait": "15"}
        async with self._session.get(f"{self.url}/sandbox/clock", params=query) as answer:
            seen: JSON = await answer.json()
        return seen

    async def mark(self, marks: list[JSON]) -> None:
        await self._post("clock/marks", {"marks": marks})

    async def empty(self) -> None:
        await self._post("empty", {})

    async def connected(self) -> None:
        await self._post("connected", {"timeout": 20})

    async def quiet(self) -> None:
        await self._post("quiet", {"timeout": 20})

    async def _post(self, path: str, body: JSON) -> Any:
        async with self._session.post(f"{self.url}/sandbox/{path}", json=body) as answer:
            return _result(await answer.json())


class Teller:
    """Plays the story and says on the terminal what each person sees."""

    def __init__(self, stage: Stage, bot: Bot, clock: MovableClock, console: Console) -> None:
        self._stage = stage
        self._bot = bot
        self._clock = clock
        self._console = console
        self.channel = self._name = ""

    async def tells(self) -> str:
        """One challenge from /challenge to settled, through a lapse; answers its reference."""
        await self._raising()
        await self._talking()
        await self._silence()
        await self._accepting()
        await self._settling()
        return self._reference

    @property
    def _reference(self) -> str:
        return self._name.removeprefix("challenge-").upper()

    async def _raising(self) -> None:
        self._say(
            "Asha, a class teacher, types /challenge. The first question is whether anyone is in "
            "danger now. Nobody is."
        )
        await self._stage.does(ASHA, "command", "/challenge")
        await self._fill(ASHA, {DANGER: "No"})
        await self._fill(ASHA, ABOUT | {"Whose decision do you challenge?": BEN})
        self._say("She says what worries her, what she asks for, and who keeps the child safe.")
        await self._fill(ASHA, ASKING)
        await self._fill(ASHA, PERSON_FIRST | {"Until which day?": self._day(days=7)})
        await self._settled()
        seen = await self._stage.sees(ASHA)
        space = next(c for c in seen["channels"] if c["name"].startswith("challenge-"))
        self.channel, self._name = space["id"], space["name"]
        self._say(
            f"A private channel opens for the two: #{self._name}. A card on top says how things "
            "stand."
        )
        await self._show("To Ben alone", BEN, private=True)

    async def _talking(self) -> None:
        await self._says(ASHA, "Ben, could we talk about the referral? I am worried about today.")
        await self._says(BEN, "Thank you for asking. I will look at the file again this afternoon.")
        self._say("What they write is on the record now, and nobody can change it unseen.")

    async def _silence(self) -> None:
        await self._until_next()
        self._say("Half the time has gone. Ben is reminded, in working hours.")
        await self._show("In the channel", BEN)
        reminder = await self._last_saying("Reminder about")
        await self._stage.does(BEN, "reacts", self.channel, reminder, "eyes")
        await self._settled()
        self._say("Ben presses the eyes under it: seen, and working on it. The clock runs on.")
        self._say("Hours pass. One reminder a day is enough, so he is left in peace.")
        while not await self._is_offered():
            await self._until_next()
        self._say("The time is over. Silence moves it up: the managers of both sides are asked.")
        await self._show("In the channel", BEN)

    async def _accepting(self) -> None:
        await self._move(timedelta(minutes=25))
        self._say(
            "Elif, Ben's manager, accepts. She too is asked first whether anyone is in danger."
        )
        await self._press(ELIF, "Accept escalation")
        line = "I will read the file tonight and ring Asha before ten tomorrow."
        await self._fill(ELIF, {DANGER: "No", "What will you do, and by when?": line})
        await self._settled()
        await self._show("In the channel", ASHA)

    async def _settling(self) -> None:
        await self._move(timedelta(hours=16))
        await self._settled()
        self._say("The next morning Elif has read the file, and rings Asha as she said.")
        await self._says(ELIF, "Thank you, Asha. What you saw changes my view, and we will visit.")
        self._say("Elif proposes how it is settled, with one agreed action.")
        await self._press(ELIF, "Propose how it is settled")
        await self._fill(ELIF, {"How was it settled?": "The decision was changed", **SETTLING})
        await self._fill(ELIF, ACTION | {"Who will do it?": BEN, "By when?": self._day(days=2)})
        await self._stage.does(ELIF, "submits")
        await self._settled()
        self._say("It ends only when the other side says yes too. Asha does.")
        await self._press(ASHA, "Confirm it is settled")
        await self._settled()
        await self._show("In the channel", ASHA)

    # What the story is made of

    async def _fill(self, who: str, fields: JSON) -> None:
        await self._stage.does(who, "fills", fields)
        await self._stage.does(who, "submits")

    async def _press(self, who: str, label: str) -> None:
        seen = await self._stage.sees(who)
        message = next(m for m in reversed(_messages(seen, self.channel)) if label in _labels(m))
        await self._stage.does(who, "clicks", self.channel, message["ts"], label=label)

    async def _says(self, who: str, text: str) -> None:
        await self._stage.does(who, "says", self.channel, text)
        self._row(NAMES[who], text, "bold")

    async def _show(self, title: str, who: str, *, private: bool = False) -> None:
        seen = await self._stage.sees(who)
        channel = seen["dm"] if private else self.channel
        newest = _messages(seen, channel)[-1]
        text = newest["text"].replace(f"<#{self.channel}>", f"#{self._name}")
        self._row(title, text, "dim")

    async def _last_saying(self, words: str) -> str:
        seen = await self._stage.sees(BEN)
        found = [m for m in _messages(seen, self.channel) if words in m["text"]]
        return str(found[-1]["ts"])

    async def _is_offered(self) -> bool:
        seen = await self._stage.sees(BEN)
        return any("Accept escalation" in _labels(m) for m in _messages(seen, self.channel))

    async def _until_next(self) -> None:
        """The clock runs on to the next deadline."""
        due = await self._bot.casework.next_due()
        if due is None:
            raise RuntimeError("No clock is running on the challenge.")
        await self._move(due - self._clock.now() + timedelta(seconds=1))
        await self._settled()

    async def _move(self, by: timedelta) -> None:
        self._clock.move_on(max(by, timedelta(0)))
        await self._stage.set_ahead(self._clock.ahead)
        self._bot.stir()

    async def _settled(self) -> None:
        """Everything due was done, and everything to be said was said."""
        async with asyncio.timeout(60):
            while await self._is_busy():  # noqa: ASYNC110 - the bot tells nobody that it is idle
                await asyncio.sleep(0.05)
        await self._stage.quiet()

    async def _is_busy(self) -> bool:
        due = await self._bot.casework.next_due()
        late = due is not None and due <= self._clock.now()
        return late or await self._bot.courier.outbox.waiting() > 0

    def _say(self, words: str) -> None:
        local: datetime = self._bot.casework.moment().calendar.local(self._clock.now())
        self._row(f"{local:%a %-d %b %H:%M}", words, "cyan")

    def _row(self, who_or_when: str, words: str, style: str) -> None:
        """In two columns, however narrow the terminal; as plain text, for anybody may say "[/]"."""
        row = Table.grid(Column(width=MARGIN), Column(), padding=(0, 2))
        row.add_row(Text(who_or_when, style), Text(words))
        self._console.print(row, width=min(self._console.width, WIDEST))

    def _day(self, *, days: int) -> str:
        return (self._clock.now() + timedelta(days=days)).date().isoformat()


DANGER = "Is anyone in immediate danger now?"
ABOUT = {
    "Who is it about?": "A child",
    "Your agency's reference": "LIQ-20394",
    "What is it about?": "Criteria for referrals",
    "The decision, action or inaction": "The referral of Monday was closed without a visit.",
}
ASKING = {
    "Why? Your reasons and evidence": "We saw bruises twice, and nobody was at home on Tuesday.",
    "What do you ask for?": "Please look at the referral again with our new information.",
}
PERSON_FIRST = {
    "What keeps the person safe meanwhile?": "The school sees the child each day.",
    "Who keeps them safe?": "The school's safeguarding lead",
}
ACTION = {"What will be done? (action 1)": "Visit the family"}
SETTLING = {"In your own words": "With the school's information the threshold is met. We visit."}


async def rehearse(port: int, *, stay: bool, console: Console) -> bool:
    """Plays the story; with `stay`, leaves the workspace up until it is told to stop.

    Answers whether it was told to.
    """
    told = asyncio.Event()
    # SIGHUP, because the sandbox would outlive a terminal that is closed.
    with told_by_signals(told, signal.SIGHUP):
        await unless_told(told, _plays(port, console, stay=stay))
    return told.is_set()


async def _plays(port: int, console: Console, *, stay: bool) -> None:
    with tempfile.TemporaryDirectory(prefix="rehearsal-") as folder:
        async with _sandbox(Path(folder), port) as url, aiohttp.ClientSession() as session:
            stage = Stage(url, session)
            await _first_act(Path(folder), stage, console, stay=stay)
            while stay:
                console.print("Begun again: an empty workspace, and nothing of before is kept.")
                await _another_act(stage)


@asynccontextmanager
async def opened(folder: Path, port: int = 0) -> AsyncIterator[tuple[Stage, Bot]]:
    """An empty workspace and the bot in it, which follows the workspace's clock."""
    async with _sandbox(folder, port) as url, aiohttp.ClientSession() as session:
        stage = Stage(url, session)
        async with _bot(folder, url, stage) as (bot, clock):
            followed = asyncio.create_task(follow(stage, bot, clock))
            try:
                yield stage, bot
            finally:
                followed.cancel()
                await asyncio.gather(followed, return_exceptions=True)


async def _first_act(folder: Path, stage: Stage, console: Console, *, stay: bool) -> None:
    """The story, and what people do after it, until they ask to begin again."""
    async with _bot(folder, stage.url, stage) as (bot, clock):
        if stay:
            console.print(f"A pretend Slack is up: {stage.url}\n", highlight=False)
        reference = await Teller(stage, bot, clock, console).tells()
        console.print(f"\n[bold]{reference} is settled, and on record.[/]", highlight=False)
        if not stay:
            return
        console.print(
            f"Now you: open {stage.url}, choose a person, and type /challenge.", highlight=False
        )
        _open_page(stage.url)
        console.print("Ctrl-C stops everything, and nothing of it is kept.")
        await _stays_up(stage, bot, clock)


def _open_page(url: str) -> None:
    """In the browser, where there is a person with a screen; the address stays on the terminal."""
    has_screen = sys.platform in {"darwin", "win32"} or bool(SCREENS & set(os.environ))
    if sys.stdout.isatty() and has_screen:
        webbrowser.open(f"{url}/?as={ASHA}")


async def _another_act(stage: Stage) -> None:
    with tempfile.TemporaryDirectory(prefix="rehearsal-") as folder:
        await stage.empty()
        async with _bot(Path(folder), stage.url, stage) as (bot, clock):
            await _stays_up(stage, bot, clock)


async def _stays_up(stage: Stage, bot: Bot, clock: MovableClock) -> None:
    """Until people ask to begin again."""
    try:
        await follow(stage, bot, clock)
    except (aiohttp.ClientError, OSError) as problem:
        raise RuntimeError("The pretend Slack is gone. Start it again: make try") from problem


@asynccontextmanager
async def _sandbox(folder: Path, port: int) -> AsyncIterator[str]:
    workspace = folder / "workspace.toml"
    workspace.write_text(WORKSPACE, encoding="utf-8")
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "sandbox",
        "--host",
        HOST,
        "--port",
        str(port),
        "--workspace",
        str(workspace),
        "--manifest",
        str(MANIFEST),
        "--stories",
        str(STORIES),
        cwd=MANIFEST.parent,
        stdout=asyncio.subprocess.PIPE,
        # Ctrl-C is for us: the bot goes first, and the workspace after it.
        start_new_session=True,
    )
    try:
        yield await _address(process)
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        await process.wait()


async def _address(process: asyncio.subprocess.Process) -> str:
    if process.stdout is None:
        raise RuntimeError("The sandbox has no output to read.")
    line = (await process.stdout.readline()).decode()
    if READY not in line:
        raise RuntimeError("The pretend Slack did not start. Try another --port.")
    return line.partition(READY)[2].strip()


@asynccontextmanager
async def _bot(folder: Path, url: str, stage: Stage) -> AsyncIterator[tuple[Bot, MovableClock]]:
    directory = folder / "directory.toml"
    directory.write_text(DIRECTORY, encoding="utf-8")
    settings = Settings(
        _env_file=None,
        slack_bot_token=SecretStr("xoxb-sandbox"),
        slack_app_token=SecretStr("xapp-sandbox"),
        slack_api_url=f"{url}/api/",
        database_url=f"sqlite:///{folder}/rehearsal.db",
        challenge_directory=str(directory),
        challenge_key=SecretStr(new_master_key()),
    )
    clock = MovableClock()
    bot = build(settings, clock=clock, pace=PACE)
    clock.move_on(_to_a_working_morning(bot, clock))
    await stage.set_ahead(clock.ahead)
    try:
        await bot.start()
        await bot.open_socket()
        await stage.connected()
        yield bot, clock
    finally:
        await bot.stop()


def _to_a_working_morning(bot: Bot, clock: MovableClock) -> timedelta:
    """So that the story begins at ten on a working day, whenever it is told."""
    calendar = bot.casework.moment().calendar
    tomorrow = calendar.working_day_after(calendar.local(clock.now()).date())
    return calendar.opening(tomorrow) + timedelta(hours=1) - clock.now()


def _messages(seen: JSON, channel: str) -> list[JSON]:
    return [message["raw"] for message in seen["messages"].get(channel, [])]


def _labels(message: JSON) -> list[str]:
    """The labels of a message's buttons."""
    rows = [block["elements"] for block in message.get("blocks", ()) if block["type"] == "actions"]
    return [button["text"]["text"] for row in rows for button in row]


def _result(answer: JSON) -> Any:
    if not answer.get("ok", True):
        raise RuntimeError(f"The sandbox says: {answer.get('error')}")
    return answer.get("result", answer)
