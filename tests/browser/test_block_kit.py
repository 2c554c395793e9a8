"""Each element of Block Kit: drawn, operated, and its payload in the shape Slack documents."""

from typing import Any

from playwright.async_api import Locator, Page, expect

from sandbox import Sandbox
from sandbox.views import number_blocks
from tests.browser.test_page import HOSTILE

JSON = dict[str, Any]
RED = {"text": {"type": "plain_text", "text": "Red"}, "value": "red"}
BLUE = {"text": {"type": "plain_text", "text": "Blue"}, "value": "blue"}
GROUPS = [{"label": {"type": "plain_text", "text": "Colours"}, "options": [RED, BLUE]}]
NOON = 1_785_582_000  # 1 August 2026, 12:00 in London

# The top of each payload, as Slack's reference for interaction payloads lists it.
COMMON = {"type", "team", "user", "api_app_id", "token", "enterprise", "is_enterprise_install"}
FROM_MESSAGE = COMMON | {
    *("container", "trigger_id", "channel", "message", "state", "response_url", "actions"),
}
FROM_VIEW = COMMON | {"container", "trigger_id", "view", "actions"}
SUBMISSION = COMMON | {"trigger_id", "view", "response_urls"}
VIEW = {
    *("id", "team_id", "type", "blocks", "private_metadata", "callback_id", "state", "hash"),
    *("title", "clear_on_close", "notify_on_close", "close", "submit", "previous_view_id"),
    *("root_view_id", "app_id", "external_id", "app_installed_team_id", "bot_id"),
}

# The element; what a person does with its field; what Slack's state then holds.
FIELDS: dict[str, tuple[JSON, Any, JSON]] = {
    "plain_text_input": ({}, "words", {"value": "words"}),
    "plain_text_input multiline": ({"multiline": True}, "two\nlines", {"value": "two\nlines"}),
    "email_text_input": ({}, "a@b.example", {"value": "a@b.example"}),
    "url_text_input": ({}, "https://b.example", {"value": "https://b.example"}),
    "number_input": ({"is_decimal_allowed": True}, "2.5", {"value": "2.5"}),
    "static_select": ({"options": [RED, BLUE]}, ("Blue",), {"selected_option": BLUE}),
    "static_select groups": ({"option_groups": GROUPS}, ("Red",), {"selected_option": RED}),
    "users_select": ({}, ("Ben Osei",), {"selected_user": "U0BEN"}),
    "datepicker": ({}, "2026-08-01", {"selected_date": "2026-08-01"}),
    "timepicker": ({}, "12:30", {"selected_time": "12:30"}),
    "datetimepicker": ({}, "2026-08-01T12:00", {"selected_date_time": NOON}),
    "radio_buttons": ({"options": [RED, BLUE]}, ["Blue"], {"selected_option": BLUE}),
    "checkboxes": ({"options": [RED, BLUE]}, ["Red", "Blue"], {"selected_options": [RED, BLUE]}),
    "multi_static_select": ({"options": [RED, BLUE]}, ["Red"], {"selected_options": [RED]}),
    "multi_static_select groups": (
        {"option_groups": GROUPS},
        ["Blue"],
        {"selected_options": [BLUE]},
    ),
    "multi_users_select": ({}, ["Ben Osei"], {"selected_users": ["U0BEN"]}),
    "rich_text_input": (
        {},
        "said",
        {
            "rich_text_value": {
                "type": "rich_text",
                "elements": [
                    {"type": "rich_text_section", "elements": [{"type": "text", "text": "said"}]}
                ],
            }
        },
    ),
}


async def test_every_input_is_filled_and_submitted(sandbox: Sandbox, page: Page) -> None:
    opens(sandbox, *(an_input(*named(name, more)) for name, (more, _, _) in FIELDS.items()))
    await page.goto(f"{sandbox.url}/?as=U0ASHA")
    modal = page.get_by_role("dialog")
    for name, (_, given, _) in FIELDS.items():
        await operate(the_block(modal, name), name, given)
    await modal.get_by_role("button", name="Send").click()
    await expect(modal.get_by_text("We had some trouble")).to_be_visible()
    sent = sandbox.calls("view_submission")[-1].payload
    for name, (_, _, held) in FIELDS.items():
        expected = {"it": {"type": name.partition(" ")[0], **held}}
        assert sent["view"]["state"]["values"][name] == expected, name
    assert (set(sent), set(sent["view"])) == (SUBMISSION, VIEW)


