"""The Web API answers as Slack's reference says, to the real SDK."""

from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError

from sandbox import Person
from tests.sandbox.slack import MANIFEST, a_button, a_client, a_sandbox, buttons, plain


async def refused(call):
    with pytest.raises(SlackApiError) as no:
        await call
    return no.value.response


async def error_of(call):
    return (await refused(call))["error"]


async def a_room(client, name="room", *people):
    made = await client.conversations_create(name=name, is_private=True)
    channel = made["channel"]["id"]
    if people:
        await client.conversations_invite(channel=channel, users=list(people))
    return channel


# Tokens and scopes


async def test_the_app_learns_who_it_is(sandbox, client):
    me = await client.auth_test()

    assert me["user_id"] == sandbox.bot_user_id
    assert me["bot_id"]
    assert me["team_id"]


async def test_no_token_and_a_wrong_token_are_told_apart(sandbox):
    assert await error_of(a_client(sandbox, "").auth_test()) == "not_authed"
    assert await error_of(a_client(sandbox, "xoxb-other").auth_test()) == "invalid_auth"


async def test_only_the_app_token_opens_a_socket(sandbox, client):
    assert await error_of(client.apps_connections_open(app_token="xoxb-sandbox")) == (
        "not_allowed_token_type"
    )
    assert (await client.apps_connections_open(app_token="xapp-sandbox"))["url"].startswith("ws://")


async def test_a_scope_the_manifest_lacks_is_named():
    manifest = MANIFEST | {"oauth_config": {"scopes": {"bot": ["chat:write"]}}}
    sandbox = await a_sandbox(manifest).start()
    answer = await refused(a_client(sandbox).conversations_create(name="x", is_private=True))
    await sandbox.stop()

    assert answer["error"] == "missing_scope"
    assert answer["needed"] == "groups:write"
    assert answer["provided"] == "chat:write"
    assert "missing_scope" in {c.kind for c in sandbox.complaints}


async def test_a_method_the_sandbox_does_not_speak_is_unknown(sandbox, client):
    assert await error_of(client.api_call("chat.meMessage")) == "unknown_method"
    assert sandbox.complaints[-1].kind == "unknown_method"


async def test_a_missing_argument_is_named(client):
    answer = await refused(client.api_call("chat.postMessage", json={"text": "to nobody"}))

    assert answer["error"] == "invalid_arguments"
    assert "channel" in answer["response_metadata"]["messages"][0]


async def test_forms_json_and_query_are_all_understood(sandbox):
    headers = {"Authorization": "Bearer xoxb-sandbox"}
    async with aiohttp.ClientSession(headers=headers) as session:
        ways: list[dict[str, Any]] = [{"json": {"user": "U0ASHA"}}, {"data": {"user": "U0ASHA"}}]
        for how in ways:
            async with session.post(f"{sandbox.api_url}users.info", **how) as answer:
                assert (await answer.json())["user"]["real_name"] == "Asha Patel"
        async with session.get(f"{sandbox.api_url}users.info?user=U0ASHA") as answer:
            assert (await answer.json())["ok"]


# Channels


async def test_a_private_channel_belongs_to_the_bot_that_made_it(sandbox, client):
    made = (await client.conversations_create(name="room-1", is_private=True))["channel"]

    assert made["creator"] == sandbox.bot_user_id
    assert made["is_private"]
    assert made["is_member"]
    assert made["created"]


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("Room", "invalid_name"),
        ("a room", "invalid_name_specials"),
        ("---", "invalid_name_punctuation"),
        ("r" * 81, "invalid_name_maxlength"),
        ("room", "name_taken"),
    ],
)
async def test_a_bad_name_is_refused(client, name, error):
    await a_room(client, "room")

    assert await error_of(client.conversations_create(name=name, is_private=True)) == error


async def test_a_channel_the_bot_is_not_in_does_not_exist_for_it(sandbox, client):
    theirs = await sandbox.person("U0ASHA").creates("theirs")

    assert await error_of(client.conversations_info(channel=theirs.id)) == "channel_not_found"
    assert await error_of(client.chat_postMessage(channel=theirs.id, text="x")) == (
        "channel_not_found"
    )


