"""People type, click, fill and submit; real Bolt hears it in Slack's own shapes."""

import asyncio
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.webhook.async_client import AsyncWebhookClient

from sandbox import NotThere
from tests.sandbox.slack import (
    a_button,
    a_modal,
    an_app,
    an_input,
    buttons,
    by_http,
    by_socket,
    keeping,
    options,
    plain,
)

JOINED_BY = [by_socket, by_http]


async def a_room(client, name="room", *people):
    channel = (await client.conversations_create(name=name, is_private=True))["channel"]["id"]
    if people:
        await client.conversations_invite(channel=channel, users=list(people))
    return channel


@pytest.mark.parametrize("joined", JOINED_BY)
async def test_a_command_arrives_in_slacks_shape(sandbox, joined, seen):
    app = an_app(sandbox)
    app.command("/go")(keeping(seen))

    async with joined(sandbox, app):
        outcome = await sandbox.person("U0ASHA").command("/go", "list @ben.osei")

    assert outcome.acked
    assert outcome.seconds < 0.3
    [body] = seen
    assert body["text"] == "list <@U0BEN|ben.osei>"
    assert body["user_id"] == "U0ASHA"
    assert body["user_name"] == "asha.patel"
    assert body["channel_name"] == "directmessage"
    assert body["channel_id"].startswith("D")
    assert {"token", "team_id", "team_domain", "api_app_id", "response_url", "trigger_id"} <= set(
        body
    )


@pytest.mark.parametrize("joined", JOINED_BY)
async def test_what_a_command_answers_is_seen_by_nobody_else(sandbox, joined):
    app = an_app(sandbox)

    @app.command("/go")
    async def go(ack):
        await ack("You have none.")

    async with joined(sandbox, app):
        await sandbox.person("U0ASHA").command("/go")

    assert [m.text for m in sandbox.person("U0ASHA").ephemerals] == ["You have none."]
    assert sandbox.person("U0BEN").ephemerals == []


@pytest.mark.parametrize("joined", JOINED_BY)
async def test_a_late_ack_is_slacks_own_apology_and_no_second_try(sandbox, joined, seen):
    app = an_app(sandbox)

    @app.command("/go")
    async def go(ack):
        seen.append(1)
        await asyncio.sleep(0.4)
        await ack()

    async with joined(sandbox, app):
        outcome = await sandbox.person("U0ASHA").command("/go")
        await asyncio.sleep(0.15)

    assert not outcome.acked
    assert outcome.status == "operation_timeout"
    assert "operation_timeout" in sandbox.person("U0ASHA").ephemerals[-1].text
    assert seen == [1]
    assert "late_ack" in {c.kind for c in sandbox.complaints}


async def test_a_command_the_manifest_lacks_cannot_be_typed(sandbox):
    with pytest.raises(NotThere, match="not in the manifest"):
        await sandbox.person("U0ASHA").command("/stop")


async def test_with_nobody_listening_the_person_is_told(sandbox):
    outcome = await sandbox.person("U0ASHA").command("/go")

    assert outcome.status == "dispatch_failed"
    assert "dispatch_failed" in sandbox.person("U0ASHA").ephemerals[-1].text


@pytest.mark.parametrize("joined", JOINED_BY)
async def test_a_form_is_opened_refused_corrected_and_sent(sandbox, joined, seen):
    app, asha = an_app(sandbox), sandbox.person("U0ASHA")

    @app.shortcut("begin")
    async def begin(ack, body, client):
        await client.views_open(
            trigger_id=body["trigger_id"], view=a_modal(private_metadata="carried")
        )
        await ack()

    @app.view("form")
    async def form(ack, view):
        seen.append(view)
        if view["state"]["values"]["why"]["why"]["value"] == "because":
            return await ack(response_action="errors", errors={"why": "Say more."})
        return await ack()

    async with joined(sandbox, app):
        await asha.shortcut("begin")
        assert asha.view.title == "A form"
        assert asha.view.private_metadata == "carried"
        empty = await asha.submits()
        await asha.fill("Why?", "because")
        await asha.submits()
        assert asha.view.errors == {"why": "Say more."}
        await asha.fill("why", "because of this")
        await asha.submits()

    assert empty.status == "refused"
    assert len(seen) == 2
    assert asha.view is None
    assert seen[-1]["state"]["values"] == {
        "why": {"why": {"type": "plain_text_input", "value": "because of this"}}
    }
    assert {"id", "hash", "team_id", "root_view_id", "previous_view_id", "app_id", "bot_id"} <= set(
        seen[-1]
    )


