"""Check my words: a button in a form, and the questions that it shows to the writer alone."""

from collections.abc import Mapping
from typing import Any

from slack_sdk.models.blocks import ActionsBlock, Block, ButtonElement

from blocks.identifiers import again, keeping_text, typed
from blocks.layout import says
from challenge.wording import questions

LOOK = "wording.look"
_BUTTON = "wording.button"
_SHOWN = "wording.questions"
WELL = (
    "It is about a decision, and it has a reason, a question and a request. Read it once more as "
    "if you were the one to get it, and send it when you are ready."
)
FREELY = "You can send it as it is. Only you see this, and nothing of it is kept."

Payload = Mapping[str, Any]


def look_button() -> Block:
    """For a form in which somebody is about to send what they wrote."""
    button = ButtonElement(text="Check my words", action_id=LOOK, value="form")
    return ActionsBlock(block_id=_BUTTON, elements=[button])


def looked_over(view: Payload, also: Mapping[str, str]) -> dict[str, Any]:
    """The same form, text and all, with the questions above the button.

    `also` is what the same person wrote in the forms before it.
    """
    shown = _shown({**also, **typed(view)})
    blocks: list[dict[str, Any]] = []
    for block in view["blocks"]:
        if block.get("block_id") == _SHOWN:
            continue
        if block.get("block_id") == _BUTTON:
            blocks.append(shown)
        blocks.append(keeping_text(view, dict(block)))
    return again(view, blocks)


def _shown(texts: Mapping[str, str]) -> dict[str, Any]:
    asked = questions(texts)
    words = "\n".join([f"• {question}" for question in asked] or [WELL])
    block = says(f"{words}\n_{FREELY}_")
    block.block_id = _SHOWN
    return dict(block.to_dict())