async def test_a_public_channel_is_seen_but_not_joined(sandbox, client):
    theirs = await sandbox.person("U0ASHA").creates("theirs", private=False)

    assert (await client.conversations_info(channel=theirs.id))["channel"]["is_member"] is False
    assert await error_of(client.chat_postMessage(channel=theirs.id, text="x")) == "not_in_channel"


@pytest.mark.parametrize(
    ("user", "error"),
    [
        ("U0NOBODY", "user_not_found"),
        ("U0GUEST", "user_is_restricted"),
        ("U0LEFT", "cant_invite"),
        ("U0ASHA", "already_in_channel"),
        ("U0SANDBOXBOT", "cant_invite_self"),
    ],
)
async def test_who_cannot_be_invited(client, user, error):
    channel = await a_room(client, "room", "U0ASHA")

    answer = await refused(client.conversations_invite(channel=channel, users=user))

    assert answer["error"] == error
    assert answer["errors"] == [{"user": user, "ok": False, "error": error}]


async def test_one_bad_name_stops_an_invitation_unless_forced(sandbox, client):
    channel = await a_room(client)
    users = ["U0ASHA", "U0GUEST", "U0BEN"]

    assert await error_of(client.conversations_invite(channel=channel, users=users)) == (
        "user_is_restricted"
    )
    assert sandbox.channel(channel).members == [sandbox.bot_user_id]
    answer = await client.conversations_invite(channel=channel, users=users, force=True)

    assert [e["user"] for e in answer["errors"]] == ["U0GUEST"]
    assert (await client.conversations_members(channel=channel))["members"] == [
        sandbox.bot_user_id,
        "U0ASHA",
        "U0BEN",
    ]


async def test_an_archived_channel_takes_nothing_more(client):
    channel = await a_room(client)
    await client.conversations_archive(channel=channel)

    assert await error_of(client.chat_postMessage(channel=channel, text="late")) == "is_archived"
    assert await error_of(client.conversations_archive(channel=channel)) == "already_archived"
    assert await error_of(client.conversations_invite(channel=channel, users="U0BEN")) == (
        "is_archived"
    )
    await client.conversations_unarchive(channel=channel)
    assert (await client.chat_postMessage(channel=channel, text="again"))["ok"]


async def test_removing_renaming_and_topics(sandbox, client):
    channel = await a_room(client, "room", "U0ASHA")

    await client.conversations_kick(channel=channel, user="U0ASHA")
    await client.conversations_rename(channel=channel, name="hall")
    await client.conversations_setTopic(channel=channel, topic="Tea")
    await client.conversations_setPurpose(channel=channel, purpose="Talk")

    about = (await client.conversations_info(channel=channel))["channel"]
    assert (about["name"], about["topic"]["value"], about["purpose"]["value"]) == (
        "hall",
        "Tea",
        "Talk",
    )
    assert await error_of(client.conversations_setTopic(channel=channel, topic="x" * 251)) == (
        "too_long"
    )
    assert "U0ASHA" not in sandbox.channel("hall").members
    assert await error_of(client.conversations_kick(channel=channel, user=sandbox.bot_user_id)) == (
        "cant_kick_self"
    )
    for whom, where, error in (
        ("U0ASHA", channel, "not_in_channel"),
        ("U0NOBODY", channel, "user_not_found"),
        ("U0BEN", "C0NONE", "channel_not_found"),
    ):
        assert await error_of(client.conversations_kick(channel=where, user=whom)) == error
    sandbox.world.workspace.apps_may_remove = False
    await client.conversations_invite(channel=channel, users="U0BEN")
    assert await error_of(client.conversations_kick(channel=channel, user="U0BEN")) == (
        "restricted_action"
    )
    assert "U0BEN" in sandbox.channel("hall").members


