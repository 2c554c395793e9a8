"""The drawer: what went over the wire, the switches for faults, and what Slack would frown on."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from playwright.async_api import Locator, Page, expect

from bot.rehearsal import Stage
from sandbox import Sandbox
from tests.browser.pictures import picture
from tests.sandbox.slack import a_button, a_modal, an_app, buttons, by_socket, keeping

TRIES = 30


async def the_drawer(page: Page) -> Locator:
    await page.get_by_role("button", name="Wire").click()
    return page.get_by_role("complementary", name="What went over the wire")


@asynccontextmanager
async def switched_on(drawer: Locator, name: str) -> AsyncIterator[None]:
    switch = drawer.get_by_role("switch", name=name, exact=True)
    await switch.click()
    await expect(switch).to_be_checked()
    yield
    await drawer.get_by_role("button", name="Clear").click()
    await expect(switch).not_to_be_checked()


async def until_seen(there: Locator, act: Any) -> None:
    """Some faults strike by chance, so somebody goes on until one has."""
    for _ in range(TRIES):
        await act()
        if await there.count():
            return
        await there.page.wait_for_timeout(150)
    await expect(there.first).to_be_visible()


async def test_the_wire_shows_calls_with_payload_and_answer(stage: Stage, page: Page) -> None:
    await page.goto(stage.url)
    drawer = await the_drawer(page)
    call = drawer.locator("details", has_text="views.publish").first
    await expect(call).to_contain_text("ms")
    await call.locator("summary").click()
    await expect(call.get_by_label("Payload")).to_contain_text('"user_id"')
    await expect(call.get_by_label("Answer")).to_contain_text('"ok": true')
    await picture(page, "wire")


REFUSED = {"Rate limits": "ratelimited", "Errors": "error", "Lost answers": "drop_after"}


async def test_calls_of_the_app_meet_the_faults_that_are_switched_on(
    stage: Stage, page: Page
) -> None:
    await page.goto(stage.url)
    home = page.get_by_role("navigation").get_by_role("button", name="Home", exact=True)
    drawer = await the_drawer(page)
    for name, why in REFUSED.items():
        async with switched_on(drawer, name):
            struck = drawer.locator(".record", has_text="views.publish")
            await until_seen(struck.locator(".why", has_text=why), home.click)
    async with switched_on(drawer, "Slow answers"):
        await home.click()
        slow = drawer.locator(".took").filter(has_text=r"2").first
        await expect(slow).to_be_visible()
        await expect(drawer.get_by_text("views.publish").first).to_be_visible()


async def test_what_is_sent_to_the_app_meets_the_faults_that_are_switched_on(
    sandbox: Sandbox, page: Page
) -> None:
    heard: list[str] = []
    app = an_app(sandbox)

    @app.event("message")
    async def said(event: dict[str, Any]) -> None:
        heard.append(event["text"])

    asha = sandbox.person("U0ASHA")
    await page.goto(f"{sandbox.url}/?as=U0ASHA&at={asha.dm}")
    drawer = await the_drawer(page)
    sockets = drawer.get_by_text("socket").filter(has_text="open.")
    async with by_socket(sandbox, app) as handlers:
        await expect(sockets).to_have_text("1 socket open.")
        async with switched_on(drawer, "Duplicates"):
            await types(page, "twice")
            await expect(drawer.locator(".record", has_text="message")).to_have_count(2)
            await sandbox.quiet()
            assert heard == ["twice", "twice"]
        async with switched_on(drawer, "Lost acks"):
            lost = drawer.locator(".record .why", has_text="http_timeout")
            await until_seen(lost, lambda: types(page, "lost"))
        async with switched_on(drawer, "Silence"):
            heard.clear()
            await types(page, "into the void")
            assert heard == []
        await drawer.get_by_role("button", name="Drop the socket now").click()
        await expect(sockets).to_have_text("0 sockets open.")
        await handlers[0].client.connect_to_new_endpoint(force=True)
        await expect(sockets).to_have_text("1 socket open.")
        async with switched_on(drawer, "Dropped sockets"):
            await until_seen(
                drawer.get_by_text("0 sockets open."), lambda: types(page, "cut off", wait=False)
            )


async def types(page: Page, text: str, wait: bool = True) -> None:
    box = page.get_by_role("combobox").first
    await box.fill(text)
    await box.press("Enter")
    if wait:
        await expect(page.get_by_text(text, exact=True).last).to_be_visible()


async def test_silence_is_told_to_whoever_types_a_command(stage: Stage, page: Page) -> None:
    await page.goto(stage.url)
    drawer = await the_drawer(page)
    async with switched_on(drawer, "Silence"):
        await types(page, "/challenge", wait=False)
        failed = page.get_by_role("status").filter(has_text="/challenge failed with the error")
        await expect(failed).to_be_visible()


async def test_what_slack_would_frown_on_is_said_on_the_page(sandbox: Sandbox, page: Page) -> None:
    app = an_app(sandbox)

    @app.command("/go")
    async def go(ack: Any, body: dict[str, Any], client: Any) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=a_modal())
        blocks = [buttons(a_button("late", "Be late"))]
        await client.api_call("chat.postMessage", json={"channel": "U0ASHA", "blocks": blocks})
        for call in (
            client.views_open(trigger_id=body["trigger_id"], view=a_modal()),
            client.views_open(trigger_id=body["trigger_id"], view=a_modal("x" * 25)),
            client.chat_postMessage(
                channel="U0ASHA",
                text="long",
                blocks=[{"type": "header", "text": {"type": "plain_text", "text": "x" * 151}}],
            ),
        ):
            await asyncio.gather(call, return_exceptions=True)

    app.event("message")(keeping([]))

    @app.action("late")
    async def late(ack: Any) -> None:
        await asyncio.sleep(3.2)
        await ack()

    await page.goto(f"{sandbox.url}/?as=U0ASHA&at={sandbox.person('U0ASHA').dm}")
    count = page.get_by_role("button", name="Wire")
    async with by_socket(sandbox, app):
        await sandbox.person("U0ASHA").command("/go")
        await expect(count).to_contain_text("4 complaints")
        await page.keyboard.press("Escape")
        await page.get_by_role("button", name="Be late").click()
        await expect(count).to_contain_text("6 complaints")
    drawer = await the_drawer(page)
    for kind, words in {
        "trigger used twice": "a trigger_id opens one view",
        "view refused": "must be less than 25 characters",
        "blocks refused": "must be less than 151 characters",
        "no fallback text": "a card has no text beside it",
        "late ack": "no ack within 3.0 s",
    }.items():
        line = drawer.get_by_role("listitem").filter(has_text=kind)
        await expect(line.filter(has_text=words)).to_be_visible()
    await expect(
        drawer.get_by_role("listitem").filter(has_text="an ack came after")
    ).to_be_visible()
