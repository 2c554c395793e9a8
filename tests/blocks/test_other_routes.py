"""Whom to contact about what has another route: never a placeholder."""

import pytest

from blocks import other_routes
from tests.blocks.gallery import plain, texts
from tests.makers import a_procedure

ASK_FOR_NUMBER = "Ask your safeguarding lead for the number."
ASK_WHO = "Ask your safeguarding lead; they know who it is."


@pytest.mark.parametrize(
    ("contact", "shown"),
    [
        ("The complaints team, 01632 960001.", "The complaints team, 01632 960001."),
        ("The complaints team. Number to be filled in.", f"The complaints team. {ASK_FOR_NUMBER}"),
        ("The complaints team, number to be filled in", f"The complaints team. {ASK_FOR_NUMBER}"),
        ("Children: LADO. Adults: to be filled in", f"Children: LADO. Adults. {ASK_FOR_NUMBER}"),
        ("To be filled in.", ASK_WHO),
    ],
)
def test_a_contact_that_is_not_filled_in_says_whom_to_ask(contact, shown):
    route = {"name": "A complaint", "when": "Somebody is unhappy.", "contact": contact}
    procedure = a_procedure(other_route=[route])

    chosen = other_routes.block(procedure, procedure.other_routes[0])

    for drawn in (plain([chosen]), other_routes.ask_view(procedure, "d1").to_dict()):
        said = "\n".join(text for _, text in texts(drawn))
        assert f"Whom to contact: {shown}" in said
        assert "filled in" not in said
