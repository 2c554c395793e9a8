"""What somebody who knows Slack would try, and what they would trip over."""

import re

from playwright.async_api import Locator, Page, expect

from sandbox import Sandbox
from tests.browser.test_block_kit import an_input, opens

ASHA, BEN = "U0ASHA", "U0BEN"
LONG = "challenge-about-a-child-of-our-school-2026-"
SHADOW = re.compile("12px")
MARKS = [
    {"label": f"Next {what}", "at": f"2100-01-0{day}T09:30:00+00:00", "about": f"PC-{day}: {why}"}
    for day, (what, why) in enumerate([("reminder", "asked"), ("deadline", "due")], start=1)
]


async def together(sandbox: Sandbox, *said: str) -> str:
    """A channel of Asha and Ben in which she has said this."""
    channel = await sandbox.person(ASHA).creates("together")
    await sandbox.person(ASHA).invites(channel.id, BEN)
    for words in said:
        await sandbox.person(ASHA).says(channel.id, words)
    return channel.id


def writing(page: Page) -> Locator:
    return page.get_by_role("combobox", name="Message").first


async def test_a_long_form_keeps_its_title_and_buttons_in_sight(
    sandbox: Sandbox, page: Page
) -> None:
    element = {"type": "plain_text_input", "action_id": "it", "multiline": True}
    opens(sandbox, *(an_input(element, f"Question {number}") for number in range(12)))
    await page.goto(f"{sandbox.url}/?as={ASHA}")
    modal = page.get_by_role("dialog")
    for end in ("0", "e.scrollHeight"):
        await modal.locator(".modal-body").evaluate(f"e => e.scrollTop = {end}")
        await expect(modal.get_by_role("heading", name="A form")).to_be_in_viewport(ratio=1)
        await expect(modal.get_by_role("button", name="Send")).to_be_in_viewport(ratio=1)
        above, below = modal.locator(".modal-head"), modal.locator(".foot")
        has_more, has_none = (below, above) if end == "0" else (above, below)
        await expect(has_more).to_have_css("box-shadow", SHADOW)
        await expect(has_none).not_to_have_css("box-shadow", SHADOW)


async def test_the_clock_says_where_its_buttons_lead_and_the_top_stays_as_high(
    sandbox: Sandbox, page: Page
) -> None:
    await page.goto(f"{sandbox.url}/?as={ASHA}")
    reminder = page.get_by_role("button", name="Next reminder")
    for width in (1440, 1100, 1030):
        await page.set_viewport_size({"width": width, "height": 900})
        sandbox.mark([])
        await expect(reminder).to_have_count(0)
        height = await page.locator("header").evaluate("e => e.offsetHeight")
        sandbox.mark(MARKS)
        await expect(reminder).to_contain_text("Fri 1 Jan, 09:30")
        assert await page.locator("header").evaluate("e => e.offsetHeight") == height
        assert await page.evaluate("document.documentElement.scrollWidth") <= width
    await expect(reminder).to_contain_text("PC-1: asked")
    await expect(reminder).to_have_attribute(
        "title", "Next reminder: Friday 1 January, 09:30. PC-1: asked"
    )
    await reminder.click()
    await expect(page.locator("#clock-now")).to_contain_text("1 Jan 2100")
    await expect(reminder).to_have_count(0)


async def test_of_a_long_name_the_end_is_seen(sandbox: Sandbox, page: Page) -> None:
    names = [LONG + end for end in ("0001", "0002")]
    for name in names:
        await sandbox.person(ASHA).creates(name)
    await page.goto(f"{sandbox.url}/?as={ASHA}")
    for name in names:
        line = page.get_by_role("navigation").get_by_role("button", name=name)
        await expect(line).to_have_attribute("title", name)
        begin, end = line.locator(".ends > span").first, line.locator(".ends > span").last
        await expect(end).to_have_text(name[-9:])
        await expect(end).to_be_in_viewport(ratio=1)
        assert await begin.evaluate("e => e.scrollWidth > e.clientWidth")


async def test_the_arrow_goes_back_into_what_one_said_last(sandbox: Sandbox, page: Page) -> None:
    channel = await together(sandbox, "the first", "the secnd")
    await sandbox.person(BEN).says(channel, "an answer")
    await page.goto(f"{sandbox.url}/?as={ASHA}&at={channel}")
    await writing(page).press("ArrowUp")
    box = page.get_by_role("dialog", name="Edit message").get_by_label("Message")
    await expect(box).to_have_value("the secnd")
    await box.fill("the second")
    await box.press("Enter")
    await expect(page.get_by_role("article").filter(has_text="the second")).to_contain_text(
        "edited"
    )
    await expect(writing(page)).to_be_focused()


async def test_emoji_are_suggested_by_name_and_picked(sandbox: Sandbox, page: Page) -> None:
    channel = await together(sandbox)
    await page.goto(f"{sandbox.url}/?as={ASHA}&at={channel}")
    box = writing(page)
    await box.press_sequentially("Well done :tad")
    await expect(page.get_by_role("option", name=":tada:")).to_be_visible()
    await box.press("Tab")
    await expect(box).to_have_value("Well done :tada: ")
    await page.get_by_role("button", name="Emoji").first.click()
    await page.get_by_label("Find by name").fill("raising")
    await expect(
        page.get_by_role("dialog").get_by_label("raising hand", exact=True)
    ).to_be_visible()
    await page.keyboard.press("Enter")
    await expect(box).to_have_value("Well done :tada: :raising_hand: ")
    await box.press("Enter")
    await expect(page.get_by_role("article").last).to_contain_text("Well done 🎉 🙋")


