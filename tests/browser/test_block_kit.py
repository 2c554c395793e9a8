"""Each element of Block Kit: drawn, operated, and its payload in the shape Slack documents."""

from typing import Any

import pytest
from playwright.async_api import Page, expect

from sandbox import Sandbox
from sandbox.views import number_blocks
from tests.browser.test_page import HOSTILE

JSON = dict[str, Any]
RED = {"text": {"type": "plain_text", "text": "Red"}, "value": "red"}
BLUE = {"text": {"type": "plain_text", "text": "Blue"}, "value": "blue"}
GROUPS = [{"label": {"type": "plain_text", "text": "Colours"}, "options": [RED, BLUE]}]
NOON = 1_785_582_000  # 1 August 2026, 12:00 in London

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


@pytest.mark.parametrize("named", FIELDS)
async def test_an_input_is_filled_and_submitted(sandbox: Sandbox, page: Page, named: str) -> None:
    more, given, held = FIELDS[named]
    kind = named.partition(" ")[0]
    opens(sandbox, an_input({"type": kind, "action_id": "it", **more}))
    await page.goto(f"{sandbox.url}/?as=U0ASHA")
    modal = page.get_by_role("dialog")
    await operate(modal, given)
    await modal.get_by_role("button", name="Send").click()
    await expect(modal.get_by_text("We had some trouble")).to_be_visible()
    sent = sandbox.calls("view_submission")[-1].payload
    assert sent["view"]["state"]["values"] == {"block": {"it": {"type": kind, **held}}}
    assert {"id", "hash", "callback_id", "private_metadata", "root_view_id"} <= set(sent["view"])


async def operate(modal: Any, given: Any) -> None:
    field = modal.get_by_label("The field", exact=True)
    if isinstance(given, list):
        summary = modal.locator("summary")
        if await summary.count():
            await summary.click()
        for label in given:
            await modal.get_by_label(label, exact=True).check()
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
}


@pytest.mark.parametrize("kind", PRESSED)
async def test_an_element_of_a_message_is_pressed(sandbox: Sandbox, page: Page, kind: str) -> None:
    more, expected = PRESSED[kind]
    element = {"type": kind, "action_id": "it", **more}
    ts = posts(sandbox, [{"type": "actions", "block_id": "block", "elements": [element]}])
    await page.goto(f"{sandbox.url}/?as=U0ASHA&at={sandbox.person('U0ASHA').dm}")
    message = page.get_by_role("article").last
    await press(message, kind)
    await expect(page.get_by_role("status").filter(has_text="We had some trouble")).to_be_visible()
    sent = sandbox.calls("block_actions")[-1].payload
    action = sent["actions"][0]
    assert {k: action[k] for k in expected} == expected
    assert (action["type"], action["action_id"], action["block_id"]) == (kind, "it", "block")
    assert sent["container"]["message_ts"] == ts
    assert {"trigger_id", "response_url", "user", "team", "channel"} <= set(sent)


async def press(message: Any, kind: str) -> None:
    if kind == "button":
        await message.get_by_role("button", name="Go").click()
    elif kind == "overflow":
        await message.get_by_label("More options").click()
        await message.get_by_role("button", name="Blue").click()
    elif kind in {"radio_buttons", "checkboxes"}:
        await message.get_by_label("Blue").check()
    elif kind == "datepicker":
        await message.get_by_label("Choose").fill("2026-08-01")
    else:
        label = "Ben Osei" if kind == "users_select" else "Blue"
        await message.get_by_label("Choose").select_option(label=label)


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


def an_input(element: JSON) -> JSON:
    label = {"type": "plain_text", "text": "The field"}
    return {"type": "input", "block_id": "block", "label": label, "element": element}


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