async def test_every_kind_of_input_is_shaped_as_slack_shapes_it(sandbox, client):
    def chooser(kind, **more):
        return {"type": kind, "action_id": kind} | more

    elements = [
        chooser("plain_text_input"),
        chooser("static_select", options=options("red", "blue")),
        chooser("multi_static_select", options=options("red", "blue")),
        chooser("radio_buttons", options=options("red", "blue")),
        chooser("checkboxes", options=options("red", "blue")),
        chooser("users_select"),
        chooser("multi_users_select"),
        chooser("conversations_select"),
        chooser("datepicker"),
        chooser("timepicker"),
        chooser("datetimepicker"),
        chooser("email_text_input"),
        chooser("number_input", is_decimal_allowed=False),
    ]
    blocks = [an_input(e["type"], e["type"], e, optional=True) for e in elements]
    asha = sandbox.person("U0ASHA")
    trigger = sandbox.world.issue_trigger("U0ASHA")
    await client.views_open(trigger_id=trigger, view=a_modal("All", *blocks))
    empty = asha.view.payload()["state"]["values"]
    assert empty["static_select"]["static_select"]["selected_option"] is None
    assert empty["checkboxes"]["checkboxes"]["selected_options"] == []

    await asha.fills(
        plain_text_input="words",
        static_select="Red",
        multi_static_select=["red", "blue"],
        radio_buttons="blue",
        checkboxes=["Red"],
        users_select="U0BEN",
        multi_users_select=["U0BEN"],
        conversations_select="C1",
        datepicker="2026-03-06",
        timepicker="09:30",
        datetimepicker=1772789400,
        email_text_input="a@b.example",
        number_input="3",
    )

    red, blue = options("red", "blue")
    held = {k: v[k] for k, v in asha.view.payload()["state"]["values"].items()}
    assert held["static_select"] == {"type": "static_select", "selected_option": red}
    assert held["multi_static_select"]["selected_options"] == [red, blue]
    assert held["radio_buttons"]["selected_option"] == blue
    assert held["checkboxes"]["selected_options"] == [red]
    assert held["users_select"]["selected_user"] == "U0BEN"
    assert held["multi_users_select"]["selected_users"] == ["U0BEN"]
    assert held["conversations_select"]["selected_conversation"] == "C1"
    assert held["datepicker"]["selected_date"] == "2026-03-06"
    assert held["timepicker"]["selected_time"] == "09:30"
    assert held["datetimepicker"]["selected_date_time"] == 1772789400
    assert held["email_text_input"]["value"] == "a@b.example"
    assert held["number_input"]["value"] == "3"


async def test_a_form_is_updated_pushed_on_and_cleared_by_the_ack(sandbox):
    app, asha = an_app(sandbox), sandbox.person("U0ASHA")
    answers: list[dict[str, Any]] = [
        {"response_action": "update", "view": a_modal("Second")},
        {"response_action": "push", "view": a_modal("On top")},
        {"response_action": "clear"},
    ]

    @app.view("form")
    async def form(ack):
        await ack(**answers.pop(0))

    @app.shortcut("begin")
    async def begin(ack, body, client):
        await client.views_open(trigger_id=body["trigger_id"], view=a_modal("First"))
        await ack()

    async with by_socket(sandbox, app):
        await asha.shortcut("begin")
        first = asha.view.id
        await asha.fill("why", "kept")
        await asha.submits()
        assert (asha.view.title, asha.view.id) == ("Second", first)
        # The same block and action ids keep what was typed.
        assert asha.view.state["why"]["why"]["value"] == "kept"
        await asha.submits()
        assert [v.title for v in asha.views] == ["Second", "On top"]
        assert asha.view.raw["previous_view_id"] == asha.view.raw["root_view_id"] == first
        await asha.fill("why", "done")
        await asha.submits()

    assert asha.views == []


@pytest.mark.parametrize(
    "answer",
    [
        {"response_action": "errors", "errors": {"elsewhere": "No such input"}},
        {"response_action": "update", "view": {"type": "modal"}},
        {"response_action": "frown"},
    ],
)
async def test_a_wrong_answer_to_a_form_is_trouble_and_a_complaint(sandbox, answer):
    app, asha = an_app(sandbox), sandbox.person("U0ASHA")

    @app.view("form")
    async def form(ack):
        await ack(**answer)

    sandbox.world.open_view(a_modal(), "U0ASHA")
    async with by_http(sandbox, app):
        await asha.fill("why", "x")
        outcome = await asha.submits()

    assert outcome.status == "bad_answer"
    assert "trouble" in asha.view.errors[""]
    assert sandbox.complaints[-1].kind == "bad_answer"


