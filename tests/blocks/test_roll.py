"""The roll as a coordinator sees it: each entry, what is wrong with it, the way to change it."""

from datetime import date
from typing import Any

from blocks import roll
from challenge.directory import Away, Directory
from challenge.roll import DOUBTFUL, EVERYBODY, OF_AGENCY, turned_to
from tests.blocks import gallery
from tests.makers import (
    OAK,
    U_CHALLENGED,
    U_GUEST,
    U_RAISER,
    U_RAISING_DEPUTY,
    U_RAISING_MANAGER,
    U_UNIT,
    a_directory,
    the_person,
)

TODAY = date(2026, 3, 6)


def entry(directory: Directory, who: Any) -> str:
    person = directory.person(who)
    assert person is not None
    return roll.entry(directory, person, TODAY)


def page(directory: Directory, part: str = EVERYBODY, at: int = 0) -> dict[str, Any]:
    return dict(roll.view(directory, turned_to(directory, part, at, TODAY), TODAY).to_dict())


def buttons_of(view: dict[str, Any]) -> dict[str, str]:
    return {e["text"]["text"]: e["value"] for e in gallery.elements(view) if "text" in e}


def test_an_entry_says_everything_that_can_be_changed():
    away = (Away(date(2025, 12, 24), date(2026, 1, 2)), Away(date(2026, 3, 9), date(2026, 3, 13)))
    directory = a_directory(
        the_person(U_RAISING_MANAGER, away=away, last_confirmed=TODAY, line_manager=U_UNIT)
    )

    assert entry(directory, U_RAISING_MANAGER) == (
        "*Uraisingmanager*, line manager, Oak School\n"
        "Line manager: <@UUNIT>. Deputy: Uraisingdeputy.\n"
        "Away: 9 March 2026 to 13 March 2026.\n"
        "Last confirmed: 6 March 2026."
    )


def test_what_is_wrong_is_marked_in_words_and_who_has_left_is_said_to_have_left():
    directory = a_directory(
        the_person(U_RAISER, line_manager=None, deputy=U_GUEST, provisional=True),
        the_person(U_RAISING_DEPUTY, active=False),
    )

    assert entry(directory, U_RAISER).endswith(
        ":exclamation: *A coordinator has still to check this. No line manager. The deputy has "
        "left or is not listed. Not confirmed this quarter.*"
    )
    assert entry(directory, U_RAISING_DEPUTY).endswith("*Has left.*")


def test_each_person_has_a_button_that_opens_their_entry():
    blocks = page(a_directory())["blocks"]

    beside = {b["accessory"]["value"] for b in blocks if b.get("accessory")}
    assert {U_RAISER, U_CHALLENGED} <= beside
    assert len(beside) == len(a_directory().people)


def test_pages_lead_on_and_back_and_the_view_knows_which_it_shows():
    crowd = gallery.a_crowd(a_directory())

    first, last = page(crowd), page(crowd, at=2)

    assert (buttons_of(first)["Next"], "Previous" in buttons_of(first)) == ("1", False)
    assert (buttons_of(last)["Previous"], "Next" in buttons_of(last)) == ("1", False)
    assert roll.read_place(last["private_metadata"]) == (EVERYBODY, 2)
    assert "44 people. Page 3 of 3." in [text for _, text in gallery.texts(last)]


def test_the_menu_has_every_agency_and_shows_which_one_is_open():
    menu = page(gallery.a_crowd(a_directory()), f"{OF_AGENCY}{OAK}")["blocks"][0]["elements"][0]

    groups = [option["value"] for group in menu["option_groups"] for option in group["options"]]
    assert len(groups) == 155
    assert groups[:2] == [EVERYBODY, DOUBTFUL]
    assert menu["initial_option"]["text"]["text"] == "Oak School"
    assert max(len(group["options"]) for group in menu["option_groups"]) <= 100


def test_a_place_is_read_only_from_what_a_roll_carries():
    assert roll.read_place("3 agency:oak school") == ("agency:oak school", 3)
    for strange in ("", "7", "7 ", "U0ASHA", "-1 everybody", "1234567 everybody", "² everybody"):
        assert roll.read_place(strange) is None