async def test_listings_come_in_pages(client):
    for number in range(5):
        await a_room(client, f"room-{number}")

    found, cursor = [], ""
    while True:
        page = await client.users_conversations(types="private_channel", limit=2, cursor=cursor)
        found += [c["name"] for c in page["channels"]]
        cursor = page["response_metadata"]["next_cursor"]
        if not cursor:
            break

    assert found == [f"room-{number}" for number in range(5)]
    assert await error_of(client.users_conversations(types="private_channel", cursor="?")) == (
        "invalid_cursor"
    )


async def test_leaving_means_seeing_no_more(client):
    channel = await a_room(client, "room", "U0ASHA")

    await client.conversations_leave(channel=channel)

    assert await error_of(client.conversations_history(channel=channel)) == "channel_not_found"


# Messages


async def test_posting_to_a_person_opens_their_direct_message(sandbox, client):
    posted = await client.chat_postMessage(channel="U0ASHA", text="Hello")
    opened = await client.conversations_open(users="U0ASHA")

    assert posted["channel"] == opened["channel"]["id"] == sandbox.person("U0ASHA").dm
    assert [m.text for m in sandbox.person("U0ASHA").direct_messages()] == ["Hello"]


async def test_several_people_and_the_bot_have_one_conversation_that_nobody_else_sees(
    sandbox, client
):
    opened = await client.conversations_open(users=["U0ASHA", "U0BEN"])
    again = await client.conversations_open(users=["U0BEN", "U0ASHA"])
    channel = opened["channel"]["id"]
    await client.chat_postMessage(channel=channel, text="Hello")

    assert again["channel"]["id"] == channel
    for who in ("U0ASHA", "U0BEN"):
        assert [m.text for m in sandbox.person(who).messages(channel)] == ["Hello"]
        assert sandbox.person(who).direct_messages() == []
    assert channel not in {c.id for c in sandbox.person("U0CARA").channels()}
    assert await error_of(client.conversations_archive(channel=channel)) == (
        "method_not_supported_for_channel_type"
    )


async def test_a_conversation_of_several_holds_eight_at_most_and_nobody_who_left(client):
    nine = [f"U0NOBODY{n}" for n in range(9)]

    assert await error_of(client.conversations_open(users=nine)) == "too_many_users"
    assert await error_of(client.conversations_open(users=["U0ASHA", "U0LEFT"])) == "user_disabled"


async def test_those_who_left_cannot_be_opened_and_posting_to_them_is_remarked_on(sandbox, client):
    assert await error_of(client.conversations_open(users="U0LEFT")) == "user_disabled"

    await client.chat_postMessage(channel="U0LEFT", text="Hello?")
    assert [c.kind for c in sandbox.complaints] == ["posted_to_deactivated"]


async def test_what_a_message_must_have(client):
    channel = await a_room(client)

    assert (
        await error_of(client.api_call("chat.postMessage", json={"channel": channel})) == "no_text"
    )
    assert await error_of(
        client.chat_postMessage(channel=channel, markdown_text="a", text="b")
    ) == ("markdown_text_conflict")
    assert await error_of(client.chat_postMessage(channel=channel, text="x" * 40_001)) == (
        "msg_too_long"
    )
    answer = await refused(
        client.chat_postMessage(channel=channel, text="x", blocks=[{"type": "header"}])
    )
    assert answer["error"] == "invalid_blocks"
    assert answer["response_metadata"]["messages"] == [
        "[ERROR] missing required field: text [json-pointer:/blocks/0]"
    ]


async def test_a_card_without_words_beside_it_is_remarked_on(sandbox, client):
    channel = await a_room(client)

    await client.api_call(
        "chat.postMessage", json={"channel": channel, "blocks": [buttons(a_button())]}
    )

    assert [c.kind for c in sandbox.complaints] == ["no_fallback_text"]


