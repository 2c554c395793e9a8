"""Slack's rules for blocks and views, with messages like Slack's own."""

import re
from collections.abc import Callable
from typing import Any

from sandbox.wire import JSON

# A check looks at one value and says what is wrong with it, with a pointer to where.
Check = Callable[[Any, str], list[str]]

MOST_BLOCKS = {"message": 50, "modal": 100, "home": 100}
PLAIN = ("plain_text",)
EITHER = ("plain_text", "mrkdwn")


def problems_in_blocks(blocks: Any, surface: str, at: str = "/blocks") -> list[str]:
    """What Slack would refuse in the blocks of a message, a modal or App Home."""
    problems = many(_block, 1, MOST_BLOCKS[surface])(blocks, at)
    if not isinstance(blocks, list):
        return problems
    known = [b for b in blocks if isinstance(b, dict)]
    return [*problems, *_wrong_place(known, surface, at), *_repeated_ids(known, at)]


def problems_in_view(view: Any) -> list[str]:
    """What Slack would refuse in a modal or an App Home tab."""
    if not isinstance(view, dict):
        return [_error("must provide an object", "/view")]
    kind = view.get("type")
    if kind not in VIEWS:
        return [_error("must be a valid enum value", "/view/type")]
    problems = VIEWS[kind](view, "/view")
    problems += problems_in_blocks(view.get("blocks"), str(kind), "/view/blocks")
    blocks = [b for b in view.get("blocks") or [] if isinstance(b, dict)]
    if kind == "modal" and not view.get("submit") and any(b.get("type") == "input" for b in blocks):
        problems.append(_error("missing required field: submit", "/view"))
    if str(blocks).count("'focus_on_load': True") > 1:
        problems.append(_error("only one element may have focus_on_load", "/view/blocks"))
    return problems


# The small checks everything is built of


def string(most: int, least: int = 1) -> Check:
    def check(value: Any, at: str) -> list[str]:
        if not isinstance(value, str):
            return [_error("must be a string", at)]
        if len(value) < least:
            return [_error(f"must be more than {least - 1} characters", at)]
        if len(value) > most:
            return [_error(f"must be less than {most + 1} characters", at)]
        return []

    return check


def matching(pattern: str, said: str) -> Check:
    def check(value: Any, at: str) -> list[str]:
        right = isinstance(value, str) and re.fullmatch(pattern, value)
        return [] if right else [_error(said, at)]

    return check


def flag(value: Any, at: str) -> list[str]:
    return [] if isinstance(value, bool) else [_error("must be a boolean", at)]


def anything(value: Any, at: str) -> list[str]:
    return []


def number(least: int, most: int) -> Check:
    def check(value: Any, at: str) -> list[str]:
        if not isinstance(value, int) or isinstance(value, bool):
            return [_error("must be an integer", at)]
        return [] if least <= value <= most else [_error(f"must be {least} to {most}", at)]

    return check


def one_of(*values: str) -> Check:
    def check(value: Any, at: str) -> list[str]:
        return [] if value in values else [_error("must be a valid enum value", at)]

    return check


def many(each: Check, least: int, most: int) -> Check:
    def check(value: Any, at: str) -> list[str]:
        if not isinstance(value, list):
            return [_error("must be an array", at)]
        problems = []
        if len(value) < least:
            problems.append(_error(f"no fewer than {least} items required", at))
        if len(value) > most:
            problems.append(_error(f"no more than {most} items allowed", at))
        for place, item in enumerate(value):
            problems += each(item, f"{at}/{place}")
        return problems

    return check


def shape(required: dict[str, Check], optional: dict[str, Check] | None = None) -> Check:
    fields = {**required, **(optional or {})}

    def check(value: Any, at: str) -> list[str]:
        if not isinstance(value, dict):
            return [_error("must provide an object", at)]
        missing = [name for name in required if value.get(name) is None]
        problems = [_error(f"missing required field: {name}", at) for name in missing]
        for name, given in value.items():
            if name in fields and given is not None:
                problems += fields[name](given, f"{at}/{name}")
            elif name not in fields and name != "type":
                problems.append(_error(f"invalid additional property: {name}", at))
        return problems

    return check


