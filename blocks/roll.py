"""The roll: everybody in the directory, page by page, and beside each what needs a look."""

from collections.abc import Iterable
from datetime import date

from slack_sdk.models.blocks import ActionsBlock, Block, ButtonElement, PlainTextObject
from slack_sdk.models.views import View

from blocks.directory import change_button
from blocks.forms import Payload, carried, menu
from blocks.layout import buttons, called, safe, says_beside, small
from challenge.directory import Directory, Person
from challenge.doubts import doubts
from challenge.model import PersonId
from challenge.roll import DOUBTFUL, EVERYBODY, OF_AGENCY, Page

ROLL = "roll"
PART = "roll.part"
EARLIER, LATER = "roll.earlier", "roll.later"
LONGEST_NUMBER = 6
OPEN, NEEDS_A_LOOK = "See everybody", "What needs a look"


def view(directory: Directory, page: Page, today: date) -> View:
    """Nothing in it is typed, so there is nothing to send; it carries the page that it shows."""
    return View(
        type="modal",
        title=PlainTextObject(text="The directory"),
        close=PlainTextObject(text="Close"),
        private_metadata=f"{page.at} {page.part}",
        blocks=[
            ActionsBlock(elements=[menu(PART, _parts(directory), page.part)]),
            small(_counted(page)),
            *(_person(directory, each, today) for each in page.people),
            *buttons(_turning(page)),
        ],
    )


def place(view: Payload) -> str:
    """The place in the roll that a view carries; nothing when it is another view, or none."""
    return carried(view) if read_place(carried(view)) else ""


def read_place(place: str) -> tuple[str, int] | None:
    """The part of the roll, and the page of it."""
    at, _, part = place.partition(" ")
    is_page = at.isascii() and at.isdigit() and len(at) < LONGEST_NUMBER
    return (part, int(at)) if is_page and part else None


def open_button() -> ButtonElement:
    return ButtonElement(text=OPEN, action_id=ROLL, value="home")


def entry(directory: Directory, person: Person, today: date) -> str:
    """Everything that a coordinator can change, and what they should look at."""
    leave = [each for each in person.away if each.last >= today]
    away = "; ".join(f"{each.first:%-d %B %Y} to {each.last:%-d %B %Y}" for each in leave)
    confirmed = person.last_confirmed
    lines = [
        f"*{safe(person.name)}*, {safe(person.role)}, {_agency(directory, person)}",
        f"Line manager: {_name(directory, person.line_manager)}. "
        f"Deputy: {_name(directory, person.deputy)}.",
        *([f"Away: {away}."] if away else []),
        f"Last confirmed: {confirmed:%-d %B %Y}." if confirmed else "Never confirmed.",
        *_marks(directory, person, today),
    ]
    return "\n".join(lines)


def _marks(directory: Directory, person: Person, today: date) -> list[str]:
    if not person.active:
        return ["*Has left.*"]
    found = doubts(directory, person, today)
    return [f":exclamation: *{'. '.join(doubt.value for doubt in found)}.*"] if found else []


def _person(directory: Directory, person: Person, today: date) -> Block:
    return says_beside(entry(directory, person, today), change_button(person.id))


def _parts(directory: Directory) -> Iterable[tuple[str, str]]:
    yield EVERYBODY, "All agencies"
    yield DOUBTFUL, NEEDS_A_LOOK
    for agency in directory.agencies:
        yield f"{OF_AGENCY}{agency.key}", agency.name[:70]


def _counted(page: Page) -> str:
    if not page.of:
        return "There is nobody here."
    return f"{page.of} people. Page {page.at + 1} of {page.pages}."


def _turning(page: Page) -> Iterable[ButtonElement]:
    """Each button's value is the page that it leads to."""
    if page.at:
        yield ButtonElement(text="Previous", action_id=EARLIER, value=str(page.at - 1))
    if page.at + 1 < page.pages:
        yield ButtonElement(text="Next", action_id=LATER, value=str(page.at + 1))


def _agency(directory: Directory, person: Person) -> str:
    return safe(directory.agency_name(person.agency))


def _name(directory: Directory, who: PersonId | None) -> str:
    return called(directory, who) if who else "nobody"
