"""Does this have another route? Some matters do; nothing that is chosen here is ever kept."""

from collections.abc import Mapping
from typing import Any

from slack_sdk.models.blocks import Block, ButtonElement
from slack_sdk.models.views import View

from blocks.forms import answer, choice, modal, radio
from blocks.layout import numbers, safe, says, small
from challenge.procedure import OtherRoute, Procedure

LOOK = "other_routes.look"
DANGER = "other_routes.danger"
CHOSEN = "other_routes.chosen"

YES, NO = "yes", "no"
NONE = "none"
_SHOWN = "other_routes.shown."

Payload = Mapping[str, Any]


def look_button() -> ButtonElement:
    return ButtonElement(text="Does this have another route?", action_id=LOOK, value="form")


def ask_view(procedure: Procedure, draft: str, *, danger: str = "", route: str = "") -> View:
    """Safety once more, before anybody is sent elsewhere; then which of the routes it is."""
    emergency = procedure.emergency
    urgent = [says(f"*Please act now; this form can wait.*\n{numbers(emergency)}")]
    listed = [(str(number), each.name) for number, each in enumerate(procedure.other_routes)]
    return modal(
        CHOSEN,
        "Another route?",
        "Go on",
        [
            says(f":warning: *{safe(emergency.text)}*"),
            radio(
                "danger",
                "Is anyone in immediate danger now?",
                [(NO, "No"), (YES, "Yes, or I am not sure")],
                value=danger,
                dispatch=True,
                act=DANGER,
            ),
            *(urgent if danger == YES else []),
            says("These have a route of their own:"),
            *(_route(each) for each in procedure.other_routes),
            choice(
                "route",
                "Is it one of these?",
                [*listed, (NONE, "None of these: it is a challenge")],
                value=route,
            ),
            small("What you choose here is not kept, and nobody is told."),
        ],
        carries=draft,
    )


def _route(route: OtherRoute) -> Block:
    return says(f"*{safe(route.name)}*\n{safe(route.when)}\nWhom to contact: {_contact(route)}")


def _contact(route: OtherRoute) -> str:
    """Until somebody fills it in, who knows the rest: a practitioner is shown no placeholder."""
    if route.is_filled_in:
        return safe(route.contact)
    if not route.known:
        return "Ask your safeguarding lead; they know who it is."
    return f"{safe(route.known)} Ask your safeguarding lead for the number."


def read(view: Payload, procedure: Procedure) -> tuple[str, OtherRoute | None]:
    """Whether anyone is in danger, and the route chosen; None when it is a challenge."""
    return answer(view, "danger"), _numbered(procedure, answer(view, "route"))


def block(procedure: Procedure, route: OtherRoute) -> Block:
    """Whom to contact. Its id holds the route's number, so that the form can show it again."""
    shown = says(
        f"*{safe(route.name)}* has a route of its own.\nWhom to contact: {_contact(route)}"
        "\nIf there is a decision that you also want to challenge, you can go on here."
    )
    shown.block_id = f"{_SHOWN}{procedure.other_routes.index(route)}"
    return shown


def shown_in(view: Payload, procedure: Procedure) -> OtherRoute | None:
    """The route that a form shows, if it shows one."""
    ids = (str(each.get("block_id", "")) for each in view["blocks"])
    number = next((i.removeprefix(_SHOWN) for i in ids if i.startswith(_SHOWN)), "")
    return _numbered(procedure, number)


def _numbered(procedure: Procedure, number: str) -> OtherRoute | None:
    known = {str(n): route for n, route in enumerate(procedure.other_routes)}
    return known.get(number)