def typed(kinds: dict[str, Check]) -> Check:
    """An object whose type says which check it has to pass."""

    def check(value: Any, at: str) -> list[str]:
        if not isinstance(value, dict):
            return [_error("must provide an object", at)]
        kind = value.get("type")
        if kind is None:
            return [_error("missing required field: type", at)]
        if kind not in kinds:
            return [_error(f"unsupported type: {kind}", f"{at}/type")]
        return kinds[kind](value, at)

    return check


def words(most: int, kinds: tuple[str, ...] = PLAIN) -> Check:
    text = {"text": string(most)}
    offered = {
        "plain_text": shape(text, {"emoji": flag}),
        "mrkdwn": shape(text, {"verbatim": flag}),
    }
    return typed({kind: offered[kind] for kind in kinds})


def _error(said: str, at: str) -> str:
    return f"[ERROR] {said} [json-pointer:{at}]"


# Objects

ID = string(255)
URL = string(3000)
CONFIRM = shape(
    {"title": words(100), "text": words(300, EITHER), "confirm": words(30), "deny": words(30)},
    {"style": one_of("primary", "danger")},
)
OPTION = shape(
    {"text": words(75, EITHER), "value": string(150)},
    {"description": words(75, EITHER), "url": URL},
)
GROUP = shape({"label": words(75), "options": many(OPTION, 1, 100)})
FILTER = shape(
    {},
    {
        "include": many(one_of("im", "mpim", "private", "public"), 1, 4),
        "exclude_external_shared_channels": flag,
        "exclude_bot_users": flag,
    },
)
DATE = matching(r"\d{4}-\d{2}-\d{2}", "must be a date like 2026-03-06")
TIME = matching(r"([01]\d|2[0-3]):[0-5]\d", "must be a time like 09:30")
DECIMAL = matching(r"-?\d+(\.\d+)?", "must be a number in a string")
DISPATCH = shape(
    {},
    {
        "trigger_actions_on": many(one_of("on_enter_pressed", "on_character_entered"), 1, 2),
    },
)
SLACK_FILE = shape({}, {"id": string(255), "url": URL})
IDS = many(string(255), 0, 1000)

# Elements

_ACTION = {"action_id": ID}
_FOCUS = {**_ACTION, "focus_on_load": flag}
_CHOICE = {**_FOCUS, "placeholder": words(150), "confirm": CONFIRM}
_TYPING = {**_FOCUS, "placeholder": words(150), "dispatch_action_config": DISPATCH}
_SEVERAL = {**_CHOICE, "max_selected_items": number(1, 1000)}
_OPTIONS = {"options": many(OPTION, 1, 100), "option_groups": many(GROUP, 1, 100)}


def _select(check: Check) -> Check:
    """A static select has options or groups, never both and never neither."""

    def checked(value: Any, at: str) -> list[str]:
        problems = check(value, at)
        if isinstance(value, dict) and bool(value.get("options")) == bool(
            value.get("option_groups")
        ):
            problems.append(_error("provide options or option_groups", at))
        return [*problems, *_initial_not_offered(value, at)]

    return checked


def _offering(check: Check) -> Check:
    def checked(value: Any, at: str) -> list[str]:
        return [*check(value, at), *_initial_not_offered(value, at)]

    return checked


def _initial_not_offered(value: Any, at: str) -> list[str]:
    """What is chosen beforehand must be, to the letter, one of the options."""
    if not isinstance(value, dict):
        return []
    groups = value.get("option_groups") or []
    offered = list(value.get("options") or [])
    offered += [o for g in groups if isinstance(g, dict) for o in g.get("options") or []]
    initial = value.get("initial_options") or []
    if value.get("initial_option"):
        initial = [value["initial_option"]]
    values = [str(o.get("value")) for o in offered if isinstance(o, dict)]
    problems = [_error("initial option is not offered", at) for o in initial if o not in offered]
    if len(set(values)) < len(values):
        problems.append(_error("option values must be unique", at))
    return problems