def named(name: str, more: JSON) -> tuple[JSON, str]:
    """An element of the kind that its name begins with, and the name."""
    return {"type": name.partition(" ")[0], "action_id": "it", **more}, name


def the_block(within: Locator, name: str) -> Locator:
    return within.locator(f'[data-block="{name}"]')


async def operate(block: Locator, label: str, given: Any) -> None:
    field = block.get_by_label(label, exact=True)
    if isinstance(given, list):
        summary = block.locator("summary")
        if await summary.count():
            await summary.click()
        for option in given:
            await block.get_by_label(option, exact=True).check()
    elif isinstance(given, tuple):
        await field.select_option(label=given[0])
    else:
        await field.fill(given)


PRESSED: dict[str, tuple[JSON, JSON]] = {
    "button": ({"text": {"type": "plain_text", "text": "Go"}, "value": "1"}, {"value": "1"}),
    "overflow": ({"options": [RED, BLUE]}, {"selected_option": BLUE}),
    "static_select": ({"options": [RED, BLUE]}, {"selected_option": BLUE}),
    "radio_buttons": ({"options": [RED, BLUE]}, {"selected_option": BLUE}),
    "checkboxes": ({"options": [RED, BLUE]}, {"selected_options": [BLUE]}),
    "users_select": ({}, {"selected_user": "U0BEN"}),
    "datepicker": ({}, {"selected_date": "2026-08-01"}),
    "timepicker": ({}, {"selected_time": "12:30"}),
    "datetimepicker": ({}, {"selected_date_time": NOON}),
    "multi_static_select": ({"options": [RED, BLUE]}, {"selected_options": [BLUE]}),
    "multi_users_select": ({}, {"selected_users": ["U0BEN"]}),
}
TIMES = {
    "datepicker": "2026-08-01",
    "timepicker": "12:30",
    "datetimepicker": "2026-08-01T12:00",
}


async def test_every_element_of_a_message_is_pressed(sandbox: Sandbox, page: Page) -> None:
    rows = [
        {"type": "actions", "block_id": kind, "elements": [named(kind, more)[0]]}
        for kind, (more, _) in PRESSED.items()
    ]
    ts = posts(sandbox, rows)
    await page.goto(f"{sandbox.url}/?as=U0ASHA&at={sandbox.person('U0ASHA').dm}")
    message = page.get_by_role("article").last
    for number, (kind, (_, expected)) in enumerate(PRESSED.items(), start=1):
        async with page.expect_response("**/press"):
            await press(the_block(message, kind), kind)
        assert len(sandbox.calls("block_actions")) == number
        sent = sandbox.calls("block_actions")[-1].payload
        action = sent["actions"][0]
        assert {k: action[k] for k in expected} == expected
        assert (action["type"], action["action_id"], action["block_id"]) == (kind, "it", kind)
        assert set(sent) == FROM_MESSAGE
        assert sent["container"] == {
            "type": "message",
            "message_ts": ts,
            "channel_id": sent["channel"]["id"],
            "is_ephemeral": False,
        }


async def press(block: Locator, kind: str) -> None:
    if kind == "button":
        await block.get_by_role("button", name="Go").click()
    elif kind == "overflow":
        await block.get_by_label("More options").click()
        await block.get_by_role("button", name="Blue").click()
    elif kind in {"radio_buttons", "checkboxes"}:
        await block.get_by_label("Blue").check()
    elif kind in TIMES:
        await block.get_by_label("Choose").fill(TIMES[kind])
    elif kind.startswith("multi_"):
        await block.locator("summary", has_text="Choose").click()
        await block.get_by_label("Ben Osei" if "users" in kind else "Blue").check()
    else:
        label = "Ben Osei" if kind == "users_select" else "Blue"
        await block.get_by_label("Choose").select_option(label=label)


PLACES = {
    "channels_select": ("#everyone", "selected_channel"),
    "conversations_select": ("#just-us", "selected_conversation"),
    "multi_channels_select": ("#everyone", "selected_channels"),
    "multi_conversations_select": ("#just-us", "selected_conversations"),
}