async def test_an_update_replaces_the_words_and_keeps_the_metadata(client):
    channel = await a_room(client)
    metadata = {"event_type": "card", "event_payload": {"key": "abc"}}
    first = await client.chat_postMessage(
        channel=channel, text="one", blocks=[buttons(a_button())], metadata=metadata
    )

    await client.chat_update(channel=channel, ts=first["ts"], text="two")

    found = await client.conversations_history(channel=channel, include_all_metadata=True)
    message = found["messages"][0]
    assert message["text"] == "two"
    assert "blocks" not in message
    assert message["metadata"] == metadata
    assert message["edited"]


async def test_metadata_is_told_in_full_only_when_asked_for(client):
    channel = await a_room(client)
    metadata = {"event_type": "card", "event_payload": {"key": "abc"}}
    await client.chat_postMessage(channel=channel, text="one", metadata=metadata)

    short = (await client.conversations_history(channel=channel))["messages"][0]
    whole = await client.conversations_history(channel=channel, include_all_metadata=True)

    assert short["metadata"] == {"event_type": "card"}
    assert whole["messages"][0]["metadata"] == metadata
    bad = client.chat_postMessage(channel=channel, text="x", metadata={"event_type": "card"})
    assert await error_of(bad) == "invalid_metadata_schema"


async def test_the_bot_changes_only_its_own_messages(sandbox, client):
    channel = await a_room(client, "room", "U0ASHA")
    ts = await sandbox.person("U0ASHA").says(channel, "mine")

    assert await error_of(client.chat_update(channel=channel, ts=ts, text="x")) == (
        "cant_update_message"
    )
    assert await error_of(client.chat_delete(channel=channel, ts=ts)) == "cant_delete_message"
    assert await error_of(client.chat_delete(channel=channel, ts="1.000000")) == (
        "message_not_found"
    )


async def test_only_members_are_whispered_to_and_no_whisper_can_be_changed(sandbox, client):
    channel = await a_room(client, "room", "U0ASHA")

    said = await client.chat_postEphemeral(channel=channel, user="U0ASHA", text="psst")

    assert [m.text for m in sandbox.person("U0ASHA").ephemerals] == ["psst"]
    ts = said["message_ts"]
    assert await error_of(client.chat_update(channel=channel, ts=ts, text="x")) == (
        "message_not_found"
    )
    assert await error_of(
        client.chat_postEphemeral(channel=channel, user="U0BEN", text="psst")
    ) == ("user_not_in_channel")
    assert not any(m["text"] == "psst" for m in (await _history(client, channel)))


async def _history(client, channel, **how):
    return (await client.conversations_history(channel=channel, **how))["messages"]


async def test_a_thread_is_read_apart_and_counted_on_its_head(client):
    channel = await a_room(client)
    head = (await client.chat_postMessage(channel=channel, text="head"))["ts"]
    reply = await client.chat_postMessage(channel=channel, text="reply", thread_ts=head)
    await client.chat_postMessage(channel=channel, text="further", thread_ts=reply["ts"])

    top = await _history(client, channel)
    thread = await client.conversations_replies(channel=channel, ts=head)

    assert [m["text"] for m in top] == ["head"]
    assert top[0]["reply_count"] == 2
    assert [m["text"] for m in thread["messages"]] == ["head", "reply", "further"]
    link = await client.chat_getPermalink(channel=channel, message_ts=reply["ts"])
    assert f"thread_ts={head}" in link["permalink"]


async def test_history_runs_from_newest_between_two_moments(client):
    channel = await a_room(client)
    times = [(await client.chat_postMessage(channel=channel, text=t))["ts"] for t in "abc"]

    assert [m["text"] for m in await _history(client, channel)] == ["c", "b", "a"]
    after = await _history(client, channel, oldest=times[1])
    assert [m["text"] for m in after] == ["c"]
    both = await _history(client, channel, oldest=times[1], inclusive=True)
    assert [m["text"] for m in both] == ["c", "b"]


async def test_the_head_of_a_thread_leaves_a_tombstone(client):
    channel = await a_room(client)
    head = (await client.chat_postMessage(channel=channel, text="head"))["ts"]
    await client.chat_postMessage(channel=channel, text="reply", thread_ts=head)

    await client.chat_delete(channel=channel, ts=head)

    assert (await _history(client, channel))[0]["subtype"] == "tombstone"


