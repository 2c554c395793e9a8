"""Doing as the bot's ack says: showing a command's reply, moving a modal on."""

from sandbox import content
from sandbox.methods.views import checked
from sandbox.outcome import BAD_ANSWER, Delivery
from sandbox.refusals import SlackRefusal
from sandbox.views import View
from sandbox.wire import JSON
from sandbox.workspace import Channel, Message, Person
from sandbox.world import ResponseUrl, World

TROUBLE = "We had some trouble connecting. Try again?"


def show_command_reply(
    world: World, person: Person, channel: Channel, command: str, outcome: Delivery
) -> None:
    """The ack of a slash command is a message to the person, or Slack's apology."""
    if not outcome.acked:
        text = f'{command} failed with the error "{outcome.status}"'
        world.from_slackbot(person.id, channel.id, text)
    elif outcome.response:
        try:
            _reply(world, channel, person.id, outcome.response)
        except SlackRefusal as no:
            _complain(world, outcome, f"the reply to {command} is no message: {no.code}")


def move_modal_on(world: World, view: View, outcome: Delivery) -> None:
    """After a submission: close, show errors, update, push or clear."""
    if not outcome.acked:
        view.errors = {"": TROUBLE}
        return
    response = outcome.response or {}
    try:
        MOVES.get(response.get("response_action"), _unknown)(world, view, response)
    except SlackRefusal as no:
        view.errors = {"": TROUBLE}
        _complain(world, outcome, f"a view_submission was answered wrongly: {no.code}")


def use_response_url(world: World, url: ResponseUrl, given: JSON) -> None:
    """A late reply through response_url: ephemeral unless it asks otherwise."""
    channel = world.workspace.channels[url.channel]
    original = channel.find(url.message_ts)
    if given.get("delete_original") and original is not None:
        _remove(world, channel, original)
    elif given.get("replace_original") and original is not None:
        kept = content.checked(given, world.wire, "response_url")
        _replace(world, channel, original, kept)
    else:
        _reply(world, channel, url.user, given)


def _reply(world: World, channel: Channel, user: str, given: JSON) -> None:
    if not (given.get("text") or given.get("blocks") or given.get("attachments")):
        return
    kept = world.bot_message(content.checked(given, world.wire, "response_url"))
    if given.get("thread_ts"):
        kept["thread_ts"] = given["thread_ts"]
    if given.get("response_type") == "in_channel":
        world.workspace.post(channel, kept)
    else:
        world.workspace.whisper(channel, user, kept)


def _remove(world: World, channel: Channel, original: Message) -> None:
    if original.is_ephemeral:
        channel.messages.remove(original)
    else:
        world.workspace.delete(channel, original)


def _replace(world: World, channel: Channel, original: Message, kept: JSON) -> None:
    stays = {k: v for k, v in original.raw.items() if k not in {"text", "blocks", "attachments"}}
    if original.is_ephemeral:
        original.raw = stays | kept
    else:
        world.workspace.change(channel, original, stays | kept)


def _close(world: World, view: View, response: JSON) -> None:
    stack = world.screen(view.owner).stack
    ids = [each.id for each in stack]
    if view.id in ids:
        del stack[ids.index(view.id) :]


def _clear(world: World, view: View, response: JSON) -> None:
    world.screen(view.owner).stack.clear()


def _errors(world: World, view: View, response: JSON) -> None:
    errors = response.get("errors")
    inputs = {b["block_id"] for b in view.blocks if b["type"] == "input"}
    if not isinstance(errors, dict) or not errors or set(errors) - inputs:
        raise SlackRefusal("errors_name_no_input")
    shown = world.find_view(view.id, None) or view
    shown.errors = {block_id: str(text) for block_id, text in errors.items()}


def _update(world: World, view: View, response: JSON) -> None:
    given = checked(world, response.get("view"), "modal", itself=view)
    world.replace_view(view, given)


def _push(world: World, view: View, response: JSON) -> None:
    world.push_view(checked(world, response.get("view"), "modal"), view.owner)


def _unknown(world: World, view: View, response: JSON) -> None:
    raise SlackRefusal("unknown_response_action")


MOVES = {None: _close, "clear": _clear, "errors": _errors, "update": _update, "push": _push}


def _complain(world: World, outcome: Delivery, text: str) -> None:
    outcome.status, outcome.reason = BAD_ANSWER, text
    world.wire.complain("bad_answer", text)