BUTTON = shape(
    {"text": words(75)},
    {
        **_ACTION,
        "url": URL,
        "value": string(2000),
        "style": one_of("primary", "danger"),
        "confirm": CONFIRM,
        "accessibility_label": string(75),
        "visible_to_user_ids": IDS,
        "agent_prompt": anything,
        "agent_prompt_display": anything,
    },
)
IMAGE_ELEMENT = shape({"alt_text": string(2000)}, {"image_url": URL, "slack_file": SLACK_FILE})
PRESSED: dict[str, Check] = {
    "button": BUTTON,
    "overflow": shape({"options": many(OPTION, 1, 5)}, {**_ACTION, "confirm": CONFIRM}),
    "workflow_button": shape(
        {"text": words(75), "workflow": anything},
        {**_ACTION, "style": one_of("primary", "danger"), "accessibility_label": string(75)},
    ),
}
CHOSEN: dict[str, Check] = {
    "static_select": _select(shape({}, {**_CHOICE, **_OPTIONS, "initial_option": OPTION})),
    "external_select": shape(
        {}, {**_CHOICE, "initial_option": OPTION, "min_query_length": number(0, 1000)}
    ),
    "users_select": shape({}, {**_CHOICE, "initial_user": ID}),
    "conversations_select": shape(
        {},
        {
            **_CHOICE,
            "initial_conversation": ID,
            "default_to_current_conversation": flag,
            "response_url_enabled": flag,
            "filter": FILTER,
        },
    ),
    "channels_select": shape({}, {**_CHOICE, "initial_channel": ID, "response_url_enabled": flag}),
    "multi_static_select": _select(
        shape({}, {**_SEVERAL, **_OPTIONS, "initial_options": many(OPTION, 1, 100)})
    ),
    "multi_external_select": shape(
        {},
        {
            **_SEVERAL,
            "initial_options": many(OPTION, 1, 100),
            "min_query_length": number(0, 1000),
        },
    ),
    "multi_users_select": shape({}, {**_SEVERAL, "initial_users": IDS}),
    "multi_conversations_select": shape(
        {},
        {
            **_SEVERAL,
            "initial_conversations": IDS,
            "default_to_current_conversation": flag,
            "filter": FILTER,
        },
    ),
    "multi_channels_select": shape({}, {**_SEVERAL, "initial_channels": IDS}),
    "datepicker": shape({}, {**_CHOICE, "initial_date": DATE}),
    "timepicker": shape({}, {**_CHOICE, "initial_time": TIME, "timezone": string(100)}),
    "datetimepicker": shape(
        {}, {**_FOCUS, "confirm": CONFIRM, "initial_date_time": number(10**9, 10**10 - 1)}
    ),
    "checkboxes": _offering(
        shape(
            {"options": many(OPTION, 1, 10)},
            {**_FOCUS, "confirm": CONFIRM, "initial_options": many(OPTION, 1, 10)},
        )
    ),
    "radio_buttons": _offering(
        shape(
            {"options": many(OPTION, 1, 10)},
            {**_FOCUS, "confirm": CONFIRM, "initial_option": OPTION},
        )
    ),
}
TYPED: dict[str, Check] = {
    "plain_text_input": shape(
        {},
        {
            **_TYPING,
            "initial_value": string(3000, 0),
            "multiline": flag,
            "min_length": number(0, 3000),
            "max_length": number(1, 3000),
        },
    ),
    "email_text_input": shape({}, {**_TYPING, "initial_value": string(3000)}),
    "url_text_input": shape({}, {**_TYPING, "initial_value": string(3000)}),
    "number_input": shape(
        {"is_decimal_allowed": flag},
        {**_TYPING, "initial_value": DECIMAL, "min_value": DECIMAL, "max_value": DECIMAL},
    ),
    "rich_text_input": shape(
        {},
        {
            **_TYPING,
            "initial_value": anything,
            "min_lines": number(1, 100),
            "max_lines": number(1, 100),
        },
    ),
    "file_input": shape(
        {}, {**_ACTION, "filetypes": many(string(50), 1, 100), "max_files": number(1, 10)}
    ),
}
FEEDBACK = shape({"text": words(75), "value": string(2000)}, {"accessibility_label": string(75)})
CONTEXT_ACTIONS: dict[str, Check] = {
    "feedback_buttons": shape(
        {"positive_button": FEEDBACK, "negative_button": FEEDBACK}, {**_ACTION}
    ),
    "icon_button": shape(
        {"icon": string(100), "text": words(75)},
        {
            **_ACTION,
            "value": string(2000),
            "accessibility_label": string(75),
            "visible_to_user_ids": IDS,
            "confirm": CONFIRM,
        },
    ),
}