async def test_strict_rate_limits_allow_a_message_a_second_in_each_channel():
    sandbox = await a_sandbox(strict_rate_limits=True).start()
    client = a_client(sandbox)
    channel = await a_room(client)
    await client.chat_postMessage(channel=channel, text="one")
    answer = await refused(client.chat_postMessage(channel=channel, text="two"))
    other = await client.chat_postMessage(channel="U0ASHA", text="elsewhere")
    await sandbox.stop()

    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "1"
    assert other["ok"]


# Marks, files and people


async def test_pins(client):
    channel = await a_room(client)
    ts = (await client.chat_postMessage(channel=channel, text="keep"))["ts"]

    await client.pins_add(channel=channel, timestamp=ts)

    assert await error_of(client.pins_add(channel=channel, timestamp=ts)) == "already_pinned"
    assert (await client.pins_list(channel=channel))["items"][0]["message"]["ts"] == ts
    await client.pins_remove(channel=channel, timestamp=ts)
    assert await error_of(client.pins_remove(channel=channel, timestamp=ts)) == "no_pin"


async def test_reactions(client):
    channel = await a_room(client)
    ts = (await client.chat_postMessage(channel=channel, text="well"))["ts"]

    await client.reactions_add(channel=channel, timestamp=ts, name="eyes")

    again = client.reactions_add(channel=channel, timestamp=ts, name="eyes")
    assert await error_of(again) == "already_reacted"
    found = await client.reactions_get(channel=channel, timestamp=ts)
    assert found["message"]["reactions"][0]["name"] == "eyes"
    await client.reactions_remove(channel=channel, timestamp=ts, name="eyes")
    gone = client.reactions_remove(channel=channel, timestamp=ts, name="eyes")
    assert await error_of(gone) == "no_reaction"


async def test_a_file_goes_up_in_three_steps(sandbox, client):
    channel = await a_room(client, "room", "U0ASHA")

    await client.files_upload_v2(
        channel=channel, filename="pack.pdf", content=b"pretend", initial_comment="The pack"
    )

    message = sandbox.person("U0ASHA").messages(channel)[-1]
    assert message.text == "The pack"
    assert message.files[0]["name"] == "pack.pdf"
    about = await client.files_info(file=message.files[0]["id"])
    assert about["file"]["size"] == 7


async def test_people_are_described_and_those_who_left_are_marked(client):
    assert (await client.users_info(user="U0LEFT"))["user"]["deleted"] is True
    assert (await client.users_info(user="U0GUEST"))["user"]["is_restricted"] is True
    assert "email" not in (await client.users_info(user="U0ASHA"))["user"]["profile"]
    assert await error_of(client.users_info(user="U0NOBODY")) == "user_not_found"
    assert len((await client.users_list())["members"]) == 6


async def test_an_address_needs_its_scope_and_finds_only_those_still_here():
    scopes = {"bot": ["users:read", "users:read.email"]}
    sandbox = a_sandbox(MANIFEST | {"oauth_config": {"scopes": scopes}})
    await sandbox.start()
    sandbox.add_person(Person("U0DOT", "Dot", email="dot@agency.example", deactivated=True))
    client = a_client(sandbox)
    found = await client.users_lookupByEmail(email="asha.patel@sandbox.example")
    error = await error_of(client.users_lookupByEmail(email="dot@agency.example"))
    await sandbox.stop()

    assert found["user"]["id"] == "U0ASHA"
    assert error == "users_not_found"


async def test_blocks_can_be_checked_without_posting(client):
    assert (await client.api_call("blocks.validate", json={"blocks": [{"type": "divider"}]}))["ok"]
    long = [{"type": "header", "text": plain("x" * 151)}]
    assert (await error_of(client.api_call("blocks.validate", json={"blocks": long}))) == (
        "invalid_blocks"
    )