async def test_a_trigger_opens_one_view_and_not_for_long(sandbox, client):
    async def opened(trigger):
        with pytest.raises(SlackApiError) as no:
            await client.views_open(trigger_id=trigger, view=a_modal())
        return no.value.response["error"]

    good = sandbox.world.issue_trigger("U0ASHA")
    await client.views_open(trigger_id=good, view=a_modal())
    old = sandbox.world.issue_trigger("U0ASHA")
    sandbox.world.triggers[old].born -= 3.1

    assert await opened(good) == "exchanged_trigger_id"
    assert await opened(old) == "expired_trigger_id"
    assert await opened("nonsense") == "invalid_trigger_id"
    assert [c.kind for c in sandbox.complaints] == ["trigger_used_twice", "trigger_expired"]


async def test_three_views_stand_on_each_other_and_no_more(sandbox, client):
    push = client.views_push
    await client.views_open(trigger_id=sandbox.world.issue_trigger("U0ASHA"), view=a_modal("1"))
    for title in ("2", "3"):
        await push(trigger_id=sandbox.world.issue_trigger("U0ASHA", True), view=a_modal(title))

    with pytest.raises(SlackApiError, match="push_limit_reached"):
        await push(trigger_id=sandbox.world.issue_trigger("U0ASHA", True), view=a_modal("4"))


async def test_an_update_needs_the_view_the_hash_and_a_form_that_passes(sandbox, client):
    trigger = sandbox.world.issue_trigger("U0ASHA")
    view = (await client.views_open(trigger_id=trigger, view=a_modal(external_id="mine")))["view"]

    await client.views_update(external_id="mine", hash=view["hash"], view=a_modal("Again"))

    with pytest.raises(SlackApiError, match="hash_conflict"):
        await client.views_update(view_id=view["id"], hash=view["hash"], view=a_modal("Stale"))
    with pytest.raises(SlackApiError, match="not_found"):
        await client.views_update(view_id="V0NONE", view=a_modal())
    with pytest.raises(SlackApiError, match="invalid_arguments"):
        await client.views_update(view_id=view["id"], view=a_modal("x" * 25))
    big = [an_input(str(n), "x" * 2000, optional=True) for n in range(130)]
    with pytest.raises(SlackApiError, match="view_too_large"):
        await client.views_update(view_id=view["id"], view=a_modal("Big", *big))


async def test_closing_is_told_only_when_asked_for(sandbox, seen):
    app, asha = an_app(sandbox), sandbox.person("U0ASHA")
    app.view_closed("form")(keeping(seen))

    async with by_socket(sandbox, app):
        sandbox.world.open_view(a_modal(), "U0ASHA")
        assert await asha.closes() is None
        sandbox.world.open_view(a_modal(notify_on_close=True), "U0ASHA")
        await asha.closes()
        root = sandbox.world.open_view(a_modal(notify_on_close=True), "U0ASHA")
        sandbox.world.push_view(a_modal(notify_on_close=True), "U0ASHA")
        await asha.closes(everything=True)

    assert [body["is_cleared"] for body in seen] == [False, True]
    assert seen[-1]["view"]["id"] == root.id
    assert asha.views == []


@pytest.mark.parametrize("joined", JOINED_BY)
async def test_a_button_on_a_message_arrives_in_slacks_shape(sandbox, client, joined, seen):
    app, asha = an_app(sandbox), sandbox.person("U0ASHA")
    app.action("yes")(keeping(seen))
    app.event("message")(keeping([]))
    app.event("member_joined_channel")(keeping([]))

    async with joined(sandbox, app):
        channel = await a_room(client, "room", "U0ASHA")
        card = await client.chat_postMessage(
            channel=channel, text="Well?", blocks=[buttons(a_button(value="7"))]
        )
        outcome = await asha.clicks(channel, card["ts"], label="Yes")
        await sandbox.quiet()

    assert outcome.acked
    [body] = seen
    assert body["type"] == "block_actions"
    assert body["container"] == {
        "type": "message",
        "message_ts": card["ts"],
        "channel_id": channel,
        "is_ephemeral": False,
    }
    assert body["channel"] == {"id": channel, "name": "privategroup"}
    assert body["message"]["ts"] == card["ts"]
    assert body["user"]["id"] == "U0ASHA"
    assert body["user"]["team_id"]
    action = body["actions"][0]
    assert action["value"] == "7"
    assert action["text"]["text"] == "Yes"
    assert action["block_id"] == body["message"]["blocks"][0]["block_id"]