# Blocks

_BLOCK = {"block_id": ID}
ACCESSORY = typed({**PRESSED, **CHOSEN, "image": IMAGE_ELEMENT})
CONTEXT_WORDS = {kind: words(2000, (kind,)) for kind in EITHER}
CELL = typed(
    {
        "raw_text": shape({"text": string(10_000, 0)}),
        "raw_number": shape({"value": anything}, {"text": string(10_000)}),
        "rich_text": shape({"elements": anything}, _BLOCK),
    }
)


def _section(value: Any, at: str) -> list[str]:
    problems = SECTION(value, at)
    if isinstance(value, dict) and not value.get("text") and not value.get("fields"):
        problems.append(_error("missing required field: text or fields", at))
    return problems


SECTION = shape(
    {},
    {
        **_BLOCK,
        "text": words(3000, EITHER),
        "fields": many(words(2000, EITHER), 1, 10),
        "accessory": ACCESSORY,
        "expand": flag,
    },
)
RICH_TEXT_PART = typed(
    {
        "rich_text_section": shape({"elements": many(anything, 0, 1000)}),
        "rich_text_list": shape(
            {"elements": many(anything, 1, 1000), "style": one_of("bullet", "ordered")},
            {"indent": number(0, 8), "offset": number(0, 1000), "border": number(0, 1)},
        ),
        "rich_text_preformatted": shape(
            {"elements": many(anything, 0, 1000)}, {"border": number(0, 1), "language": anything}
        ),
        "rich_text_quote": shape({"elements": many(anything, 0, 1000)}, {"border": number(0, 1)}),
    }
)
TASK = {
    "task_id": string(255),
    "title": string(255),
}
CARD = shape(
    {},
    {
        **_BLOCK,
        "title": words(150, EITHER),
        "subtitle": words(150, EITHER),
        "body": words(200, EITHER),
        "icon": IMAGE_ELEMENT,
        "hero_image": IMAGE_ELEMENT,
        "actions": many(typed(PRESSED), 1, 5),
    },
)
BLOCKS: dict[str, Check] = {
    "section": _section,
    "divider": shape({}, _BLOCK),
    "header": shape({"text": words(150)}, _BLOCK),
    "image": shape(
        {"alt_text": string(2000)},
        {**_BLOCK, "image_url": URL, "slack_file": SLACK_FILE, "title": words(2000)},
    ),
    "actions": shape({"elements": many(typed({**PRESSED, **CHOSEN}), 1, 25)}, _BLOCK),
    "context": shape(
        {"elements": many(typed({**CONTEXT_WORDS, "image": IMAGE_ELEMENT}), 1, 10)}, _BLOCK
    ),
    "context_actions": shape({"elements": many(typed(CONTEXT_ACTIONS), 1, 5)}, _BLOCK),
    "input": shape(
        {"label": words(2000), "element": typed({**TYPED, **CHOSEN})},
        {**_BLOCK, "hint": words(2000), "optional": flag, "dispatch_action": flag},
    ),
    "rich_text": shape({"elements": many(RICH_TEXT_PART, 1, 1000)}, _BLOCK),
    "markdown": shape({"text": string(12_000)}, _BLOCK),
    "file": shape({"external_id": string(255), "source": one_of("remote")}, _BLOCK),
    "call": shape(
        {"call_id": string(255)}, {**_BLOCK, "call": anything, "api_decoration_available": flag}
    ),
    "video": shape(
        {
            "alt_text": string(2000),
            "title": words(199),
            "thumbnail_url": URL,
            "video_url": URL,
        },
        {
            **_BLOCK,
            "title_url": URL,
            "description": words(199),
            "author_name": string(49),
            "provider_name": string(255),
            "provider_icon_url": URL,
        },
    ),
    "table": shape(
        {"rows": many(many(CELL, 1, 20), 1, 100)},
        {**_BLOCK, "column_settings": many(anything, 0, 20)},
    ),
    "alert": shape(
        {"text": words(2000, EITHER)},
        {**_BLOCK, "level": one_of("default", "info", "warning", "error", "success")},
    ),
    "card": CARD,
    "carousel": shape({"elements": many(typed({"card": CARD}), 1, 10)}, _BLOCK),
    "container": shape(
        {"child_blocks": many(anything, 1, 10)},
        {
            **_BLOCK,
            "title": words(150, EITHER),
            "rich_text_title": anything,
            "subtitle": words(150, EITHER),
            "width": string(50),
            "icon": anything,
            "is_collapsible": flag,
            "default_collapsed": flag,
            "has_header_divider": flag,
        },
    ),
    "task_card": shape(
        TASK,
        {
            **_BLOCK,
            "details": anything,
            "output": anything,
            "sources": anything,
            "status": anything,
        },
    ),
    "plan": shape({"title": string(255)}, {**_BLOCK, "tasks": many(anything, 0, 100)}),
}

