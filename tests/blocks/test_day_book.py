"""The day book: who changed what, and when, in sentences."""

from typing import Any

import pytest

from blocks import day_book
from challenge import people
from challenge.model import PersonId
from challenge.people import Line, Noted, Written
from tests.blocks import gallery
from tests.makers import (
    CSC,
    FRIDAY_TEN,
    OAK,
    U_COORDINATOR,
    U_RAISER,
    U_RAISING_DEPUTY,
    a_directory,
)


def shown(*lines: Line, skipped: int = 0) -> list[str]:
    """Every text of the view, without the sentence above."""
    written = [Written(line, FRIDAY_TEN.now) for line in lines]
    view = day_book.view(written, skipped, a_directory(), FRIDAY_TEN.calendar)
    return [text for _, text in gallery.texts(view.to_dict()["blocks"])][1:]


def test_every_kind_of_line_has_a_sentence():
    assert set(day_book.SENTENCES) == set(Noted)


def test_a_change_says_who_when_and_what():
    changed = people.change_person(
        a_directory(coordinators=(U_RAISING_DEPUTY,)),
        FRIDAY_TEN,
        by=U_RAISING_DEPUTY,
        person=U_RAISER,
        name="Uraiser",
        agency=CSC,
        role="practitioner",
        deputy=U_COORDINATOR,
    )

    [line] = shown(*changed.lines)

    assert line == (
        "Friday 6 March 2026 at 10:00. *Uraisingdeputy (Oak School)* changed the entry of "
        "*Uraiser (Oak School)*.\n"
        "agency: Oak School → Children's Social Care\n"
        "line manager: Uraisingmanager → none\n"
        f"deputy: none → <@{U_COORDINATOR}>"
    )


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (Line(Noted.LEFT, None, U_RAISER), "*Uraiser (Oak School)* has left Slack."),
        (Line(Noted.LEAVE, U_RAISER, U_RAISER), "*Uraiser (Oak School)* set their own leave."),
        (
            Line(Noted.ADDED, U_COORDINATOR, U_RAISER, {"agency": f"none → {OAK}"}),
            f"*<@{U_COORDINATOR}> (of the partnership)* added *Uraiser (Oak School)*.\n"
            "agency: none → Oak School",
        ),
        (Line(Noted.AGENCY, U_RAISER, "x", {"name": "<!here>"}), "name: &lt;!here&gt;"),
    ],
)
def test_odd_lines_read_well_too(line, says):
    assert says in shown(line)[0]


def test_a_new_name_in_slack_says_what_it_was_before():
    renamed = people.followed(
        a_directory(), FRIDAY_TEN, person=U_RAISER, name="Asha Rao", gone=False
    )
    assert renamed is not None

    assert "name: Uraiser → Asha Rao" in shown(*renamed.lines)[0]


def turning(number: int, skipped: int) -> dict[str, str]:
    lines: list[Any] = [Line(Noted.LEFT, None, PersonId("UX"))] * number
    written = [Written(line, FRIDAY_TEN.now) for line in lines]
    view = day_book.view(written, skipped, a_directory(), FRIDAY_TEN.calendar)
    return {e["text"]["text"]: e["value"] for e in gallery.elements(view.to_dict())}


def test_it_is_turned_page_by_page_and_an_empty_one_says_so():
    page = day_book.A_PAGE

    assert turning(page, 0) == {}
    assert turning(page + 1, 0) == {"Older": str(page)}
    assert turning(page + 1, page) == {"Newer": "0", "Older": str(2 * page)}
    assert turning(3, 2 * page) == {"Newer": str(page)}
    assert shown() == ["Nothing has been changed yet."]
