"""Between what an input of Block Kit holds and what a field in a browser holds."""

import json
from datetime import datetime
from typing import Any

from sandbox.clock import LONDON
from sandbox.views import VALUE_KEY, View
from sandbox.wire import JSON

# Stands between block_id and action_id in the names of fields.
BETWEEN = "||"
SEVERAL = {"checkboxes", "file_input"}


def takes_several(kind: str) -> bool:
    return kind.startswith("multi_") or kind in SEVERAL


def held(view: View | None, block: JSON, element: JSON) -> Any:
    """What an input holds now: a string, or a list of them."""
    key = VALUE_KEY[element["type"]]
    state = view.state if view else {}
    now = state.get(block["block_id"], {}).get(element["action_id"], {})
    value = now.get(key) if now else _begins_with(element)
    return _shown(element["type"], value)


def taken(kind: str, given: list[str]) -> Any:
    """What a browser sent, as the seat wants it."""
    if kind.endswith("external_select"):
        chosen = [json.loads(value) for value in given if value]
        return chosen if takes_several(kind) else next(iter(chosen), None)
    if takes_several(kind):
        return [value for value in given if value]
    value = given[0] if given else ""
    if not value:
        return None
    if kind == "datetimepicker":
        return int(datetime.fromisoformat(value).replace(tzinfo=LONDON).timestamp())
    if kind == "rich_text_input":
        return as_rich(value)
    return value


def as_rich(text: str) -> JSON:
    section = {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}
    return {"type": "rich_text", "elements": [section]}


def groups_of(element: JSON) -> list[tuple[JSON | None, list[JSON]]]:
    """The options under their headings; one nameless group when there are none."""
    groups = element.get("option_groups")
    if groups:
        return [(group["label"], group["options"]) for group in groups]
    return [(None, list(element.get("options", [])))]


def chosen(view: View | None, element: JSON, block: JSON) -> list[JSON]:
    """The options that an external menu holds; the app alone knows what others there are."""
    state = view.state if view else {}
    now = state.get(block["block_id"], {}).get(element["action_id"], {})
    value = now.get(VALUE_KEY[element["type"]]) if now else _begins_with(element)
    return value if isinstance(value, list) else [value] if value else []


def _begins_with(element: JSON) -> Any:
    for key, value in element.items():
        if key.startswith("initial_"):
            return value
    return None


def _shown(kind: str, value: Any) -> Any:
    if isinstance(value, list):
        return [_key(each) for each in value]
    if value is None:
        return [] if takes_several(kind) else ""
    if kind == "datetimepicker":
        return datetime.fromtimestamp(int(value), LONDON).strftime("%Y-%m-%dT%H:%M")
    if kind == "rich_text_input":
        return _plain(value)
    return _key(value)


def _key(value: Any) -> str:
    return str(value.get("value") or value.get("id")) if isinstance(value, dict) else str(value)


def _plain(rich: JSON) -> str:
    parts = [part.get("elements", []) for part in rich.get("elements", [])]
    return "\n".join("".join(str(e.get("text", "")) for e in part) for part in parts)
