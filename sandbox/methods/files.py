"""files.*: uploads in Slack's three steps, and what is known of a file."""

import mimetypes
import secrets

from sandbox import content
from sandbox.arguments import Arguments
from sandbox.methods.reach import channel_open
from sandbox.refusals import SlackRefusal
from sandbox.wire import JSON
from sandbox.workspace import Channel
from sandbox.world import World

MOST_CHANNELS = 100


def get_upload_url(world: World, args: Arguments) -> JSON:
    if args.number("length", 0) <= 0:
        raise SlackRefusal("missing_argument")
    if len(args.text("alt_txt")) > 1000:
        raise SlackRefusal("alt_txt_too_large")
    file_id = world.workspace.fresh_id("F")
    secret = secrets.token_urlsafe(12)
    name, size = args.text("filename"), args.number("length", 0)
    world.uploads[file_id] = {"secret": secret, "name": name, "size": size, "arrived": False}
    return {"file_id": file_id, "upload_url": f"{world.url}/upload/{file_id}/{secret}"}


def complete_upload(world: World, args: Arguments) -> JSON:
    given = args.parsed("files") or []
    files = [_completed(world, each) for each in given]
    targets = args.listed("channels") or [c for c in [args.text("channel_id")] if c]
    if len(targets) > MOST_CHANNELS:
        raise SlackRefusal("channels_limit_exceeded")
    for channel in [channel_open(world, each) for each in targets]:
        _share(world, channel, files, args)
    return {"files": files}


def info(world: World, args: Arguments) -> JSON:
    file = world.workspace.files.get(args.text("file"))
    if file is None:
        raise SlackRefusal("file_not_found")
    mine = file["user"] == world.identity.bot_user_id
    shared = [
        world.workspace.channels[c] for c in (*file["channels"], *file["groups"], *file["ims"])
    ]
    if not mine and not any(world.workspace.shared_with_bot(c) for c in shared):
        raise SlackRefusal("not_visible")
    return {"file": file, "comments": [], "response_metadata": {"next_cursor": ""}}


def delete(world: World, args: Arguments) -> JSON:
    file = world.workspace.files.get(args.text("file"))
    if file is None:
        raise SlackRefusal("file_not_found")
    if file["user"] != world.identity.bot_user_id:
        raise SlackRefusal("cant_delete_file")
    del world.workspace.files[file["id"]]
    return {}


def new_file(world: World, file_id: str, name: str, size: int, user: str) -> JSON:
    """A file as Slack describes it, not yet shared anywhere."""
    link = f"{world.url}/files/{file_id}/{name}"
    suffix = name.rpartition(".")[2].lower()
    file: JSON = {
        "id": file_id,
        "created": int(world.workspace.clock.now()),
        "timestamp": int(world.workspace.clock.now()),
        "name": name,
        "title": name,
        "mimetype": mimetypes.guess_type(name)[0] or "application/octet-stream",
        "filetype": suffix,
        "pretty_type": suffix.upper(),
        "user": user,
        "user_team": world.identity.team_id,
        "size": size,
        "mode": "hosted",
        "is_external": False,
        "is_public": False,
        "public_url_shared": False,
        "url_private": link,
        "url_private_download": f"{link}?download=1",
        "permalink": link,
        "channels": [],
        "groups": [],
        "ims": [],
        "shares": {},
        "file_access": "visible",
    }
    world.workspace.files[file_id] = file
    return file


def note_share(channel: Channel, file: JSON, ts: str) -> None:
    """Write into the file where it can be seen."""
    place = {"private": "groups", "public": "channels", "im": "ims", "mpim": "mpims"}[channel.kind]
    file[place].append(channel.id)
    visibility = "public" if channel.kind == "public" else "private"
    file["shares"].setdefault(visibility, {}).setdefault(channel.id, []).append({"ts": ts})


def _completed(world: World, given: JSON) -> JSON:
    upload = world.uploads.pop(str(given.get("id")), None)
    if upload is None or not upload["arrived"]:
        raise SlackRefusal("file_not_found")
    me = world.identity.bot_user_id
    file = new_file(world, given["id"], upload["name"], upload["size"], me)
    file["title"] = given.get("title") or file["name"]
    return file


def _share(world: World, channel: Channel, files: list[JSON], args: Arguments) -> None:
    kept: JSON = {"text": args.text("initial_comment"), "files": files, "upload": True}
    blocks = args.parsed("blocks", "invalid_blocks_format")
    if blocks:
        content.check_blocks(blocks, "message", world.wire)
        kept["blocks"] = blocks
    if args.text("thread_ts"):
        kept["thread_ts"] = args.text("thread_ts")
    message = world.workspace.post(channel, world.bot_message(kept | {"subtype": "file_share"}))
    for file in files:
        note_share(channel, file, message.ts)


ANSWERS = {
    "files.getUploadURLExternal": get_upload_url,
    "files.completeUploadExternal": complete_upload,
    "files.info": info,
    "files.delete": delete,
}
