"""What people do on the page, one function for each thing a form can ask."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sandbox.outcome import Delivery
from sandbox.page.fields import BETWEEN, taken
from sandbox.refusals import NotThere
from sandbox.views import View
from sandbox.wire import JSON

if TYPE_CHECKING:
    from sandbox.sandbox import Sandbox
    from sandbox.seat import Seat

NO_ANSWER = "We had some trouble connecting. The app did not answer in time. Try again?"


@dataclass
class Given:
    """What a form sent: its fields by name, and files with their bytes."""

    fields: dict[str, list[str]]
    files: dict[str, list[tuple[str, bytes]]] = field(default_factory=dict)

    def __getitem__(self, name: str) -> str:
        found = self.fields.get(name)
        if not found:
            raise NotThere(f"the form has no {name}")
        return found[0]

    def get(self, name: str) -> str | None:
        """The field, or None when it is missing or empty."""
        return next(iter(self.fields.get(name, [])), "") or None


@dataclass
class Told:
    """What the page should say or show once the act is done."""

    said: str = ""
    go: str = ""
    answered: bool = True
    options: list[JSON] = field(default_factory=list)


Act = Callable[["Sandbox", "Seat", Given], Awaitable[Told]]


def _told(outcome: Delivery | None) -> Told:
    if outcome is None or outcome.acked:
        return Told()
    return Told(NO_ANSWER, answered=False)


# Messages


async def say(sandbox: "Sandbox", seat: "Seat", given: Given) -> Told:
    text, channel = (given.get("text") or "").strip(), given.get("channel")
    files = given.files.get("file", [])
    if text.startswith("/") and not files:
        return await _command(sandbox, seat, text, channel)
    if channel is None:
        raise NotThere("Choose a channel first, or type a command that begins with /.")
    if not text and not files:
        return Told()
    sent = [{"name": name, "size": max(1, len(body))} for name, body in files]
    ts = await seat.says(channel, text, given.get("thread_ts"), sent)
    _keep_bytes(sandbox, channel, ts, files)
    return Told()


def _keep_bytes(sandbox: "Sandbox", channel: str, ts: str, files: list[tuple[str, bytes]]) -> None:
    message = sandbox.channel(channel).find(ts)
    for file, (_, body) in zip(message.files if message else [], files, strict=False):
        sandbox.world.workspace.file_contents[file["id"]] = body


async def _command(sandbox: "Sandbox", seat: "Seat", text: str, channel: str | None) -> Told:
    command, _, rest = text.partition(" ")
    outcome = await seat.command(command, rest, channel)
    if outcome.acked:
        # Typed on Home, the reply is in the notes to oneself: go and see it there.
        where = sandbox.world.workspace.notes_of(seat.id).id
        return Told(go=where if channel is None and outcome.response else "")
    return Told(f"{command} failed with the error “{outcome.status}”", answered=False)


async def edit(sandbox: "Sandbox", seat: "Seat", given: Given) -> Told:
    await seat.edits(given["channel"], given["ts"], given["text"])
    return Told()


async def delete(sandbox: "Sandbox", seat: "Seat", given: Given) -> Told:
    await seat.deletes(given["channel"], given["ts"])
    return Told()


async def react(sandbox: "Sandbox", seat: "Seat", given: Given) -> Told:
    """Add the reaction, or take one's own away."""
    channel, ts, name = given["channel"], given["ts"], given["name"].strip(": ")
    message = sandbox.channel(channel).find(ts)
    mine = message is not None and sandbox.world.workspace.has_reacted(message, seat.id, name)
    await (seat.unreacts if mine else seat.reacts)(channel, ts, name)
    return Told()


async def pin(sandbox: "Sandbox", seat: "Seat", given: Given) -> Told:
    channel, ts = given["channel"], given["ts"]
    pinned = ts in sandbox.channel(channel).pins
    await (seat.unpins if pinned else seat.pins)(channel, ts)
    return Told()


async def press(sandbox: "Sandbox", seat: "Seat", given: Given) -> Told:
    """A button of a message, or an option chosen in a menu there."""
    kind, option = given.get("kind") or "button", given.fields.get("option")
    chosen = taken(kind, option) if option is not None else None
    outcome = await seat.clicks(
        given["channel"],
        given["ts"],
        given["action"],
        block_id=given["block"],
        option=chosen,
    )
    return _told(outcome)


# Modals and App Home


