"""The bodies Slack sends when a person types a command, clicks or submits."""

from sandbox.views import BUTTON_LIKE, INITIAL_KEY, VALUE_KEY, State, View
from sandbox.wire import JSON
from sandbox.workspace import Channel, Message, Person
from sandbox.world import World

# What an entry of actions repeats of the element that was operated.
BUTTON_QUOTES = ("text", "value", "style", "confirm")
MENU_QUOTES = ("placeholder", "confirm", *sorted(set(INITIAL_KEY.values()) - {"initial_value"}))


def slash_command(world: World, person: Person, command: str, text: str, channel: Channel) -> JSON:
    identity = world.identity
    return {
        "token": identity.verification_token,
        "team_id": identity.team_id,
        "team_domain": identity.team_domain,
        "channel_id": channel.id,
        "channel_name": channel.masked_name,
        "user_id": person.id,
        "user_name": person.username,
        "command": command,
        "text": text,
        "api_app_id": identity.app_id,
        "is_enterprise_install": "false",
        "response_url": world.issue_response_url(person.id, channel.id),
        "trigger_id": world.issue_trigger(person.id),
    }


def shortcut(world: World, person: Person, callback_id: str) -> JSON:
    return _common(world, person, "shortcut") | {
        "callback_id": callback_id,
        "action_ts": world.workspace.ts(),
        "trigger_id": world.issue_trigger(person.id),
    }


def message_shortcut(
    world: World, person: Person, callback_id: str, channel: Channel, message: Message
) -> JSON:
    return _common(world, person, "message_action") | {
        "callback_id": callback_id,
        "action_ts": world.workspace.ts(),
        "message_ts": message.ts,
        "trigger_id": world.issue_trigger(person.id),
        "channel": {"id": channel.id, "name": channel.masked_name},
        "message": dict(message.raw),
        "response_url": world.issue_response_url(person.id, channel.id, message.ts),
    }


def message_action(
    world: World, person: Person, channel: Channel, message: Message, action: JSON, state: State
) -> JSON:
    """block_actions from a message; an ephemeral one is not quoted back."""
    container = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": channel.id,
        "is_ephemeral": message.is_ephemeral,
    }
    if message.is_reply:
        container["thread_ts"] = message.thread_ts
    payload = _common(world, person, "block_actions") | {
        "container": container,
        "trigger_id": world.issue_trigger(person.id),
        "channel": {"id": channel.id, "name": channel.masked_name},
        "state": {"values": state},
        "response_url": world.issue_response_url(person.id, channel.id, message.ts),
        "actions": [action],
    }
    return payload if message.is_ephemeral else payload | {"message": dict(message.raw)}


def view_action(world: World, person: Person, view: View, action: JSON) -> JSON:
    """block_actions from a modal or from App Home."""
    return _common(world, person, "block_actions") | {
        "container": {"type": "view", "view_id": view.id},
        "trigger_id": world.issue_trigger(person.id, in_modal=view.raw["type"] == "modal"),
        "view": view.payload(),
        "actions": [action],
    }


def view_submission(world: World, person: Person, view: View) -> JSON:
    return _common(world, person, "view_submission") | {
        "trigger_id": world.issue_trigger(person.id, in_modal=True),
        "view": view.payload(),
        "response_urls": _response_urls(world, person, view),
    }


def view_closed(world: World, person: Person, view: View, is_cleared: bool) -> JSON:
    common = _common(world, person, "view_closed")
    return common | {"view": view.payload(), "is_cleared": is_cleared}


def block_suggestion(
    world: World, person: Person, message: Message | None, view: View | None, asked: JSON
) -> JSON:
    """A question for the options of an external menu."""
    payload = _common(world, person, "block_suggestion") | asked
    if view is not None:
        return payload | {"container": {"type": "view", "view_id": view.id}, "view": view.payload()}
    if message is None:
        return payload
    channel = world.workspace.channels[message.channel]
    container: JSON = {"type": "message", "message_ts": message.ts, "channel_id": channel.id}
    container["is_ephemeral"] = message.is_ephemeral
    payload |= {"channel": {"id": channel.id, "name": channel.masked_name}}
    return payload | {"container": container, "message": dict(message.raw)}


def action(world: World, block: JSON, element: JSON, chosen: JSON | None) -> JSON:
    """One entry of actions: what was pressed, or what was chosen."""
    entry: JSON = {
        "action_id": element["action_id"],
        "block_id": block["block_id"],
        "type": element["type"],
        "action_ts": world.workspace.ts(),
    }
    quoted = BUTTON_QUOTES if element["type"] in BUTTON_LIKE else MENU_QUOTES
    entry |= {key: element[key] for key in quoted if key in element}
    return entry | (chosen or {})


def _common(world: World, person: Person, kind: str) -> JSON:
    identity = world.identity
    return {
        "type": kind,
        "team": identity.team,
        "user": {
            "id": person.id,
            "username": person.username,
            "name": person.username,
            "team_id": identity.team_id,
        },
        "api_app_id": identity.app_id,
        "token": identity.verification_token,
        "enterprise": None,
        "is_enterprise_install": False,
    }


def _response_urls(world: World, person: Person, view: View) -> list[JSON]:
    urls = []
    for block in view.blocks:
        element = block.get("element", {})
        if not element.get("response_url_enabled"):
            continue
        held = view.state[block["block_id"]][element["action_id"]]
        channel = held[VALUE_KEY[element["type"]]]
        if channel:
            url = world.issue_response_url(person.id, channel)
            ids = {"block_id": block["block_id"], "action_id": element["action_id"]}
            urls.append(ids | {"channel_id": channel, "response_url": url})
    return urls
