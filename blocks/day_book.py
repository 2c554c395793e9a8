"""The day book: who changed what in the directory, and when; for coordinators."""

import re
from collections.abc import Iterable, Sequence

from slack_sdk.models.blocks import Block, ButtonElement, PlainTextObject
from slack_sdk.models.views import View

from blocks.layout import buttons, called, named, safe, says, small, spoken
from challenge.directory import Directory
from challenge.model import AgencyKey, PersonId
from challenge.people import ACTS_FOR, NEW_MANAGER, NONE, PARTNERSHIP_ROLES, Noted, Written
from challenge.working_time import WorkingCalendar

DAY_BOOK = "day_book"
EARLIER, LATER = "day_book.earlier", "day_book.later"
A_PAGE = 15

# What each kind of line says; `by` is Slack when nobody did it by hand.
SENTENCES = {
    Noted.REGISTERED: "*{about}* added themself.",
    Noted.CONFIRMED: "*{by}* confirmed *{about}*.",
    Noted.ADDED: "*{by}* added *{about}*.",
    Noted.CHANGED: "*{by}* changed the entry of *{about}*.",
    Noted.CHANGED_OWN: "*{by}* changed their own entry.",
    Noted.STILL_RIGHT: "*{by}* said that their entry is right.",
    Noted.LEAVE: "*{by}* set the leave of *{about}*.",
    Noted.LEFT: "*{about}* has left Slack.",
    Noted.RENAMED: "*{about}* has another name in Slack.",
    Noted.AGENCY: "*{by}* set the name of an agency.",
    Noted.ACTS_FOR: "*{by}* changed who acts for an agency.",
    Noted.PARTNERSHIP: "*{by}* changed the partnership's people.",
    Noted.LOADED: "The directory was loaded from a file.",
    Noted.STAGE_CONFIRMED: "*{by}* confirmed a stage of the procedure.",
}
OWN_LEAVE = "*{by}* set their own leave."
ABOUT_A_PERSON = frozenset(Noted) - {
    Noted.AGENCY,
    Noted.ACTS_FOR,
    Noted.PARTNERSHIP,
    Noted.LOADED,
    Noted.STAGE_CONFIRMED,
}
# Details in which people are named by their Slack ids, as mentions of our own making.
_PEOPLE = {"line manager", NEW_MANAGER, "deputy", ACTS_FOR, *PARTNERSHIP_ROLES.values()}
_MENTION = re.compile(r"<@([A-Z0-9]{1,30})>")


def view(
    lines: Sequence[Written], skipped: int, directory: Directory, calendar: WorkingCalendar
) -> View:
    """A page of it, the newest first. One line more than a page says that there are others."""
    nothing = [says("Nothing has been changed yet.")] if not lines and not skipped else []
    return View(
        type="modal",
        title=PlainTextObject(text="Who changed what"),
        close=PlainTextObject(text="Close"),
        blocks=[
            small("The newest comes first. Nobody can change what stands here."),
            *nothing,
            *(_line(each, directory, calendar) for each in lines[:A_PAGE]),
            *buttons(_turning(skipped, len(lines) > A_PAGE)),
        ],
    )


def open_button() -> ButtonElement:
    return ButtonElement(text="Who changed what", action_id=DAY_BOOK, value="0")


def _line(written: Written, directory: Directory, calendar: WorkingCalendar) -> Block:
    line = written.line
    by = named(directory, line.by) if line.by else "Slack"
    about = named(directory, PersonId(line.about)) if line.kind in ABOUT_A_PERSON else ""
    details = (f"{safe(key)}: {_said(key, words, directory)}" for key, words in line.detail.items())
    is_own = line.kind is Noted.LEAVE and line.by == line.about
    sentence = (OWN_LEAVE if is_own else SENTENCES[line.kind]).format(by=by, about=about)
    return says("\n".join([f"{spoken(written.at, calendar)}. {sentence}", *details]))


def _said(key: str, words: str, directory: Directory) -> str:
    if key in _PEOPLE:
        return _MENTION.sub(lambda found: called(directory, PersonId(found[1])), words)
    if key == "agency":
        return " → ".join(_agency(each, directory) for each in words.split(" → "))
    return safe(words)


def _agency(key: str, directory: Directory) -> str:
    return NONE if key == NONE else safe(directory.agency_name(AgencyKey(key)))


def _turning(skipped: int, more: bool) -> Iterable[ButtonElement]:
    """Each button's value is how many lines stand before what it leads to."""
    if skipped:
        before = str(max(skipped - A_PAGE, 0))
        yield ButtonElement(text="Newer", action_id=LATER, value=before)
    if more:
        yield ButtonElement(text="Older", action_id=EARLIER, value=str(skipped + A_PAGE))