async def view(sandbox: "Sandbox", seat: "Seat", given: Given) -> Told:
    """Everything in a modal or in Home is one form: keep what was typed, then do as was pressed."""
    shown = seat.view or seat.home
    if shown is None or shown.id != given["view"]:
        return Told()
    what = given["press"]
    if what in {"close", "close-all"}:
        return _told(await seat.closes(everything=what == "close-all"))
    pressed = (given.get("block"), given.get("action"))
    _keep_typing(sandbox, seat, shown, given, pressed if what == "fill" else None)
    if what == "submit":
        return await _submit(seat)
    if what == "fill":
        return await _fill(seat, shown, given)
    option = given.get("option")
    return _told(await seat.presses(given["action"], block_id=given["block"], option=option))


async def _submit(seat: "Seat") -> Told:
    outcome = await seat.submits()
    waits = seat.view is not None and bool(seat.view.errors)
    return Told() if outcome.acked or waits else Told(NO_ANSWER, answered=False)


async def _fill(seat: "Seat", shown: View, given: Given) -> Told:
    """An input that tells the app as soon as it is filled."""
    block, action = given["block"], given["action"]
    kind = shown.state[block][action]["type"]
    value = taken(kind, given.fields.get(f"in:{block}{BETWEEN}{action}", []))
    return _told(await seat.fill_exactly(block, action, value))


def _keep_typing(
    sandbox: "Sandbox",
    seat: "Seat",
    shown: View,
    given: Given,
    but: tuple[str | None, str | None] | None,
) -> None:
    for name in given.fields.get("inputs", []):
        block, action = name.split(BETWEEN, 1)
        state = shown.state.get(block, {}).get(action)
        if state is None or (block, action) == but:
            continue
        if state["type"] == "file_input":
            _keep_files(sandbox, seat, state, given.files.get(f"in:{name}", []))
            continue
        seat.holds(block, action, taken(state["type"], given.fields.get(f"in:{name}", [])))


def _keep_files(
    sandbox: "Sandbox", seat: "Seat", state: JSON, files: list[tuple[str, bytes]]
) -> None:
    if files:
        state["files"] = [seat.brings(name, body) for name, body in files]


async def open_home(sandbox: "Sandbox", seat: "Seat", given: Given) -> Told:
    return _told(await seat.opens_home())


async def shortcut(sandbox: "Sandbox", seat: "Seat", given: Given) -> Told:
    return _told(await seat.shortcut(given["callback_id"]))


async def message_shortcut(sandbox: "Sandbox", seat: "Seat", given: Given) -> Told:
    outcome = await seat.message_shortcut(given["callback_id"], given["channel"], given["ts"])
    return _told(outcome)


async def suggest(sandbox: "Sandbox", seat: "Seat", given: Given) -> Told:
    """What the app offers for the letters typed in an external menu."""
    place = (given.get("channel"), given.get("ts"))
    outcome = await seat.looks_up(given["block"], given["action"], given.get("value") or "", place)
    answer = outcome.response or {}
    groups = answer.get("option_groups", [])
    found = [*answer.get("options", []), *(o for g in groups for o in g["options"])]
    return Told(_told(outcome).said, answered=outcome.acked, options=found)


# Channels


async def write_to(sandbox: "Sandbox", seat: "Seat", given: Given) -> Told:
    """Open the direct message with somebody."""
    return Told(go=(await seat.writes_to(given["user"])).id)


async def create(sandbox: "Sandbox", seat: "Seat", given: Given) -> Told:
    made = await seat.creates(given["name"].strip("# "), private=bool(given.get("private")))
    return Told(go=made.id)


async def invite(sandbox: "Sandbox", seat: "Seat", given: Given) -> Told:
    await seat.invites(given["channel"], given["user"])
    return Told()


async def join(sandbox: "Sandbox", seat: "Seat", given: Given) -> Told:
    await seat.joins(given["channel"])
    return Told()


async def leave(sandbox: "Sandbox", seat: "Seat", given: Given) -> Told:
    await seat.leaves(given["channel"])
    return Told(go="home")


async def archive(sandbox: "Sandbox", seat: "Seat", given: Given) -> Told:
    archived = sandbox.channel(given["channel"]).archived
    await (seat.unarchives if archived else seat.archives)(given["channel"])
    return Told()


ACTS: dict[str, Act] = {
    "say": say,
    "edit": edit,
    "delete": delete,
    "react": react,
    "pin": pin,
    "press": press,
    "view": view,
    "suggest": suggest,
    "open-home": open_home,
    "shortcut": shortcut,
    "message-shortcut": message_shortcut,
    "write-to": write_to,
    "create": create,
    "invite": invite,
    "join": join,
    "leave": leave,
    "archive": archive,
}