async def test_menus_of_channels_offer_what_the_person_could_see(
    sandbox: Sandbox, page: Page
) -> None:
    rooms = {
        "#everyone": (await sandbox.person("U0BEN").creates("everyone", private=False)).id,
        "#just-us": (await sandbox.person("U0ASHA").creates("just-us")).id,
    }
    await sandbox.person("U0BEN").creates("not-for-asha")
    opens(sandbox, *(an_input(*named(kind, {})) for kind in PLACES))
    await page.goto(f"{sandbox.url}/?as=U0ASHA")
    modal = page.get_by_role("dialog")
    for kind, (label, _) in PLACES.items():
        block, several = the_block(modal, kind), kind.startswith("multi_")
        await operate(block, kind, [label] if several else (label,))
        assert bool(await block.get_by_text("just-us").count()) == ("channels" not in kind)
    await expect(modal.get_by_text("not-for-asha")).to_have_count(0)
    await modal.get_by_role("button", name="Send").click()
    await expect(modal.get_by_text("We had some trouble")).to_be_visible()
    values = sandbox.calls("view_submission")[-1].payload["view"]["state"]["values"]
    for kind, (label, key) in PLACES.items():
        chosen = [rooms[label]] if kind.startswith("multi_") else rooms[label]
        assert values[kind] == {"it": {"type": kind, key: chosen}}


async def test_a_menu_of_conversations_keeps_to_its_filter(sandbox: Sandbox, page: Page) -> None:
    asha = sandbox.person("U0ASHA")
    await asha.writes_to("U0BEN")
    await asha.creates("just-us")
    kept = {"include": ["im"], "exclude_bot_users": True}
    opens(sandbox, an_input({"type": "conversations_select", "action_id": "it", "filter": kept}))
    await page.goto(f"{sandbox.url}/?as=U0ASHA")
    offered = await page.get_by_label("The field").locator("option").all_inner_texts()
    assert sorted(offered[1:]) == ["Asha Patel (you)", "Ben Osei"]


async def test_files_are_brought_with_a_form(sandbox: Sandbox, page: Page) -> None:
    opens(sandbox, an_input({"type": "file_input", "action_id": "it", "filetypes": ["txt"]}))
    await page.goto(f"{sandbox.url}/?as=U0ASHA")
    field = page.get_by_label("The field")
    note = {"name": "note.txt", "mimeType": "text/plain", "buffer": b"what was seen"}
    await field.set_input_files(note)  # type: ignore[arg-type]
    await page.get_by_role("dialog").get_by_role("button", name="Send").click()
    await expect(page.get_by_text("We had some trouble").first).to_be_visible()
    values = sandbox.calls("view_submission")[-1].payload["view"]["state"]["values"]
    held = values["The field"]["it"]
    [file] = held["files"]
    assert held["type"] == "file_input"
    assert (file["name"], file["size"], file["user"]) == ("note.txt", 13, "U0ASHA")
    assert {"id", "created", "mimetype", "filetype", "url_private"} <= set(file)


WRONG: dict[str, tuple[JSON, str, str]] = {
    "email_text_input": ({}, "nobody", "Enter a valid email address."),
    "url_text_input": ({}, "somewhere", "Enter a valid web address."),
    "number_input": ({"is_decimal_allowed": True}, "many", "Enter a number."),
    "number_input whole": ({"is_decimal_allowed": False}, "2.5", "Enter a whole number."),
    "number_input least": (
        {"is_decimal_allowed": False, "min_value": "3"},
        "2",
        "Enter a number of at least 3.",
    ),
    "number_input most": (
        {"is_decimal_allowed": False, "max_value": "3"},
        "4",
        "Enter a number of at most 3.",
    ),
    "plain_text_input": ({"min_length": 5}, "four", "Write at least 5 characters."),
}


async def test_slack_itself_stops_what_cannot_be_right(sandbox: Sandbox, page: Page) -> None:
    opens(sandbox, *(an_input(*named(name, more)) for name, (more, _, _) in WRONG.items()))
    await page.goto(f"{sandbox.url}/?as=U0ASHA")
    modal = page.get_by_role("dialog")
    for name, (_, typed, _) in WRONG.items():
        await modal.get_by_label(name, exact=True).fill(typed)
    await modal.get_by_role("button", name="Send").click()
    for name, (_, typed, said) in WRONG.items():
        field = modal.get_by_label(name, exact=True)
        await expect(field).to_have_accessible_description(said)
        await expect(field).to_have_value(typed)
    assert not sandbox.calls("view_submission")


