"""The tour's diagrams say what the tables say, and the tables leave nothing out."""

from challenge.model import Status
from challenge.rights import MAY, MOVES, Act
from tests.house.tour import PAGE, refreshed


def test_the_tour_is_drawn_from_the_tables_as_they_are_now():
    page = PAGE.read_text(encoding="utf-8")

    assert refreshed(page) == page, "Type: python -m tests.house.tour"


def test_every_status_has_a_row_in_the_table_of_moves():
    assert set(MOVES) == set(Status)


def test_every_act_has_a_row_in_the_table_of_rights():
    assert set(MAY) == set(Act)
