"""Forms with an app behind them: external menus, updates by hash, errors, stacks, waiting."""

import asyncio
from typing import Any

import pytest
from playwright.async_api import Page, Route, expect
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError

from sandbox import Sandbox
from tests.browser.test_block_kit import COMMON, an_input, opens, posts
from tests.sandbox.slack import a_modal, an_app, by_socket
from tests.sandbox.slack import an_input as named_input

JSON = dict[str, Any]
TOWNS = ["Darlington", "Durham", "Dover"]


def the_towns(app: AsyncApp, asked: list[JSON]) -> None:
    @app.options("it")
    async def offer(ack: Any, payload: JSON, body: JSON) -> None:
        asked.append(body)
        found = [each for each in TOWNS if each.lower().startswith(payload["value"].lower())]
        await ack(options=[town(each) for each in found])


def town(name: str) -> JSON:
    return {"text": {"type": "plain_text", "text": name}, "value": name.lower()}


@pytest.mark.parametrize("kind", ["external_select", "multi_external_select"])
async def test_an_external_menu_offers_what_the_app_finds(
    sandbox: Sandbox, page: Page, kind: str
) -> None:
    asked: list[JSON] = []
    app = an_app(sandbox)
    the_towns(app, asked)
    opens(sandbox, an_input({"type": kind, "action_id": "it", "min_query_length": 2}))
    await page.goto(f"{sandbox.url}/?as=U0ASHA")
    modal = page.get_by_role("dialog")
    async with by_socket(sandbox, app):
        await modal.get_by_role("combobox").press_sequentially("d", delay=300)
        assert not asked
        await modal.get_by_role("combobox").press_sequentially("ar")
        await modal.get_by_label("Darlington").check()
        if kind.startswith("multi"):
            await modal.get_by_role("combobox").fill("dur")
            await expect(modal.get_by_label("Durham")).to_be_visible()
            await page.keyboard.press("Enter")
            await expect(modal.get_by_label("Durham")).to_be_checked()
        await modal.get_by_role("button", name="Send").click()
        await expect(modal.get_by_text("We had some trouble")).to_be_visible()
    values = sandbox.calls("view_submission")[-1].payload["view"]["state"]["values"]
    if kind.startswith("multi"):
        held: JSON = {"selected_options": [town("Darlington"), town("Durham")]}
    else:
        held = {"selected_option": town("Darlington")}
    assert values == {"The field": {"it": {"type": kind, **held}}}
    assert set(asked[0]) == COMMON | {"action_id", "block_id", "value", "container", "view"}
    assert asked[0]["type"] == "block_suggestion"


async def test_an_external_menu_of_a_message_says_where_it_is(sandbox: Sandbox, page: Page) -> None:
    asked: list[JSON] = []
    app = an_app(sandbox)
    the_towns(app, asked)
    element = {"type": "external_select", "action_id": "it"}
    ts = posts(sandbox, [{"type": "actions", "block_id": "block", "elements": [element]}])
    await page.goto(f"{sandbox.url}/?as=U0ASHA&at={sandbox.person('U0ASHA').dm}")
    message = page.get_by_role("article").last
    async with by_socket(sandbox, app):
        await message.get_by_role("combobox").press_sequentially("dov")
        await message.get_by_label("Dover").check()
        told = page.get_by_role("status").filter(has_text="We had some trouble")
        await expect(told).to_be_visible()
    assert set(asked[0]) == COMMON | {
        *("action_id", "block_id", "value", "container", "channel", "message"),
    }
    assert asked[0]["container"]["message_ts"] == ts
    action = sandbox.calls("block_actions")[-1].payload["actions"][0]
    assert action["selected_option"] == town("Dover")


async def test_a_view_is_changed_by_its_hash_and_a_stale_one_is_refused(
    sandbox: Sandbox, page: Page
) -> None:
    app = an_app(sandbox)
    refused: list[str] = []

    @app.action("it")
    async def changed(ack: Any, body: JSON, client: Any) -> None:
        await ack()
        view = body["view"]
        now = a_modal("Changed", named_input("kept", "Kept"), named_input("more", "One more"))
        await client.views_update(view_id=view["id"], hash=view["hash"], view=now)
        try:
            await client.views_update(view_id=view["id"], hash=view["hash"], view=a_modal("Stale"))
        except SlackApiError as no:
            refused.append(no.response["error"])

    menu = {"type": "static_select", "action_id": "it", "options": [town("Dover")]}
    opens(sandbox, an_input(menu) | {"dispatch_action": True}, named_input("kept", "Kept"))
    await page.goto(f"{sandbox.url}/?as=U0ASHA")
    async with by_socket(sandbox, app):
        await page.get_by_label("Kept").fill("half written")
        await page.get_by_label("The field").select_option(label="Dover")
        await expect(page.get_by_role("dialog", name="Changed")).to_be_visible()
    await expect(page.get_by_label("Kept")).to_have_value("half written")
    await expect(page.get_by_label("One more")).to_be_visible()
    assert refused == ["hash_conflict"]


