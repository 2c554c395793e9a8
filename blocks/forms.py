"""Modals: questions in plain words, and reading back what was answered.

A question's block id is the field's own name, so that a refusal can stand beside the field. A
modal carries an id in its private metadata and nothing else.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from slack_sdk.models.blocks import (
    Block,
    CheckboxesElement,
    DatePickerElement,
    DateTimePickerElement,
    InputBlock,
    Option,
    OptionGroup,
    PlainTextInputElement,
    PlainTextObject,
    RadioButtonsElement,
    StaticSelectElement,
    UserMultiSelectElement,
    UserSelectElement,
)
from slack_sdk.models.views import View

from blocks.layout import says
from challenge.model import Safety
from challenge.privacy import clean

ANSWER = "answer"
DANGER_NOW = "danger"
MOST_TYPED = 3000
MOST_OPTIONS = 100
MANY = 2

Payload = Mapping[str, Any]


def modal(
    callback: str, title: str, submit: str, blocks: Sequence[Block], *, carries: object
) -> View:
    return View(
        type="modal",
        callback_id=callback,
        title=PlainTextObject(text=title),
        submit=PlainTextObject(text=submit),
        close=PlainTextObject(text="Cancel"),
        blocks=blocks,
        private_metadata=str(carries),
    )


def on_top(view: View) -> View:
    """The same on top of another view, to which closing it goes back."""
    view.close = PlainTextObject(text="Go back")
    return view


def notice(title: str, sentence: str) -> View:
    """A modal that only says something."""
    return View(
        type="modal",
        title=PlainTextObject(text=title),
        close=PlainTextObject(text="Close"),
        blocks=[says(sentence)],
    )


def question(
    name: str,
    label: str,
    *,
    hint: str = "",
    value: str = "",
    lines: bool = True,
    optional: bool = False,
) -> Block:
    element = PlainTextInputElement(
        action_id=ANSWER,
        multiline=lines,
        max_length=MOST_TYPED if lines else 150,
        initial_value=value or None,
    )
    return _asked(name, label, element, hint, optional)


def choice(
    name: str, label: str, options: Iterable[tuple[str, str]], *, hint: str = "", value: str = ""
) -> Block:
    """A drop-down of (value, words)."""
    return _asked(name, label, menu(ANSWER, options, value), hint)


def menu(act: str, options: Iterable[tuple[str, str]], value: str = "") -> StaticSelectElement:
    made = [Option(value=key, text=words) for key, words in options]
    picked = next((option for option in made if option.value == value), None)
    groups = [made[i : i + MOST_OPTIONS] for i in range(0, len(made), MOST_OPTIONS)]
    return StaticSelectElement(
        action_id=act,
        placeholder="Choose one",
        options=made if len(groups) < MANY else None,
        # Slack shows a hundred in one list; more go in groups, and typing finds them all alike.
        option_groups=[_group(each) for each in groups] if len(groups) >= MANY else None,
        initial_option=picked,
    )


def _group(options: Sequence[Option]) -> OptionGroup:
    first, last = (str(options[at].text)[:30] for at in (0, -1))
    return OptionGroup(label=f"{first} to {last}", options=options)


def radio(
    name: str,
    label: str,
    options: Iterable[tuple[str, str]],
    *,
    hint: str = "",
    value: str = "",
    dispatch: bool = False,
    act: str = ANSWER,
    optional: bool = False,
) -> InputBlock:
    made = [Option(value=key, text=words) for key, words in options]
    picked = next((option for option in made if option.value == value), None)
    element = RadioButtonsElement(action_id=act, options=made, initial_option=picked)
    return _asked(name, label, element, hint, optional, dispatch)


def danger_now() -> InputBlock:
    """The safety question, asked again whenever something is put off or passed on."""
    return radio(
        DANGER_NOW,
        "Is anyone in immediate danger now?",
        [("no", "No"), ("yes", "Yes, or I am not sure")],
        hint="If so, the urgent route begins at once. Call first; this form can wait.",
    )


def answered_safety(view: Payload) -> Safety | None:
    """The answer to the safety question; None when it was not asked, or not answered."""
    given = answer(view, DANGER_NOW)
    return Safety(danger=given == "yes") if given else None


def someone(
    name: str, label: str, *, hint: str = "", value: str = "", optional: bool = False
) -> Block:
    element = UserSelectElement(
        action_id=ANSWER, placeholder="Choose a person", initial_user=value or None
    )
    return _asked(name, label, element, hint, optional)


def day(
    name: str, label: str, *, hint: str = "", value: date | None = None, optional: bool = False
) -> Block:
    element = DatePickerElement(action_id=ANSWER, initial_date=value.isoformat() if value else None)
    return _asked(name, label, element, hint, optional)


def several_people(
    name: str,
    label: str,
    *,
    hint: str = "",
    most: int = 12,
    value: Sequence[str] = (),
    optional: bool = False,
) -> Block:
    element = UserMultiSelectElement(
        action_id=ANSWER,
        placeholder="Choose people",
        max_selected_items=most,
        initial_users=list(value) or None,
    )
    return _asked(name, label, element, hint, optional)


def several(name: str, label: str, options: Iterable[tuple[str, str]], *, hint: str = "") -> Block:
    """Boxes to tick, none of which need be ticked."""
    made = [Option(value=key, text=words) for key, words in options]
    return _asked(name, label, CheckboxesElement(action_id=ANSWER, options=made), hint, True)


def time_of_day(name: str, label: str, *, hint: str = "", optional: bool = False) -> Block:
    """A day and a time together."""
    return _asked(name, label, DateTimePickerElement(action_id=ANSWER), hint, optional)


def answered_several(view: Payload, name: str) -> tuple[str, ...]:
    """What was chosen of several people or boxes."""
    element: Mapping[str, Any] = next(iter(view["state"]["values"].get(name, {}).values()), {})
    boxes = [option.get("value") for option in element.get("selected_options") or ()]
    return tuple(str(each) for each in [*(element.get("selected_users") or ()), *boxes])


def answered_moment(view: Payload, name: str) -> datetime | None:
    element: Mapping[str, Any] = next(iter(view["state"]["values"].get(name, {}).values()), {})
    given = element.get("selected_date_time")
    return datetime.fromtimestamp(int(given), UTC) if given else None


def answer(view: Payload, name: str) -> str:
    """What was typed or chosen in a field, as cleaned text; empty when nothing was."""
    element: Mapping[str, Any] = next(iter(view["state"]["values"].get(name, {}).values()), {})
    option = element.get("selected_option") or {}
    given = (
        element.get("value")
        or option.get("value")
        or element.get("selected_user")
        or element.get("selected_date")
        or ""
    )
    return clean(str(given)).strip()


def read_because(view: Payload) -> dict[str, str]:
    """The facts of a form that asks for a reason and nothing else."""
    return {"because": answer(view, "because")}


def answered_day(view: Payload, name: str) -> date | None:
    given = answer(view, name)
    try:
        return date.fromisoformat(given) if given else None
    except ValueError:
        return None


def carried(view: Payload) -> str:
    return str(view.get("private_metadata") or "")


def seen_in(carried: object) -> str:
    """The mark of what was shown, behind the id that a button or a modal carries."""
    return str(carried).partition(":")[2]


def _asked(
    name: str,
    label: str,
    element: Any,
    hint: str = "",
    optional: bool = False,
    dispatch: bool = False,
) -> InputBlock:
    return InputBlock(
        block_id=name,
        label=PlainTextObject(text=label),
        element=element,
        hint=PlainTextObject(text=hint) if hint else None,
        optional=optional,
        dispatch_action=dispatch or None,
    )