async def test_lines_that_are_pasted_stay_lines(sandbox: Sandbox, page: Page) -> None:
    channel = await together(sandbox)
    await page.goto(f"{sandbox.url}/?as={ASHA}&at={channel}")
    box = writing(page)
    low = await box.evaluate("e => e.offsetHeight")
    await box.focus()
    await page.keyboard.insert_text("one\ntwo\n\nthree")
    assert await box.evaluate("e => e.offsetHeight") > low
    await box.press("Shift+Enter")
    await page.keyboard.insert_text("four")
    await box.press("Enter")
    await expect(page.get_by_role("article").last).to_contain_text("four")
    assert sandbox.channel(channel).messages[-1].text == "one\ntwo\n\nthree\nfour"
    assert await box.evaluate("e => e.offsetHeight") <= low + 2


async def test_a_link_to_a_message_is_copied_and_followed_by_those_who_see_it(
    sandbox: Sandbox, page: Page
) -> None:
    channel = await together(sandbox, "the very first", *(f"line {n}" for n in range(100)))
    ts = next(m.ts for m in sandbox.channel(channel).messages if m.text == "the very first")
    link = f"{sandbox.url}/archives/{channel}/p{ts.replace('.', '')}"
    found = page.get_by_role("article").filter(has_text="the very first")
    for who in (BEN, "U0CARA"):
        notes = await sandbox.person(ASHA).writes_to(who)
        await sandbox.person(ASHA).says(notes.id, f"Look at {link}")
        await page.goto(f"{sandbox.url}/?as={who}&at={notes.id}")
        await page.get_by_role("link", name=link).click()
        if who == BEN:
            await expect(found).to_be_in_viewport()
            await expect(found).to_be_focused()
        else:
            await expect(page.get_by_role("status")).to_contain_text("does not see")
            await expect(page.get_by_role("link", name=link)).to_be_visible()
    await page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await page.goto(link)
    await expect(found).to_be_in_viewport()
    await found.hover()
    await found.get_by_label("More actions").click()
    await found.get_by_role("button", name="Copy link").click()
    await expect(page.get_by_role("status")).to_contain_text("The link is copied.")
    assert await page.evaluate("navigator.clipboard.readText()") == link


async def test_a_channel_that_is_named_is_a_link_for_those_in_it_and_nameless_for_others(
    sandbox: Sandbox, page: Page
) -> None:
    channel = await together(sandbox)
    world = sandbox.world
    for who in (ASHA, "U0CARA"):
        said = world.bot_message({"text": f"See <#{channel}> with <@{BEN}>"})
        world.workspace.post(world.workspace.dm_with(who), said)
    cara = sandbox.person("U0CARA").dm
    await page.goto(f"{sandbox.url}/?as=U0CARA&at={cara}")
    await expect(page.get_by_text("See 🔒 private channel")).to_be_visible()
    assert "together" not in await page.locator("body").inner_text()
    await page.get_by_role("button", name="@Ben Osei").click()
    about = page.get_by_role("dialog", name="Ben Osei")
    await about.get_by_role("button", name="Message").click()
    await expect(page.get_by_role("heading", name="Ben Osei")).to_be_visible()
    await page.goto(f"{sandbox.url}/?as={ASHA}&at={sandbox.person(ASHA).dm}")
    await page.get_by_role("link", name="#together").click()
    await expect(page.get_by_role("heading", name="together")).to_be_visible()


async def test_enter_does_what_the_last_button_says(sandbox: Sandbox, page: Page) -> None:
    opens(sandbox, an_input({"type": "plain_text_input", "action_id": "it"}))
    await page.goto(f"{sandbox.url}/?as={ASHA}")
    await page.get_by_label("The field").fill("words")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("We had some trouble").first).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await page.get_by_role("button", name="Create a channel").click()
    await page.get_by_label("Name", exact=True).fill("made-with-enter")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="made-with-enter")).to_be_visible()


async def test_long_words_wrap_and_other_scripts_run_their_own_way(
    sandbox: Sandbox, page: Page
) -> None:
    channel = await together(sandbox, "Llanfair" * 60, "שלום לכולם", "Hello to all", "word " * 900)
    await page.set_viewport_size({"width": 320, "height": 640})
    await page.goto(f"{sandbox.url}/?as={ASHA}&at={channel}")
    main = page.locator("[data-part=main]")
    await expect(page.get_by_text("Hello to all")).to_have_count(1)
    assert await main.evaluate("e => e.scrollWidth <= e.clientWidth")
    begins = """e => { const words = document.createRange(), box = e.getBoundingClientRect();
        words.selectNodeContents(e); const at = words.getBoundingClientRect();
        return at.left - box.left < box.right - at.right ? 'left' : 'right'; }"""
    assert await page.get_by_text("שלום").evaluate(begins) == "right"
    assert await page.get_by_text("Hello to all").evaluate(begins) == "left"
