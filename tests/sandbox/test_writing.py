"""What people type reaches the app as Slack passes it on, and is shown as it was typed."""

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sandbox import NotThere, Person, Sandbox, writing
from sandbox.page.words import Words
from tests.sandbox.slack import an_app, by_socket, keeping

TYPED = {
    "tea & biscuits": "tea &amp; biscuits",
    "if a < b > c": "if a &lt; b &gt; c",
    "&amp; typed by hand": "&amp;amp; typed by hand",
    "“it's” stays": "“it's” stays",
    "ask @ben.osei or @Ben Osei": "ask <@U0BEN> or <@U0BEN>",
    "ask <@U0BEN> now": "ask <@U0BEN> now",
    "@Nobody at all": "@Nobody at all",
    "mail a@ben.osei": "mail a@ben.osei",
    "@here and @channel": "<!here> and <!channel>",
    "see https://x.example/a?b=1&c=2.": "see <https://x.example/a?b=1&amp;c=2>.",
    "<!everyone> typed": "&lt;!everyone&gt; typed",
    "> a quotation": "&gt; a quotation",
}


@pytest.mark.parametrize("typed", TYPED)
def test_a_message_is_escaped_and_its_names_become_references(sandbox: Sandbox, typed: str) -> None:
    assert writing.message(sandbox.world.workspace, typed)["text"] == TYPED[typed]


@pytest.mark.parametrize("typed", TYPED)
def test_whoever_edits_a_message_sees_what_was_typed(sandbox: Sandbox, typed: str) -> None:
    workspace = sandbox.world.workspace
    text = writing.message(workspace, typed)["text"]
    shown = writing.as_typed(workspace, text)

    assert writing.message(workspace, shown)["text"] == text
    if "ben.osei" not in typed and "<@" not in typed:
        assert shown == typed


def test_the_rich_text_beside_it_is_not_escaped(sandbox: Sandbox) -> None:
    [block] = writing.message(sandbox.world.workspace, "a < b @Ben Osei #x")["blocks"]
    assert block["elements"][0]["elements"] == [
        {"type": "text", "text": "a < b "},
        {"type": "user", "user_id": "U0BEN"},
        {"type": "text", "text": " #x"},
    ]


def test_a_longer_name_is_not_taken_for_a_shorter_one() -> None:
    sandbox = Sandbox([Person("U1", "Ann"), Person("U2", "Ann Other")])
    workspace = sandbox.world.workspace
    assert writing.message(workspace, "@Ann Other, @Ann!")["text"] == "<@U2>, <@U1>!"


@pytest.mark.parametrize("typed", TYPED)
def test_it_is_drawn_as_it_was_typed(sandbox: Sandbox, typed: str) -> None:
    words = Words(lambda user: "Ben Osei", lambda channel: channel)
    drawn = words.mrkdwn(writing.message(sandbox.world.workspace, typed)["text"]).striptags()
    wanted = typed.replace("@ben.osei", "@Ben Osei").replace("<@U0BEN>", "@Ben Osei")
    if typed.startswith(">"):
        wanted = typed.removeprefix("> ")
    if "mail" in typed:
        wanted = typed
    assert drawn == wanted


async def test_events_carry_it_escaped_and_a_form_to_the_letter(sandbox: Sandbox) -> None:
    seen: list[dict[str, object]] = []
    app, asha = an_app(sandbox), sandbox.person("U0ASHA")
    app.event("message")(keeping(seen))
    app.command("/go")(keeping(seen))

    async with by_socket(sandbox, app):
        ts = await asha.says(asha.dm, "a < b & @Ben Osei")
        await asha.edits(asha.dm, ts, "a > b")
        await asha.command("/go", "x < y & @Ben Osei")

    said, edited, command = seen
    assert said["event"]["text"] == "a &lt; b &amp; <@U0BEN>"  # type: ignore[index]
    assert edited["event"]["message"]["text"] == "a &gt; b"  # type: ignore[index]
    assert command["text"] == "x &lt; y &amp; <@U0BEN|ben.osei>"


async def test_people_write_to_each_other_and_the_bot_hears_nothing(
    sandbox: Sandbox, client: AsyncWebClient
) -> None:
    asha, ben = sandbox.person("U0ASHA"), sandbox.person("U0BEN")
    between = await asha.writes_to("U0BEN")
    await asha.says(between.id, "Could we talk first?")
    ts = await ben.says(between.id, "Of course.")
    await asha.reacts(between.id, ts, "heart")

    assert (await ben.writes_to("U0ASHA")).id == between.id
    assert [m.text for m in ben.messages(between.id)] == ["Could we talk first?", "Of course."]
    assert not sandbox.calls("message")
    assert not sandbox.calls("reaction_added")
    with pytest.raises(SlackApiError, match="channel_not_found"):
        await client.conversations_history(channel=between.id)
    mine = await client.users_conversations(user="U0ASHA", types="im")
    assert between.id not in {each["id"] for each in mine["channels"]}
    with pytest.raises(NotThere):
        sandbox.person("U0CARA").messages(between.id)
    with pytest.raises(NotThere, match="direct message"):
        await asha.invites(between.id, sandbox.bot_user_id)


async def test_nobody_writes_to_somebody_who_left(sandbox: Sandbox) -> None:
    with pytest.raises(NotThere):
        await sandbox.person("U0ASHA").writes_to("U0LEFT")
