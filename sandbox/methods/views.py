"""views.*: modals and App Home."""

import json

from sandbox import block_kit
from sandbox.arguments import Arguments
from sandbox.methods.reach import person_known
from sandbox.refusals import SlackRefusal
from sandbox.views import View
from sandbox.wire import JSON
from sandbox.world import World

LARGEST_VIEW = 250_000


def open_modal(world: World, args: Arguments) -> JSON:
    given = checked(world, args.parsed("view"), "modal")
    user = world.use_trigger(args.text("trigger_id")).user
    return _told(world.open_view(given, user))


def push(world: World, args: Arguments) -> JSON:
    given = checked(world, args.parsed("view"), "modal")
    trigger = world.use_trigger(args.text("trigger_id"))
    if not trigger.in_modal or not world.screen(trigger.user).stack:
        raise SlackRefusal("not_found")
    return _told(world.push_view(given, trigger.user))


def update(world: World, args: Arguments) -> JSON:
    old = world.find_view(args.text("view_id") or None, args.text("external_id") or None)
    if old is None:
        raise SlackRefusal("not_found")
    given = checked(world, args.parsed("view"), old.raw["type"], itself=old)
    if args.text("hash") and args.text("hash") != old.hash:
        raise SlackRefusal("hash_conflict")
    return _told(world.replace_view(old, given))


def publish(world: World, args: Arguments) -> JSON:
    if not world.manifest.get("features", {}).get("app_home", {}).get("home_tab_enabled", True):
        raise SlackRefusal("not_enabled")
    user = person_known(world, args.text("user_id")).id
    screen = world.screen(user)
    given = checked(world, args.parsed("view"), "home", itself=screen.home)
    if args.text("hash") and screen.home and args.text("hash") != screen.home.hash:
        raise SlackRefusal("hash_conflict")
    screen.home = world.new_view(given, user, screen.home)
    return _told(screen.home)


def checked(world: World, given: object, kind: str, itself: View | None = None) -> JSON:
    """The view the bot sent, or why Slack would not take it."""
    if not isinstance(given, dict):
        raise SlackRefusal(
            "invalid_arguments", "[ERROR] must provide an object [json-pointer:/view]"
        )
    if len(json.dumps(given)) > LARGEST_VIEW:
        raise SlackRefusal("view_too_large")
    problems = block_kit.problems_in_view(given)
    if given.get("type") != kind:
        problems.append(f"[ERROR] must be a {kind} [json-pointer:/view/type]")
    if problems:
        world.wire.complain("view_refused", " ".join(problems))
        raise SlackRefusal("invalid_arguments", *problems)
    other = world.find_view(None, given.get("external_id"))
    if other is not None and (itself is None or other.id != itself.id):
        raise SlackRefusal("duplicate_external_id")
    return given


def _told(view: View) -> JSON:
    return {"view": view.raw | {"state": {"values": {}}}}


ANSWERS = {
    "views.open": open_modal,
    "views.push": push,
    "views.update": update,
    "views.publish": publish,
}
