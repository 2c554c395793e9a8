"""Which events the app has asked for, and the envelope Slack wraps them in."""

import secrets
from typing import Any

from sandbox.workspace import JSON, Channel, Identity

MESSAGE_EVENT = {
    "group": "message.groups",
    "channel": "message.channels",
    "im": "message.im",
    "mpim": "message.mpim",
}

# The scope Slack wants before it sends an event; events not named here need none.
SCOPES = {
    "message.groups": ("groups:history",),
    "message.channels": ("channels:history",),
    "message.im": ("im:history",),
    "message.mpim": ("mpim:history",),
    "reaction_added": ("reactions:read",),
    "reaction_removed": ("reactions:read",),
    "member_joined_channel": ("groups:read", "channels:read"),
    "member_left_channel": ("groups:read", "channels:read"),
    "group_archive": ("groups:read",),
    "group_unarchive": ("groups:read",),
    "group_rename": ("groups:read",),
    "group_left": ("groups:read",),
    "channel_archive": ("channels:read",),
    "channel_unarchive": ("channels:read",),
    "channel_rename": ("channels:read",),
    "channel_created": ("channels:read",),
    "pin_added": ("pins:read",),
    "pin_removed": ("pins:read",),
    "file_shared": ("files:read",),
    "user_change": ("users:read",),
}


def subscription(event: JSON, channel: Channel | None) -> str:
    """The name under which the manifest asks for this event."""
    if event["type"] == "message" and channel is not None:
        return MESSAGE_EVENT[channel.channel_type]
    return str(event["type"])


def may_receive(name: str, granted: set[str]) -> bool:
    wanted = SCOPES.get(name, ())
    return not wanted or any(scope in granted for scope in wanted)


def envelope(event: JSON, identity: Identity) -> JSON:
    """The event_callback body; event_id is the same however often it is sent."""
    context = {"team_id": identity.team_id, "app_id": identity.app_id}
    authorization: dict[str, Any] = {
        "enterprise_id": None,
        "team_id": identity.team_id,
        "user_id": identity.bot_user_id,
        "is_bot": True,
        "is_enterprise_install": False,
    }
    return {
        "token": identity.verification_token,
        "team_id": identity.team_id,
        "context_team_id": identity.team_id,
        "context_enterprise_id": None,
        "api_app_id": context["app_id"],
        "event": event,
        "type": "event_callback",
        "event_id": f"Ev{secrets.token_hex(6).upper()}",
        "event_time": int(float(event["event_ts"])),
        "authorizations": [authorization],
        "is_ext_shared_channel": False,
        "event_context": f"4-{secrets.token_urlsafe(24)}",
    }
