"""Filling in a modal as a person would, and handing back what Slack would send."""

from typing import Any

from slack_sdk.models.views import View

from sandbox.views import set_value, state_of
from sandbox.workspace import elements_in

Payload = dict[str, Any]


def filled(view: View | Payload, earlier: Payload | None = None, **answers: Any) -> Payload:
    """The submitted view; `earlier` is the payload of the modal that this one took the place of.

    A field is named by its block id; a dot in it is written as two underscores.
    """
    raw: Payload = dict(view if isinstance(view, dict) else view.to_dict())
    state = state_of(raw["blocks"], earlier["state"]["values"] if earlier else None)
    fields = [block for block in raw["blocks"] if block["type"] == "input"]
    inputs = {block["block_id"]: element for block, element in elements_in(fields)}
    for name, value in answers.items():
        field = name.replace("__", ".")
        state[field][inputs[field]["action_id"]] = set_value(inputs[field], value)
    return raw | {"state": {"values": state}}


def answers_in(payload: Payload) -> Payload:
    """What each field holds."""
    return {
        name: {k: v for k, v in element.items() if k != "type"}
        for name, elements in payload["state"]["values"].items()
        for element in elements.values()
    }