async def test_buttons_with_pictures_and_opinions_are_pressed(sandbox: Sandbox, page: Page) -> None:
    def said(text: str) -> JSON:
        return {"type": "plain_text", "text": text}

    way: JSON = {"type": "feedback_buttons", "action_id": "like"}
    way["positive_button"] = {"text": said("Good"), "value": "good"}
    way["negative_button"] = {"text": said("Bad"), "value": "bad"}
    bin_ = {"type": "icon_button", "action_id": "bin", "icon": "trash", "text": said("Throw away")}
    posts(sandbox, [{"type": "context_actions", "elements": [way, bin_]}])
    await page.goto(f"{sandbox.url}/?as=U0ASHA&at={sandbox.person('U0ASHA').dm}")
    await page.get_by_role("button", name="Bad").click()
    await expect(page.get_by_role("status").filter(has_text="We had some trouble")).to_be_visible()
    await page.get_by_role("button", name="Throw away").click()
    await page.wait_for_function("() => !document.querySelector('[aria-busy=true]')")
    pressed = [call.payload["actions"][0] for call in sandbox.calls("block_actions")]
    assert [each["action_id"] for each in pressed] == ["like", "bin"]
    assert pressed[0]["value"] == "bad"


async def test_a_confirm_dialog_of_a_menu_puts_the_old_choice_back(
    sandbox: Sandbox, page: Page
) -> None:
    def said(text: str) -> JSON:
        return {"type": "plain_text", "text": text}

    confirm = {"title": said("Sure?"), "text": said("It stays."), "confirm": said("Do it")}
    confirm["deny"] = said("Stop")
    menu: JSON = {"type": "static_select", "action_id": "it", "options": [RED, BLUE]}
    menu |= {"initial_option": RED, "confirm": confirm, "placeholder": said("Pick one")}
    posts(sandbox, [{"type": "actions", "elements": [menu]}])
    await page.goto(f"{sandbox.url}/?as=U0ASHA&at={sandbox.person('U0ASHA').dm}")
    field = page.get_by_label("Pick one")
    await field.select_option(label="Blue")
    await page.get_by_role("dialog", name="Sure?").get_by_role("button", name="Stop").click()
    await expect(field).to_have_value("red")
    assert not sandbox.calls("block_actions")
    await field.select_option(label="Blue")
    await page.get_by_role("dialog", name="Sure?").get_by_role("button", name="Do it").click()
    await expect(page.get_by_role("status").filter(has_text="We had some trouble")).to_be_visible()
    action = sandbox.calls("block_actions")[-1].payload["actions"][0]
    assert action["selected_option"] == BLUE
    assert (action["initial_option"], action["placeholder"]) == (RED, said("Pick one"))


async def test_a_confirm_dialog_asks_first(sandbox: Sandbox, page: Page) -> None:
    def said(text: str) -> JSON:
        return {"type": "plain_text", "text": text}

    confirm = {"title": said("Sure?"), "text": said("It stays."), "confirm": said("Do it")}
    confirm["deny"] = said("Stop")
    button = {"type": "button", "action_id": "it", "text": said("Go"), "confirm": confirm}
    posts(sandbox, [{"type": "actions", "elements": [button]}])
    await page.goto(f"{sandbox.url}/?as=U0ASHA&at={sandbox.person('U0ASHA').dm}")
    asked = page.get_by_role("dialog", name="Sure?")
    await page.get_by_role("button", name="Go").click()
    await asked.get_by_role("button", name="Stop").click()
    assert not sandbox.calls("block_actions")
    await page.get_by_role("button", name="Go").click()
    await asked.get_by_role("button", name="Do it").click()
    await expect(page.get_by_role("status").filter(has_text="We had some trouble")).to_be_visible()
    assert len(sandbox.calls("block_actions")) == 1


async def test_a_required_field_is_named_where_it_is(sandbox: Sandbox, page: Page) -> None:
    opens(sandbox, an_input({"type": "plain_text_input", "action_id": "it"}))
    await page.goto(f"{sandbox.url}/?as=U0ASHA")
    await page.get_by_role("dialog").get_by_role("button", name="Send").click()
    field = page.get_by_label("The field")
    await expect(field).to_have_attribute("aria-invalid", "true")
    await expect(field).to_have_accessible_description("Please complete this required field.")


