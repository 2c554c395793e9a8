"""The methods of the Web API spoken here: their scopes and arguments, as Slack documents them."""

from typing import NamedTuple


class Method(NamedTuple):
    """Any one of the scopes will do; the required arguments must not be empty."""

    scopes: tuple[str, ...]
    required: tuple[str, ...]
    arguments: tuple[str, ...]


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


METHODS: dict[str, Method] = {}


def _method(name: str, scopes: str, required: str, optional: str) -> None:
    needed = _words(required)
    METHODS[name] = Method(_words(scopes), needed, needed + _words(optional))


_method(
    "apps.connections.open",
    "",
    "",
    "",
)
_method(
    "auth.test",
    "",
    "",
    "",
)
_method(
    "blocks.validate",
    "",
    "",
    "blocks message view",
)
_method(
    "bookmarks.add",
    "bookmarks:write",
    "title type",
    "access_level channel_id emoji entity_id link parent_id",
)
_method(
    "bookmarks.list",
    "bookmarks:read",
    "",
    "channel_id",
)
_method(
    "bots.info",
    "users:read",
    "",
    "bot team_id",
)
_method(
    "chat.delete",
    "chat:write",
    "ts channel",
    "as_user",
)
_method(
    "chat.getPermalink",
    "",
    "channel message_ts",
    "",
)
_method(
    "chat.postEphemeral",
    "chat:write",
    "user channel",
    "as_user attachments blocks icon_emoji icon_url link_names markdown_text metadata "
    "parse text thread_ts username",
)
_method(
    "chat.postMessage",
    "chat:write",
    "channel",
    "as_user attachments blocks current_draft_last_updated_ts icon_emoji icon_url "
    "link_names markdown_text metadata mrkdwn parse reply_broadcast text thread_ts "
    "unfurl_links unfurl_media username",
)
_method(
    "chat.update",
    "chat:write",
    "ts channel",
    "as_user attachments blocks file_ids link_names markdown_text metadata parse "
    "reply_broadcast text unfurled_attachments",
)
_method(
    "conversations.archive",
    "groups:write im:write mpim:write channels:write channels:manage",
    "channel",
    "",
)
_method(
    "conversations.create",
    "groups:write im:write mpim:write channels:write channels:manage",
    "name",
    "is_private team_id",
)
_method(
    "conversations.history",
    "groups:history im:history mpim:history channels:history",
    "channel",
    "cursor include_all_metadata inclusive latest limit oldest",
)
_method(
    "conversations.info",
    "groups:read im:read mpim:read channels:read",
    "channel",
    "include_locale include_num_members",
)
_method(
    "conversations.invite",
    "channels:write.invites groups:write.invites channels:manage groups:write im:write mpim:write",
    "channel users",
    "force",
)
_method(
    "conversations.kick",
    "groups:write channels:manage",
    "channel",
    "user",
)
_method(
    "conversations.leave",
    "groups:write im:write mpim:write channels:write channels:manage",
    "channel",
    "",
)
_method(
    "conversations.list",
    "groups:read im:read mpim:read channels:read",
    "",
    "cursor exclude_archived limit team_id types",
)
_method(
    "conversations.members",
    "groups:read im:read mpim:read channels:read",
    "channel",
    "cursor limit",
)
_method(
    "conversations.open",
    "channels:manage groups:write im:write mpim:write",
    "",
    "channel prevent_creation return_im users",
)
_method(
    "conversations.rename",
    "groups:write im:write mpim:write channels:write channels:manage",
    "channel name",
    "",
)
_method(
    "conversations.replies",
    "groups:history im:history mpim:history channels:history",
    "channel ts",
    "cursor include_all_metadata inclusive latest limit oldest",
)
_method(
    "conversations.setPurpose",
    "channels:write.topic groups:write.topic mpim:write.topic im:write.topic "
    "channels:manage groups:write im:write mpim:write",
    "channel purpose",
    "",
)
_method(
    "conversations.setTopic",
    "channels:write.topic groups:write.topic mpim:write.topic im:write.topic "
    "channels:manage groups:write im:write mpim:write",
    "channel topic",
    "",
)
_method(
    "conversations.unarchive",
    "groups:write im:write mpim:write channels:write channels:manage",
    "channel",
    "",
)
_method(
    "files.completeUploadExternal",
    "files:write",
    "files",
    "blocks channel_id channels icon_emoji icon_url initial_comment thread_ts username",
)
_method(
    "files.delete",
    "files:write",
    "file",
    "",
)
_method(
    "files.getUploadURLExternal",
    "files:write",
    "length filename",
    "alt_txt snippet_type",
)
_method(
    "files.info",
    "files:read",
    "file",
    "count cursor limit page",
)
_method(
    "pins.add",
    "pins:write",
    "channel",
    "timestamp",
)
_method(
    "pins.list",
    "pins:read",
    "channel",
    "",
)
_method(
    "pins.remove",
    "pins:write",
    "channel",
    "timestamp",
)
_method(
    "reactions.add",
    "reactions:write",
    "name timestamp channel",
    "",
)
_method(
    "reactions.get",
    "reactions:read",
    "",
    "channel file file_comment full timestamp",
)
_method(
    "reactions.remove",
    "reactions:write",
    "name",
    "channel file file_comment timestamp",
)
_method(
    "team.info",
    "team:read",
    "",
    "domain team",
)
_method(
    "users.conversations",
    "groups:read im:read mpim:read channels:read",
    "",
    "cursor exclude_archived exclude_muted limit team_id types user",
)
_method(
    "users.info",
    "users:read",
    "user",
    "include_locale",
)
_method(
    "users.list",
    "users:read",
    "",
    "cursor include_locale limit team_id",
)
_method(
    "users.lookupByEmail",
    "users:read.email",
    "email",
    "",
)
_method(
    "views.open",
    "",
    "view",
    "interactivity_pointer trigger_id",
)
_method(
    "views.publish",
    "",
    "user_id view",
    "hash interactivity_pointer",
)
_method(
    "views.push",
    "",
    "view",
    "interactivity_pointer trigger_id",
)
_method(
    "views.update",
    "",
    "view",
    "external_id hash view_id",
)