# Views

_CARRIED = {
    "blocks": anything,
    "callback_id": string(255, 0),
    "private_metadata": string(3000, 0),
    "external_id": string(255, 0),
}
VIEWS: dict[str, Check] = {
    "modal": shape(
        {"title": words(24), "blocks": anything},
        {
            **_CARRIED,
            "submit": words(24),
            "close": words(24),
            "clear_on_close": flag,
            "notify_on_close": flag,
            "submit_disabled": flag,
        },
    ),
    "home": shape({"blocks": anything}, _CARRIED),
}

MODAL_ONLY = {"file_input"}


def _block(value: Any, at: str) -> list[str]:
    return typed(BLOCKS)(value, at)


def _wrong_place(blocks: list[JSON], surface: str, at: str) -> list[str]:
    """Elements that Slack shows in modals only."""
    problems = []
    for place, block in enumerate(blocks):
        element = block.get("element")
        kind = element.get("type") if isinstance(element, dict) else None
        if kind in MODAL_ONLY and surface != "modal":
            pointer = f"{at}/{place}/element/type"
            problems.append(_error(f"{kind} is only allowed in a modal", pointer))
    return problems


def _repeated_ids(blocks: list[JSON], at: str) -> list[str]:
    """A block_id is unique among the blocks, an action_id within its block."""
    problems = []
    seen: set[str] = set()
    for place, block in enumerate(blocks):
        block_id = block.get("block_id")
        if isinstance(block_id, str) and block_id in seen:
            problems.append(_error(f"block_id {block_id} already exists", f"{at}/{place}/block_id"))
        seen.add(str(block_id))
        elements = block.get("elements") if block.get("type") == "actions" else []
        ids = [e.get("action_id") for e in elements or [] if isinstance(e, dict)]
        given = [each for each in ids if each]
        for each in {each for each in given if given.count(each) > 1}:
            problems.append(_error(f"action_id {each} already exists", f"{at}/{place}/elements"))
    return problems