async def test_a_dispatching_input_tells_the_app_at_once_and_keeps_what_is_typed(
    sandbox: Sandbox, page: Page
) -> None:
    chooser = an_input({"type": "static_select", "action_id": "it", "options": [RED, BLUE]})
    typed = {"type": "plain_text_input", "action_id": "words"}
    other = an_input(typed) | {"block_id": "b2"}
    other["label"] = {"type": "plain_text", "text": "Other"}
    opens(sandbox, chooser | {"dispatch_action": True}, other)
    await page.goto(f"{sandbox.url}/?as=U0ASHA")
    await page.get_by_label("Other").fill("half written")
    await page.get_by_label("The field").select_option(label="Red")
    await expect(page.get_by_role("status").filter(has_text="We had some trouble")).to_be_visible()
    sent = sandbox.calls("block_actions")[-1].payload
    assert set(sent) == FROM_VIEW
    assert sent["container"] == {"type": "view", "view_id": sent["view"]["id"]}
    assert sent["actions"][0]["selected_option"] == RED
    assert sent["view"]["state"]["values"]["b2"]["words"]["value"] == "half written"
    await expect(page.get_by_label("Other")).to_have_value("half written")


async def test_three_modals_are_stacked_and_put_away_one_by_one(
    sandbox: Sandbox, page: Page
) -> None:
    opens(sandbox, an_input({"type": "plain_text_input", "action_id": "it"}))
    for title in ("Second", "Third"):
        sandbox.world.push_view(a_view(title), "U0ASHA")
    await page.goto(f"{sandbox.url}/?as=U0ASHA")
    await expect(page.get_by_role("dialog", name="Third")).to_be_visible()
    await page.get_by_role("button", name="Back").click()
    await expect(page.get_by_role("dialog", name="Second")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog", name="A form")).to_be_visible()


async def test_every_block_is_drawn(sandbox: Sandbox, page: Page) -> None:
    def said(text: str, kind: str = "mrkdwn") -> JSON:
        return {"type": kind, "text": text}

    leaf = {"type": "text", "text": "rich words", "style": {"bold": True}}
    posts(
        sandbox,
        [
            {"type": "header", "text": said("A heading", "plain_text")},
            {"type": "section", "text": said("*bold* _slanted_ ~gone~ `code` <@U0BEN> :tada:")},
            {"type": "section", "fields": [said("left"), said("right")]},
            {"type": "section", "text": said(HOSTILE.replace("<", "&lt;"))},
            {"type": "divider"},
            {"type": "context", "elements": [said("small print")]},
            {"type": "markdown", "text": "# Title\n\n**strong** <script>x</script>"},
            {"type": "alert", "text": said("mind this"), "level": "warning"},
            {"type": "image", "image_url": "https://x.example/a.png", "alt_text": "a picture"},
            {"type": "table", "rows": [[{"type": "raw_text", "text": "cell"}]]},
            {
                "type": "rich_text",
                "elements": [{"type": "rich_text_section", "elements": [leaf]}],
            },
        ],
    )
    await page.goto(f"{sandbox.url}/?as=U0ASHA&at={sandbox.person('U0ASHA').dm}")
    message = page.get_by_role("article").last
    await expect(message.get_by_role("heading", name="A heading")).to_be_visible()
    for tag, words in {"strong": "bold", "em": "slanted", "s": "gone", "code": "code"}.items():
        await expect(message.locator(tag).filter(has_text=words).first).to_be_visible()
    for words in ("@Ben Osei", "🎉", "left", "small print", "mind this", "cell", "rich words"):
        await expect(message.get_by_text(words).first).to_be_visible()
    await expect(message.get_by_role("img", name="a picture")).to_have_count(1)
    assert await message.locator("script").count() == 0


def an_input(element: JSON, name: str = "The field") -> JSON:
    label = {"type": "plain_text", "text": name}
    return {"type": "input", "block_id": name, "label": label, "element": element}


def a_view(title: str, *blocks: JSON) -> JSON:
    def said(text: str) -> JSON:
        return {"type": "plain_text", "text": text}

    text = {"type": "section", "text": said("Nothing to fill in.")}
    shown = list(blocks) or [text]
    return {"type": "modal", "title": said(title), "submit": said("Send"), "blocks": shown}


def opens(sandbox: Sandbox, *blocks: JSON) -> None:
    sandbox.world.open_view(a_view("A form", *blocks), "U0ASHA")


def posts(sandbox: Sandbox, blocks: list[JSON]) -> str:
    """The bot says something with these blocks to Asha."""
    world = sandbox.world
    channel = world.workspace.dm_with("U0ASHA")
    from_bot = world.bot_message({"text": "A card", "blocks": number_blocks(blocks)})
    return world.workspace.post(channel, from_bot).ts
