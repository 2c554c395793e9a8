"""Modals and App Home: what is on a person's screen and what they typed into it."""

import re
import secrets
import time
from dataclasses import dataclass, field
from typing import Any

from sandbox.refusals import NotThere
from sandbox.workspace import JSON, buttons_in, elements_in, texts_in, words_of

BUTTON_LIKE = {"button", "overflow", "workflow_button", "icon_button", "feedback_buttons"}
# How Slack names the value of each kind of element in view.state.values.
VALUE_KEY = {
    "plain_text_input": "value",
    "email_text_input": "value",
    "url_text_input": "value",
    "number_input": "value",
    "rich_text_input": "rich_text_value",
    "static_select": "selected_option",
    "external_select": "selected_option",
    "radio_buttons": "selected_option",
    "users_select": "selected_user",
    "conversations_select": "selected_conversation",
    "channels_select": "selected_channel",
    "multi_static_select": "selected_options",
    "multi_external_select": "selected_options",
    "checkboxes": "selected_options",
    "multi_users_select": "selected_users",
    "multi_conversations_select": "selected_conversations",
    "multi_channels_select": "selected_channels",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
    "file_input": "files",
}
INITIAL_KEY = {
    "value": "initial_value",
    "rich_text_value": "initial_value",
    "selected_option": "initial_option",
    "selected_options": "initial_options",
    "selected_user": "initial_user",
    "selected_users": "initial_users",
    "selected_conversation": "initial_conversation",
    "selected_conversations": "initial_conversations",
    "selected_channel": "initial_channel",
    "selected_channels": "initial_channels",
    "selected_date": "initial_date",
    "selected_time": "initial_time",
    "selected_date_time": "initial_date_time",
}
LISTS = {
    "selected_options",
    "selected_users",
    "selected_conversations",
    "selected_channels",
    "files",
}
REQUIRED = "Please complete this required field."
State = dict[str, dict[str, JSON]]


@dataclass
class View:
    """A modal or Home tab on someone's screen; raw is what Slack would send."""

    raw: JSON
    owner: str
    state: State = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def id(self) -> str:
        return str(self.raw["id"])

    @property
    def hash(self) -> str:
        return str(self.raw["hash"])

    @property
    def title(self) -> str:
        return words_of(self.raw.get("title"))

    @property
    def blocks(self) -> list[JSON]:
        return list(self.raw["blocks"])

    @property
    def callback_id(self) -> str:
        return str(self.raw.get("callback_id", ""))

    @property
    def private_metadata(self) -> str:
        return str(self.raw.get("private_metadata", ""))

    @property
    def external_id(self) -> str:
        return str(self.raw.get("external_id", ""))

    @property
    def words(self) -> str:
        return "\n".join([self.title, *texts_in(self.blocks)])

    @property
    def buttons(self) -> list[str]:
        return [words_of(button.get("text")) for button in buttons_in(self.blocks)]

    @property
    def labels(self) -> list[str]:
        return [words_of(b["label"]) for b in self.blocks if b["type"] == "input"]

    def payload(self) -> JSON:
        """The view as Slack puts it in payloads, with what was typed so far."""
        return self.raw | {"state": {"values": self.state}}

    def unready(self) -> dict[str, str]:
        """What Slack itself says, by block_id, before it lets a person submit."""
        inputs = [block for block in self.blocks if block["type"] == "input"]
        said = {block["block_id"]: self._wrong_with(block) for block in inputs}
        return {block_id: text for block_id, text in said.items() if text}

    def _wrong_with(self, block: JSON) -> str:
        element = block["element"]
        held = self.state[block["block_id"]][element["action_id"]]
        value = held[VALUE_KEY[element["type"]]]
        if value in (None, "", []):
            return "" if block.get("optional") else REQUIRED
        return _wrong_text(element, value) if isinstance(value, str) else ""

    def as_json(self) -> JSON:
        return {"raw": self.payload(), "owner": self.owner, "errors": self.errors}


def _wrong_text(element: JSON, value: str) -> str:
    """Slack checks addresses, numbers and short answers before the bot hears of them."""
    kind = element["type"]
    if kind == "email_text_input" and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", value):
        return "Enter a valid email address."
    if kind == "url_text_input" and not re.match(r"https?://\S+$", value):
        return "Enter a valid web address."
    if kind == "number_input":
        return _wrong_number(element, value)
    if len(value) < element.get("min_length", 0):
        return f"Write at least {element['min_length']} characters."
    return ""


def _wrong_number(element: JSON, value: str) -> str:
    if not re.fullmatch(r"-?\d+(\.\d+)?", value):
        return "Enter a number."
    if "." in value and not element["is_decimal_allowed"]:
        return "Enter a whole number."
    least, most = element.get("min_value"), element.get("max_value")
    if least is not None and float(value) < float(least):
        return f"Enter a number of at least {least}."
    if most is not None and float(value) > float(most):
        return f"Enter a number of at most {most}."
    return ""


def view_from_json(found: JSON) -> View:
    state = found["raw"].get("state", {}).get("values", {})
    return View(found["raw"], found["owner"], state, found["errors"])


