"""The methods of the Web API spoken here: their scopes and arguments, as Slack documents them."""

from typing import NamedTuple


class Method(NamedTuple):
    """Any one of the scopes will do; the required arguments must not be empty."""

    scopes: str
    required: str
    arguments: str


METHODS = {
    "apps.connections.open": Method(
        "",
        "",
        "",
    ),
    "auth.test": Method(
        "",
        "",
        "",
    ),
    "blocks.validate": Method(
        "",
        "",
        "blocks message view",
    ),
    "bookmarks.add": Method(
        "bookmarks:write",
        "title type",
        "access_level channel_id emoji entity_id link parent_id title type",
    ),
    "bookmarks.list": Method(
        "bookmarks:read",
        "",
        "channel_id",
    ),
    "bots.info": Method(
        "users:read",
        "",
        "bot team_id",
    ),
    "chat.delete": Method(
        "chat:write",
        "ts channel",
        "as_user channel ts",
    ),
    "chat.getPermalink": Method(
        "",
        "channel message_ts",
        "channel message_ts",
    ),
    "chat.postEphemeral": Method(
        "chat:write",
        "user channel",
        "as_user attachments blocks channel icon_emoji icon_url link_names markdown_text metadata parse text thread_ts user username",
    ),
    "chat.postMessage": Method(
        "chat:write",
        "channel",
        "as_user attachments blocks channel current_draft_last_updated_ts icon_emoji icon_url link_names markdown_text metadata mrkdwn parse reply_broadcast text thread_ts unfurl_links unfurl_media username",
    ),
    "chat.update": Method(
        "chat:write",
        "ts channel",
        "as_user attachments blocks channel file_ids link_names markdown_text metadata parse reply_broadcast text ts unfurled_attachments",
    ),
    "conversations.archive": Method(
        "groups:write im:write mpim:write channels:write channels:manage",
        "channel",
        "channel",
    ),
    "conversations.create": Method(
        "groups:write im:write mpim:write channels:write channels:manage",
        "name",
        "is_private name team_id",
    ),
    "conversations.history": Method(
        "groups:history im:history mpim:history channels:history",
        "channel",
        "channel cursor include_all_metadata inclusive latest limit oldest",
    ),
    "conversations.info": Method(
        "groups:read im:read mpim:read channels:read",
        "channel",
        "channel include_locale include_num_members",
    ),
    "conversations.invite": Method(
        "channels:write.invites groups:write.invites channels:manage groups:write im:write mpim:write",
        "channel users",
        "channel force users",
    ),
    "conversations.kick": Method(
        "groups:write channels:manage",
        "channel",
        "channel user",
    ),
    "conversations.leave": Method(
        "groups:write im:write mpim:write channels:write channels:manage",
        "channel",
        "channel",
    ),
    "conversations.list": Method(
        "groups:read im:read mpim:read channels:read",
        "",
        "cursor exclude_archived limit team_id types",
    ),
    "conversations.members": Method(
        "groups:read im:read mpim:read channels:read",
        "channel",
        "channel cursor limit",
    ),
    "conversations.open": Method(
        "channels:manage groups:write im:write mpim:write",
        "",
        "channel prevent_creation return_im users",
    ),
    "conversations.rename": Method(
        "groups:write im:write mpim:write channels:write channels:manage",
        "channel name",
        "channel name",
    ),
    "conversations.replies": Method(
        "groups:history im:history mpim:history channels:history",
        "channel ts",
        "channel cursor include_all_metadata inclusive latest limit oldest ts",
    ),
    "conversations.setPurpose": Method(
        "channels:write.topic groups:write.topic mpim:write.topic im:write.topic channels:manage groups:write im:write mpim:write",
        "channel purpose",
        "channel purpose",
    ),
    "conversations.setTopic": Method(
        "channels:write.topic groups:write.topic mpim:write.topic im:write.topic channels:manage groups:write im:write mpim:write",
        "channel topic",
        "channel topic",
    ),
    "conversations.unarchive": Method(
        "groups:write im:write mpim:write channels:write channels:manage",
        "channel",
        "channel",
    ),
    "files.completeUploadExternal": Method(
        "files:write",
        "files",
        "blocks channel_id channels files icon_emoji icon_url initial_comment thread_ts username",
    ),
    "files.delete": Method(
        "files:write",
        "file",
        "file",
    ),
    "files.getUploadURLExternal": Method(
        "files:write",
        "length filename",
        "alt_txt filename length snippet_type",
    ),
    "files.info": Method(
        "files:read",
        "file",
        "count cursor file limit page",
    ),
    "pins.add": Method(
        "pins:write",
        "channel",
        "channel timestamp",
    ),
    "pins.list": Method(
        "pins:read",
        "channel",
        "channel",
    ),
    "pins.remove": Method(
        "pins:write",
        "channel",
        "channel timestamp",
    ),
    "reactions.add": Method(
        "reactions:write",
        "name timestamp channel",
        "channel name timestamp",
    ),
    "reactions.get": Method(
        "reactions:read",
        "",
        "channel file file_comment full timestamp",
    ),
    "reactions.remove": Method(
        "reactions:write",
        "name",
        "channel file file_comment name timestamp",
    ),
    "team.info": Method(
        "team:read",
        "",
        "domain team",
    ),
    "users.conversations": Method(
        "groups:read im:read mpim:read channels:read",
        "",
        "cursor exclude_archived exclude_muted limit team_id types user",
    ),
    "users.info": Method(
        "users:read",
        "user",
        "include_locale user",
    ),
    "users.list": Method(
        "users:read",
        "",
        "cursor include_locale limit team_id",
    ),
    "users.lookupByEmail": Method(
        "users:read.email",
        "email",
        "email",
    ),
    "views.open": Method(
        "",
        "view",
        "interactivity_pointer trigger_id view",
    ),
    "views.publish": Method(
        "",
        "user_id view",
        "hash interactivity_pointer user_id view",
    ),
    "views.push": Method(
        "",
        "view",
        "interactivity_pointer trigger_id view",
    ),
    "views.update": Method(
        "",
        "view",
        "external_id hash view view_id",
    ),
}
