"""Pointing out, beside the field, what may say who a person is; the text stays as it was typed."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from slack_sdk.models.blocks import CheckboxesElement, InputBlock, Option, PlainTextObject

from challenge.privacy import clean, identifiers

INTENDED = "intended"
_POINTED = "pointed_out."

Payload = Mapping[str, Any]


def point_out(view: Payload, today: date) -> dict[str, Any] | None:
    """The same modal with each find named under its field, and a box to say that it is meant.

    None when there is nothing to point out, or when it was confirmed as intended.
    """
    found = {name: _kinds(text, today) for name, text in typed(view).items()}
    found = {name: kinds for name, kinds in found.items() if kinds}
    if not found or _is_intended(view):
        return None
    return again(view, _with_notes(view, found))


def again(view: Payload, blocks: list[dict[str, Any]]) -> dict[str, Any]:
    """The same modal with other blocks."""
    kept = ("type", "callback_id", "title", "submit", "close", "private_metadata")
    return {**{key: view[key] for key in kept if view.get(key)}, "blocks": blocks}


def typed(view: Payload) -> dict[str, str]:
    return {
        name: element["value"]
        for name, elements in view["state"]["values"].items()
        for element in elements.values()
        if element.get("type") == "plain_text_input" and element.get("value")
    }


def _kinds(text: str, today: date) -> str:
    finds = identifiers(clean(text), today)
    return ", ".join(dict.fromkeys(f"{find.kind.value} ({find.shown})" for find in finds))


def _is_intended(view: Payload) -> bool:
    boxes = view["state"]["values"].get(INTENDED, {})
    return any(element.get("selected_options") for element in boxes.values())


def _with_notes(view: Payload, found: Mapping[str, str]) -> list[dict[str, Any]]:
    blocks: list[dict[str, Any]] = []
    for block in view["blocks"]:
        name = str(block.get("block_id", ""))
        if name == INTENDED or name.startswith(_POINTED):
            continue
        blocks.append(keeping_text(view, dict(block)))
        if name in found:
            blocks.append(_note(name, found[name]))
    return [*blocks, _box()]


def keeping_text(view: Payload, block: dict[str, Any]) -> dict[str, Any]:
    """Slack keeps what was typed where the ids stay the same; this holds it whatever Slack does."""
    text = typed(view).get(str(block.get("block_id")))
    if text is None:
        return block
    return block | {"element": dict(block["element"]) | {"initial_value": text}}


def _note(name: str, kinds: str) -> dict[str, Any]:
    words = (
        f"This looks like {kinds}. Use your agency's reference instead where you can. Your text "
        "is kept as it is."
    )
    return {
        "type": "context",
        "block_id": f"{_POINTED}{name}",
        "elements": [{"type": "plain_text", "text": words, "emoji": False}],
    }


def _box() -> dict[str, Any]:
    option = Option(value=INTENDED, text="I mean to include this; it is needed here")
    block = InputBlock(
        block_id=INTENDED,
        label=PlainTextObject(text="Please look once more at what is pointed out above"),
        element=CheckboxesElement(action_id=INTENDED, options=[option]),
        optional=True,
    )
    return dict(block.to_dict())