@dataclass
class Screen:
    """What one person has open: a stack of modals, and the last published Home tab."""

    stack: list[View] = field(default_factory=list)
    home: View | None = None


def number_blocks(blocks: list[JSON]) -> list[JSON]:
    """Give the blocks and elements that lack one an id, as Slack does."""
    numbered = []
    for block in blocks:
        block = {"block_id": secrets.token_urlsafe(4), **block}
        for key in ("element", "accessory"):
            if isinstance(block.get(key), dict):
                block[key] = _numbered(block[key])
        if block["type"] in {"actions", "context_actions"}:
            block["elements"] = [_numbered(element) for element in block["elements"]]
        if block["type"] == "card" and "actions" in block:
            block["actions"] = [_numbered(element) for element in block["actions"]]
        for key in {"carousel": ["elements"], "container": ["child_blocks"]}.get(block["type"], []):
            block[key] = number_blocks(block[key])
        numbered.append(block)
    return numbered


def state_of(blocks: list[JSON], earlier: State | None = None) -> State:
    """What the inputs hold: kept where block_id and action_id are the same, else the initial."""
    state: State = {}
    for block, element in elements_in(blocks):
        if element["type"] not in VALUE_KEY:
            continue
        kept = (earlier or {}).get(block["block_id"], {}).get(element["action_id"])
        value = kept if kept and kept["type"] == element["type"] else _initial(element)
        state.setdefault(block["block_id"], {})[element["action_id"]] = value
    return state


def fresh_hash() -> str:
    return f"{int(time.time())}.{secrets.token_hex(4)}"


def find_input(blocks: list[JSON], named: str) -> tuple[JSON, JSON]:
    """The input with that visible label, action_id or block_id."""
    settable = [(b, e) for b, e in elements_in(blocks) if e["type"] in VALUE_KEY]
    found = [(b, e) for b, e in settable if named in _names(b, e)]
    if not found:
        offered = sorted({name for b, e in settable for name in _names(b, e)})
        raise NotThere(f"there is no input called {named!r}; there are {offered}")
    return found[0]


def _names(block: JSON, element: JSON) -> set[str]:
    label = words_of(block.get("label")) or words_of(block.get("text"))
    return {label, element["action_id"], block["block_id"]} - {""}


def find_button(
    blocks: list[JSON],
    named: str | None,
    label: str | None = None,
    value: str | None = None,
    block_id: str | None = None,
) -> tuple[JSON, JSON]:
    """The one element with that visible label or action_id; value or block_id narrow it down."""
    offered = list(elements_in(blocks))
    found = [
        (block, element)
        for block, element in offered
        if (named is None or named in (element["action_id"], words_of(element.get("text"))))
        and (label is None or words_of(element.get("text")) == label)
        and (value is None or element.get("value") == value)
        and (block_id is None or block["block_id"] == block_id)
    ]
    asked = named or label or value or block_id
    if not found:
        labels = [words_of(e.get("text")) or e["action_id"] for _, e in offered]
        raise NotThere(f"there is nothing called {asked!r} to press; there are {labels}")
    if len(found) > 1:
        values = [element.get("value") for _, element in found]
        raise NotThere(f"{asked!r} is there {len(found)} times; give value=, one of {values}")
    return found[0]


def set_value(element: JSON, value: Any) -> JSON:
    """What Slack would hold for that element after a person chose or typed this value."""
    kind = element["type"]
    key = VALUE_KEY[kind]
    if key == "selected_option":
        value = None if value is None else _option(element, value)
    elif key == "selected_options":
        value = [_option(element, each) for each in _as_list(value)]
    elif key == "selected_date_time" and value is not None:
        value = int(value)
    elif key in LISTS:
        value = _as_list(value)
    elif key == "value" and value is not None:
        value = _checked_text(element, str(value))
    return {"type": kind, key: value}


def _checked_text(element: JSON, text: str) -> str | None:
    most = element.get("max_length")
    if most is not None and len(text) > most:
        raise NotThere(f"the input takes {most} characters, not {len(text)}")
    # Slack sends null, not an empty string, for an input left blank.
    return text or None


def _option(element: JSON, wanted: Any) -> JSON:
    if isinstance(wanted, dict):
        return wanted
    groups = element.get("option_groups", [])
    options = [*element.get("options", []), *(o for g in groups for o in g["options"])]
    for option in options:
        if wanted in (words_of(option["text"]), option.get("value")):
            return dict(option)
    raise NotThere(f"no option {wanted!r}; there are {[words_of(o['text']) for o in options]}")


def _as_list(value: Any) -> list[Any]:
    if value is None:
        return []
    return list(value) if isinstance(value, list | tuple | set) else [value]


def _numbered(element: JSON) -> JSON:
    if element["type"] in VALUE_KEY or element["type"] in BUTTON_LIKE:
        return {"action_id": secrets.token_urlsafe(4), **element}
    return element


def _initial(element: JSON) -> JSON:
    key = VALUE_KEY[element["type"]]
    empty: Any = [] if key in LISTS else None
    return {"type": element["type"], key: element.get(INITIAL_KEY.get(key, ""), empty)}
