"""auth.test, apps.connections.open, and questions about the team and the app."""

import json

from sandbox import block_kit
from sandbox.arguments import Arguments
from sandbox.refusals import SlackRefusal
from sandbox.wire import JSON
from sandbox.world import World


def auth_test(world: World, args: Arguments) -> JSON:
    identity = world.identity
    return {
        "url": f"{world.url}/",
        "team": identity.team_name,
        "user": identity.bot_username,
        "team_id": identity.team_id,
        "user_id": identity.bot_user_id,
        "bot_id": identity.bot_id,
        "is_enterprise_install": False,
    }


def connections_open(world: World, args: Arguments) -> JSON:
    if not world.manifest.get("settings", {}).get("socket_mode_enabled", True):
        raise SlackRefusal("forbidden_team")
    ticket = world.sockets.issue_ticket()
    return {"url": f"{world.url.replace('http', 'ws', 1)}/link/?ticket={ticket}&app_id=sandbox"}


def team_info(world: World, args: Arguments) -> JSON:
    identity = world.identity
    team = {"id": identity.team_id, "name": identity.team_name, "domain": identity.team_domain}
    return {"team": team | {"email_domain": "sandbox.example", "icon": {}}}


def bots_info(world: World, args: Arguments) -> JSON:
    identity = world.identity
    if args.text("bot") not in ("", identity.bot_id):
        raise SlackRefusal("bot_not_found")
    return {"bot": identity.bot_profile}


def blocks_validate(world: World, args: Arguments) -> JSON:
    """Slack's own checker: it reports and never keeps anything."""
    given = {name: args.parsed(name) for name in ("blocks", "view", "message")}
    if not any(given.values()):
        raise SlackRefusal("invalid_arguments")
    if len(json.dumps(given)) > 100_000:
        raise SlackRefusal("invalid_arguments", "[ERROR] must be less than 100001 characters")
    if given["view"]:
        problems, code = block_kit.problems_in_view(given["view"]), "invalid_view"
    else:
        blocks = given["blocks"] or (given["message"] or {}).get("blocks") or []
        problems, code = block_kit.problems_in_blocks(blocks, "message"), "invalid_blocks"
    if problems:
        raise SlackRefusal(code, *problems, errors=problems)
    return {}


ANSWERS = {
    "auth.test": auth_test,
    "apps.connections.open": connections_open,
    "team.info": team_info,
    "bots.info": bots_info,
    "blocks.validate": blocks_validate,
}
