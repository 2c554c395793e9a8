"""users.*: who is in the workspace."""

from sandbox.arguments import Arguments
from sandbox.deliverer import granted_scopes
from sandbox.methods.reach import page_of, person_known
from sandbox.refusals import SlackRefusal
from sandbox.wire import JSON
from sandbox.workspace import Person
from sandbox.world import World


def info(world: World, args: Arguments) -> JSON:
    user = args.text("user")
    if user == world.identity.bot_user_id:
        return {"user": _bot(world)}
    return {"user": described(world, person_known(world, user))}


def list_all(world: World, args: Arguments) -> JSON:
    people = [described(world, person) for person in world.workspace.people.values()]
    page, cursor = page_of([*people, _bot(world)], args)
    return {"members": page, "cache_ts": 0, "response_metadata": {"next_cursor": cursor}}


def lookup_by_email(world: World, args: Arguments) -> JSON:
    for person in world.workspace.people.values():
        # A deactivated person is not found by their address, though users.info knows them.
        if person.address == args.text("email").lower() and not person.deactivated:
            return {"user": described(world, person)}
    raise SlackRefusal("users_not_found")


def described(world: World, person: Person) -> JSON:
    """A person as Slack describes them; the address only with users:read.email."""
    first, _, last = person.name.partition(" ")
    profile = {
        "title": person.title,
        "real_name": person.name,
        "real_name_normalized": person.name,
        "display_name": person.name,
        "display_name_normalized": person.name,
        "first_name": first,
        "last_name": last,
        "team": world.identity.team_id,
    }
    if "users:read.email" in granted_scopes(world.manifest):
        profile["email"] = person.address
    return {
        "id": person.id,
        "team_id": "T0ELSEWHERE" if person.external else world.identity.team_id,
        "name": person.username,
        "real_name": person.name,
        "deleted": person.deactivated,
        "tz": person.timezone,
        "is_admin": False,
        "is_owner": False,
        "is_primary_owner": False,
        "is_restricted": person.guest,
        "is_ultra_restricted": False,
        "is_stranger": person.external,
        "is_bot": False,
        "is_app_user": False,
        "updated": 0,
        "profile": profile,
    }


def _bot(world: World) -> JSON:
    identity = world.identity
    bot = Person(identity.bot_user_id, identity.bot_name)
    about = described(world, bot) | {"is_bot": True, "name": identity.bot_username}
    about["profile"] |= {"bot_id": identity.bot_id, "api_app_id": identity.app_id}
    about["profile"].pop("email", None)
    return about


ANSWERS = {
    "users.info": info,
    "users.list": list_all,
    "users.lookupByEmail": lookup_by_email,
}