async def test_a_button_on_an_ephemeral_message_can_replace_it(sandbox, client, seen):
    app, asha = an_app(sandbox), sandbox.person("U0ASHA")

    @app.action("yes")
    async def yes(ack, body, respond):
        await ack()
        seen.append(body)
        await respond(text="Thank you", replace_original=True)

    channel = await a_room(client, "room", "U0ASHA")
    await client.chat_postEphemeral(
        channel=channel, user="U0ASHA", text="Well?", blocks=[buttons(a_button())]
    )
    async with by_socket(sandbox, app):
        await asha.clicks(channel, asha.ephemerals[-1].ts, "yes")
        await sandbox.quiet()

    assert seen[0]["container"]["is_ephemeral"] is True
    assert "message" not in seen[0]
    assert [m.text for m in asha.ephemerals] == ["Thank you"]


async def test_buttons_with_one_name_are_told_apart_by_value(sandbox, client, seen):
    app, asha = an_app(sandbox), sandbox.person("U0ASHA")
    app.action("open")(keeping(seen))
    rows = [
        {"type": "section", "text": plain(n), "accessory": a_button("open", "Open", value=n)}
        for n in "12"
    ]
    card = await client.chat_postMessage(channel="U0ASHA", text="Two", blocks=rows)

    async with by_socket(sandbox, app):
        with pytest.raises(NotThere, match="2 times"):
            await asha.clicks(asha.dm, card["ts"], "open")
        await asha.clicks(asha.dm, card["ts"], "open", value="2")

    assert seen[0]["actions"][0]["value"] == "2"


async def test_a_dispatching_input_speaks_at_once(sandbox, seen):
    app, asha = an_app(sandbox), sandbox.person("U0ASHA")
    app.action("colour")(keeping(seen))
    select = {"type": "static_select", "action_id": "colour", "options": options("red")}
    sandbox.world.open_view(
        a_modal("x", an_input("colour", "Colour", select, dispatch_action=True)), "U0ASHA"
    )

    async with by_socket(sandbox, app):
        await asha.fill("Colour", "Red")

    assert seen[0]["container"] == {"type": "view", "view_id": asha.view.id}
    assert seen[0]["actions"][0]["selected_option"]["value"] == "red"
    held = seen[0]["view"]["state"]["values"]["colour"]["colour"]
    assert held["selected_option"]["value"] == "red"


async def test_home_is_asked_for_and_published(sandbox):
    app, asha = an_app(sandbox), sandbox.person("U0ASHA")
    pressed: list[Any] = []

    @app.event("app_home_opened")
    async def opened(event, client):
        home = {"type": "home", "blocks": [buttons(a_button("begin-here", "Begin"))]}
        await client.views_publish(user_id=event["user"], view=home)

    app.action("begin-here")(keeping(pressed))
    async with by_socket(sandbox, app):
        await asha.opens_home()
        assert asha.home.buttons == ["Begin"]
        await asha.presses("Begin")

    assert pressed[0]["view"]["type"] == "home"


async def test_a_message_shortcut_carries_the_message(sandbox, client, seen):
    app, asha = an_app(sandbox), sandbox.person("U0ASHA")
    app.shortcut("note")(keeping(seen))
    channel = await a_room(client, "room", "U0ASHA")
    said = await client.chat_postMessage(channel=channel, text="This")

    async with by_socket(sandbox, app):
        await asha.message_shortcut("note", channel, said["ts"])

    assert seen[0]["type"] == "message_action"
    assert seen[0]["message"]["text"] == "This"
    assert seen[0]["message_ts"] == said["ts"]


async def test_a_response_url_is_good_five_times(sandbox):
    url = sandbox.world.issue_response_url("U0ASHA", sandbox.person("U0ASHA").dm)
    hook = AsyncWebhookClient(url)

    answers = [await hook.send(text=f"{n}") for n in range(6)]

    assert [a.status_code for a in answers] == [200] * 5 + [404]
    assert [m.text for m in sandbox.person("U0ASHA").ephemerals] == list("01234")


async def test_people_reach_only_what_is_on_their_screen(sandbox, client):
    channel = await a_room(client, "room", "U0ASHA")

    with pytest.raises(NotThere, match="is not in"):
        sandbox.person("U0BEN").messages(channel)
    with pytest.raises(NotThere, match="no modal open"):
        await sandbox.person("U0ASHA").submits()
    with pytest.raises(NotThere, match="deactivated"):
        await sandbox.person("U0LEFT").command("/go")


async def test_slack_itself_checks_addresses_and_short_answers(sandbox):
    asha = sandbox.person("U0ASHA")
    fields = [
        an_input("mail", "Mail", {"type": "email_text_input", "action_id": "mail"}),
        an_input("why", "Why", {"type": "plain_text_input", "action_id": "why", "min_length": 5}),
    ]
    sandbox.world.open_view(a_modal("x", *fields), "U0ASHA")

    await asha.fills(mail="nowhere", why="no")
    outcome = await asha.submits()

    assert outcome.status == "refused"
    assert set(asha.view.errors) == {"mail", "why"}