async def test_errors_stand_beside_the_field_and_what_was_typed_stays(
    sandbox: Sandbox, page: Page
) -> None:
    app = an_app(sandbox)

    @app.view("form")
    async def sent(ack: Any, view: JSON) -> None:
        words = view["state"]["values"]["why"]["why"]["value"]
        if words == "because":
            await ack(response_action="errors", errors={"why": "Please say more."})
        else:
            await ack()

    sandbox.world.open_view(a_modal(), "U0ASHA")
    await page.goto(f"{sandbox.url}/?as=U0ASHA")
    modal, field = page.get_by_role("dialog"), page.get_by_label("Why?")
    async with by_socket(sandbox, app):
        await field.fill("because")
        await modal.get_by_role("button", name="Send").click()
        await expect(field).to_have_accessible_description("Please say more.")
        await expect(field).to_have_value("because")
        await field.fill("because of the bruises")
        await modal.get_by_role("button", name="Send").click()
        await expect(modal).to_have_count(0)


async def test_answers_push_a_view_change_it_and_clear_the_stack(
    sandbox: Sandbox, page: Page
) -> None:
    app = an_app(sandbox)

    @app.view("form")
    async def first(ack: Any) -> None:
        await ack(response_action="push", view=a_modal("Second", callback_id="second"))

    @app.view("second")
    async def second(ack: Any) -> None:
        await ack(response_action="update", view=a_modal("Third", callback_id="third"))

    @app.view("third")
    async def third(ack: Any) -> None:
        await ack(response_action="clear")

    sandbox.world.open_view(a_modal("First"), "U0ASHA")
    await page.goto(f"{sandbox.url}/?as=U0ASHA")
    async with by_socket(sandbox, app):
        for title in ("First", "Second", "Third"):
            modal = page.get_by_role("dialog", name=title)
            await modal.get_by_label("Why?").fill("a reason")
            await modal.get_by_role("button", name="Send").click()
        await expect(page.get_by_role("dialog")).to_have_count(0)


async def test_a_form_shows_that_it_waits_and_is_sent_once(sandbox: Sandbox, page: Page) -> None:
    app = an_app(sandbox)
    go_on = asyncio.Event()

    @app.view("form")
    async def sent(ack: Any) -> None:
        await go_on.wait()
        await ack()

    sandbox.world.open_view(a_modal(), "U0ASHA")
    await page.goto(f"{sandbox.url}/?as=U0ASHA")
    modal = page.get_by_role("dialog")
    async with by_socket(sandbox, app):
        await modal.get_by_label("Why?").fill("a reason")
        send = modal.get_by_role("button", name="Send")
        await send.click()
        await expect(modal).to_have_attribute("aria-busy", "true")
        await expect(send).to_have_attribute("aria-busy", "true")
        await send.click()
        go_on.set()
        await expect(modal).to_have_count(0)
    assert len(sandbox.calls("view_submission")) == 1


async def test_a_form_drawn_anew_can_be_sent_though_the_page_still_hears_of_the_last_time(
    sandbox: Sandbox, page: Page
) -> None:
    app = an_app(sandbox)
    heard = asyncio.Event()

    @app.view("form")
    async def sent(ack: Any, view: JSON) -> None:
        if view["title"]["text"] == "First":
            await ack(response_action="update", view=a_modal("Second"))
        else:
            await ack()

    async def late(route: Route) -> None:
        answer = await route.fetch()
        await heard.wait()
        await route.fulfill(response=answer)

    sandbox.world.open_view(a_modal("First"), "U0ASHA")
    await page.goto(f"{sandbox.url}/?as=U0ASHA")
    await page.route("**/as/U0ASHA/view", late)
    async with by_socket(sandbox, app):
        for title in ("First", "Second"):
            modal = page.get_by_role("dialog", name=title)
            await modal.get_by_label("Why?").fill("a reason")
            await modal.get_by_role("button", name="Send").click()
        await expect(page.get_by_role("dialog")).to_have_count(0)
        heard.set()
    assert len(sandbox.calls("view_submission")) == 2


async def test_a_button_does_not_slide_away_under_a_finger(sandbox: Sandbox, page: Page) -> None:
    button = {"type": "button", "action_id": "go", "text": {"type": "plain_text", "text": "Go on"}}
    posts(sandbox, [{"type": "actions", "elements": [button]}])
    there = sandbox.world.workspace.dm_with("U0ASHA")
    await page.goto(f"{sandbox.url}/?as=U0ASHA&at={there.id}")
    await page.get_by_role("button", name="Go on").hover()
    await page.mouse.down()
    async with page.expect_response("**/panes?*"):
        posts(sandbox, [{"type": "section", "text": {"type": "mrkdwn", "text": "Something new"}}])
    await expect(page.get_by_text("Something new")).to_have_count(0)
    await page.mouse.up()
    await expect(page.get_by_text("Something new")).to_be_visible()
    assert len(sandbox.calls("block_actions")) == 1
