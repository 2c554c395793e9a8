"""The page itself: live, safe, for everyone, narrow and wide, light and dark."""

import asyncio
import itertools
import time

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, CDPSession, Page, expect

from bot.rehearsal import Stage
from bot.rehearsal_cast import ASHA, BEN, ELIF
from sandbox import Sandbox
from tests.browser.people import Practitioner
from tests.browser.pictures import picture
from tests.browser.test_a_challenge import raises

MANY = 2000
FRAMES = 120
HOSTILE = '<img src=x onerror="window.bad=1"><script>window.bad=1</script> *<b>bold</b>*'


async def test_a_message_appears_for_another_person_within_200_ms(
    sandbox: Sandbox, page: Page
) -> None:
    channel = await sandbox.person("U0ASHA").creates("together")
    await sandbox.person("U0ASHA").invites(channel.id, "U0BEN")
    await page.goto(f"{sandbox.url}/?as=U0ASHA,U0BEN&at={channel.id},{channel.id}")
    await page.wait_for_timeout(500)
    took = []
    for number in range(9):
        words = f"number {number}"
        waiting = page.evaluate(
            """words => new Promise(done => { const look = () =>
                document.querySelectorAll('.pane')[1].innerText.includes(words)
                    ? done(Date.now()) : requestAnimationFrame(look); look(); })""",
            words,
        )
        began = time.time()
        await sandbox.person("U0ASHA").says(channel.id, words)
        took.append(await waiting / 1000 - began)
    # A busy machine is slow for everything, so the promise is held by the best of nine.
    assert min(took) < 0.2, took
    assert sorted(took)[len(took) // 2] < 1, took


async def test_two_thousand_messages_open_and_scroll_smoothly(sandbox: Sandbox, page: Page) -> None:
    channel = await sandbox.person("U0ASHA").creates("long")
    for number in range(MANY):
        raw = {"user": "U0ASHA", "text": f"message *{number}*", "client_msg_id": str(number)}
        sandbox.world.workspace.post(channel, raw)
    await page.goto(f"{sandbox.url}/?as=U0ASHA&at={channel.id}")
    await expect(page.get_by_text(f"message {MANY - 1}")).to_be_visible()
    place = page.locator("[data-part=main]")
    await place.hover()
    async with asyncio.timeout(120):
        while await page.get_by_text("message 0", exact=True).count() == 0:
            await page.mouse.wheel(0, -20_000)
            await page.wait_for_timeout(30)
    await expect(page.locator("article")).to_have_count(MANY)
    await expect(page.locator("[data-earlier]")).to_have_count(0)
    assert await work_per_frame(page) < 0.03


async def work_per_frame(page: Page) -> float:
    """Seconds of the page's own processor time for each frame of a brisk scroll upwards."""
    cdp = await page.context.new_cdp_session(page)
    await cdp.send("Performance.enable", {"timeDomain": "threadTicks"})
    before = await busy(cdp)
    await page.evaluate(
        """frames => new Promise(done => {
            const place = document.querySelector('[data-part=main]');
            place.scrollTop = place.scrollHeight;
            const step = left => { place.scrollTop -= 150;
                left ? requestAnimationFrame(() => step(left - 1)) : done(); };
            step(frames); })""",
        FRAMES,
    )
    return (await busy(cdp) - before) / FRAMES


async def busy(cdp: CDPSession) -> float:
    metrics = (await cdp.send("Performance.getMetrics"))["metrics"]
    return next(float(each["value"]) for each in metrics if each["name"] == "TaskDuration")


async def test_whoever_reads_further_up_stays_there_and_is_told_of_new_messages(
    sandbox: Sandbox, page: Page
) -> None:
    asha = sandbox.person("U0ASHA")
    channel = await asha.creates("talk")
    for number in range(40):
        await asha.says(channel.id, f"line {number}")
    await page.goto(f"{sandbox.url}/?as=U0ASHA&at={channel.id}")
    place = page.locator("[data-part=main]")
    await expect(page.get_by_text("line 39")).to_be_in_viewport()
    await place.hover()
    await page.mouse.wheel(0, -600)
    await expect(page.get_by_text("line 39")).not_to_be_in_viewport()
    await asha.says(channel.id, "the newest")
    await page.get_by_role("button", name="New messages").click()
    await expect(page.get_by_text("the newest")).to_be_in_viewport()
    await expect(page.get_by_role("button", name="New messages")).to_be_hidden()


async def test_hostile_words_are_shown_and_do_not_run(sandbox: Sandbox, page: Page) -> None:
    channel = await sandbox.person("U0ASHA").creates("odd")
    await sandbox.person("U0ASHA").says(channel.id, HOSTILE)
    await page.goto(f"{sandbox.url}/?as=U0ASHA&at={channel.id}")
    await expect(page.get_by_text("<script>window.bad=1</script>")).to_be_visible()
    assert await page.evaluate("window.bad") is None
    assert await page.locator("article img, article script").count() == 0


async def test_what_is_being_typed_is_not_touched(sandbox: Sandbox, page: Page) -> None:
    channel = await sandbox.person("U0ASHA").creates("busy")
    await page.goto(f"{sandbox.url}/?as=U0ASHA&at={channel.id}")
    box = page.get_by_role("combobox").first
    await box.press_sequentially("half a sen")
    await sandbox.person("U0ASHA").says(channel.id, "Meanwhile")
    await expect(page.get_by_text("Meanwhile")).to_be_visible()
    await box.press_sequentially("tence")
    await expect(box).to_have_value("half a sentence")


async def test_messages_are_edited_deleted_pinned_threaded_and_reacted_to(
    sandbox: Sandbox, page: Page
) -> None:
    channel = await sandbox.person("U0ASHA").creates("work")
    await sandbox.person("U0ASHA").invites(channel.id, "U0BEN")
    await sandbox.person("U0ASHA").says(channel.id, "first words")
    await page.goto(f"{sandbox.url}/?as=U0ASHA&at={channel.id}")
    mine = page.get_by_role("article").filter(has_text="words")
    await mine.hover()
    await mine.get_by_label("More actions").click()
    await mine.get_by_role("button", name="Edit message").click()
    await page.get_by_role("dialog").get_by_label("Message").fill("second words")
    await page.get_by_role("dialog").get_by_role("button", name="Save").click()
    await expect(mine.get_by_text("(edited)")).to_be_visible()
    await mine.hover()
    await mine.get_by_label("More actions").click()
    await mine.get_by_role("button", name="Pin to this channel").click()
    await expect(mine.get_by_text("Pinned")).to_be_visible()
    await mine.hover()
    await mine.get_by_role("button", name="Add a reaction").click()
    await page.get_by_role("dialog").get_by_label("white check mark").click()
    reaction = mine.get_by_role("button", name="white check mark: 1")
    await expect(reaction).to_have_attribute("aria-pressed", "true")
    await reaction.click()
    await expect(reaction).to_have_count(0)
    await mine.hover()
    await mine.get_by_role("button", name="Reply in thread").click()
    await page.get_by_role("complementary", name="Thread").get_by_label("Reply").fill("an answer")
    await page.keyboard.press("Enter")
    await expect(mine.get_by_role("button", name="1 reply")).to_be_visible()
    thread = page.get_by_role("complementary", name="Thread")
    reply = thread.get_by_role("article").filter(has_text="an answer")
    await reply.hover()
    await reply.get_by_label("More actions").click()
    await reply.get_by_role("button", name="Delete message").click()
    asked = page.get_by_role("dialog", name="Delete message")
    await asked.get_by_role("button", name="Delete").click()
    await expect(reply).to_have_count(0)
    await expect(mine.get_by_role("button", name="1 reply")).to_have_count(0)
    await sandbox.person("U0ASHA").archives(channel.id)
    await expect(page.get_by_text("This channel is archived. It can be read")).to_be_visible()


async def test_two_people_write_to_each_other_and_nobody_else_sees_it(
    sandbox: Sandbox, page: Page
) -> None:
    await page.goto(f"{sandbox.url}/?as=U0ASHA,U0BEN,U0CARA")
    asha, ben, cara = (
        page.get_by_role("region", name=name, exact=True)
        for name in ("Asha Patel", "Ben Osei", "Cara Lloyd")
    )
    await page.set_viewport_size({"width": 2600, "height": 900})
    await asha.get_by_role("button", name="Write to someone").click()
    dialog = page.get_by_role("dialog", name="Write to someone")
    await dialog.get_by_label("To").select_option(label="Ben Osei")
    await dialog.get_by_role("button", name="Write", exact=True).click()
    await expect(asha.get_by_role("heading", name="Ben Osei")).to_be_visible()
    await asha.get_by_label("Message Ben Osei").fill("Is 2 < 3 & do you agree, @Ben Osei?")
    await page.keyboard.press("Enter")
    line = ben.get_by_role("navigation").get_by_role("button", name="Asha Patel")
    await expect(line).to_contain_text("unread")
    await line.click()
    await expect(line).not_to_contain_text("unread")
    await expect(ben.get_by_text("Is 2 < 3 & do you agree, @Ben Osei?")).to_be_visible()
    assert await cara.get_by_role("navigation").get_by_text("Asha Patel").count() == 0
    assert not sandbox.calls("message")


async def test_a_file_is_attached_and_only_those_in_the_channel_can_open_it(
    sandbox: Sandbox, page: Page
) -> None:
    channel = await sandbox.person("U0ASHA").creates("work")
    await sandbox.person("U0ASHA").invites(channel.id, "U0BEN")
    await page.goto(f"{sandbox.url}/?as=U0ASHA,U0BEN&at={channel.id},{channel.id}")
    asha = page.get_by_role("region", name="Asha Patel", exact=True)
    note = {"name": "note.txt", "mimeType": "text/plain", "buffer": b"what was seen"}
    await asha.get_by_label("Attach a file").first.set_input_files(note)  # type: ignore[arg-type]
    await expect(asha.get_by_text("note.txt")).to_be_visible()
    await asha.get_by_role("button", name="Send message").first.click()
    ben = page.get_by_role("region", name="Ben Osei", exact=True)
    link = ben.get_by_role("link", name="note.txt")
    await expect(link).to_be_visible()
    address = sandbox.url + str(await link.get_attribute("href"))
    assert await (await page.request.get(address)).body() == b"what was seen"
    stranger = address.replace("U0BEN", "U0CARA")
    assert (await page.request.get(stranger)).status == 404


async def test_commands_are_suggested_and_the_page_says_that_it_is_a_rehearsal(
    stage: Stage, page: Page
) -> None:
    await page.goto(f"{stage.url}/?as={ASHA}")
    await expect(page.get_by_text("This is a rehearsal.")).to_be_visible()
    box = page.get_by_role("combobox").first
    await box.press_sequentially("/ch")
    await expect(page.get_by_role("option", name="/challenge")).to_be_visible()
    await page.keyboard.press("Tab")
    await expect(box).to_have_value("/challenge ")


async def test_being_somebody_else_is_one_click_and_shows_only_what_they_see(
    stage: Stage, page: Page
) -> None:
    shared = (await stage.does(ASHA, "creates", "shared"))["id"]
    await stage.does(ASHA, "invites", shared, BEN)
    await stage.does(ASHA, "says", shared, "for the two of us")
    await page.goto(f"{stage.url}/?as={ASHA}&at={shared}")
    people = page.get_by_role("navigation", name="Be someone")
    await people.get_by_role("button", name="Ben Osei", exact=True).click()
    await expect(page.get_by_text("for the two of us")).to_be_visible()
    await people.get_by_role("button", name="Elif Kaya", exact=True).click()
    await expect(page.get_by_role("button", name="Raise a challenge")).to_be_visible()
    assert await page.get_by_text("for the two of us").count() == 0
    assert await page.get_by_role("button", name="shared").count() == 0


async def test_names_are_suggested_after_an_at_sign(sandbox: Sandbox, page: Page) -> None:
    channel = await sandbox.person("U0ASHA").creates("together")
    await page.goto(f"{sandbox.url}/?as=U0ASHA&at={channel.id}")
    box = page.get_by_role("combobox").first
    await box.press_sequentially("Thank you @be")
    await expect(page.get_by_role("option", name="@Ben Osei")).to_be_visible()
    await page.keyboard.press("Tab")
    await expect(box).to_have_value("Thank you @Ben Osei ")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("article").last).to_contain_text("Thank you @Ben Osei")
    assert channel.messages[-1].text == "Thank you <@U0BEN>"
    mine = page.get_by_role("article").last
    await mine.hover()
    await mine.get_by_label("More actions").click()
    await mine.get_by_role("button", name="Edit message").click()
    asked = page.get_by_role("dialog").get_by_label("Message")
    await expect(asked).to_have_value("Thank you @Ben Osei")


async def test_unread_marks_come_and_go(sandbox: Sandbox, page: Page) -> None:
    channel = await sandbox.person("U0ASHA").creates("news")
    await sandbox.person("U0ASHA").invites(channel.id, "U0BEN")
    await page.goto(f"{sandbox.url}/?as=U0BEN")
    await sandbox.person("U0ASHA").says(channel.id, "Have you heard?")
    line = page.get_by_role("navigation").get_by_role("button", name="news")
    await expect(line).to_contain_text("unread")
    await line.click()
    await expect(line).not_to_contain_text("unread")


async def test_the_clock_moves_on_the_page(stage: Stage, page: Page) -> None:
    await page.goto(stage.url)
    clock = page.locator("#clock-now")
    before = await clock.inner_text()
    await page.get_by_role("button", name="An hour on").click()
    await expect(clock).not_to_have_text(before)
    await page.get_by_role("button", name="Tomorrow 09:30").click()
    await expect(clock).to_contain_text("09:30")


async def test_on_a_narrow_screen_everything_is_behind_three_buttons(
    stage: Stage, page: Page
) -> None:
    await page.set_viewport_size({"width": 320, "height": 640})
    await page.goto(f"{stage.url}/?as={ASHA}")
    await expect(page.get_by_role("button", name="An hour on")).to_be_hidden()
    await page.get_by_role("button", name="Move the clock").click()
    await page.get_by_role("button", name="Tomorrow 09:30").click()
    await expect(page.get_by_role("button", name="Move the clock")).to_contain_text("09:30")
    await page.get_by_role("button", name="Be someone else").focus()
    await page.keyboard.press("Enter")
    await page.get_by_role("button", name="Ben Osei Social worker").click()
    await expect(page.get_by_role("button", name="Be someone else")).to_contain_text("Ben Osei")
    await expect(page.get_by_role("button", name="Ben Osei Social worker")).to_be_hidden()
    await page.get_by_role("button", name="More", exact=True).click()
    await page.get_by_role("button", name="Wire", exact=True).click()
    drawer = page.get_by_role("complementary", name="What went over the wire")
    await expect(drawer.get_by_role("switch", name="Silence")).to_be_visible()
    await drawer.get_by_role("button", name="Close the wire").click()
    await expect(drawer).to_be_hidden()


async def test_it_is_for_everyone_at_every_width(stage: Stage, browser: Browser) -> None:
    """axe finds nothing serious, nothing is cut off sideways, and the pictures are for README."""
    is_raised = False
    for width, scheme in itertools.product((320, 1440), ("light", "dark")):
        context = await browser.new_context(
            viewport={"width": width, "height": 640 if width == 320 else 900},
            color_scheme=scheme,  # type: ignore[arg-type]
            locale="en-GB",
            bypass_csp=True,
        )
        page = await context.new_page()
        page.set_default_timeout(15_000)
        await page.goto(f"{stage.url}/?as={ASHA}")
        asha = Practitioner(page, ASHA)
        await expect(page.get_by_role("button", name="Raise a challenge")).to_be_visible()
        await judged(page, width, f"home-{width}-{scheme}")
        await asha.types("/challenge")
        await expect(asha.modal).to_be_visible()
        await judged(page, width, f"modal-{width}-{scheme}")
        await page.keyboard.press("Escape")
        if not is_raised:
            await raises(asha, "Ben Osei")
            is_raised = True
        await asha.opens("challenge-pc")
        pinned = asha.pane.get_by_role("article").get_by_text("Pinned")
        await expect(pinned.first).to_be_visible()
        await judged(page, width, f"channel-{width}-{scheme}")
        if width == 1440:
            await page.goto(f"{stage.url}/?as={ASHA},{BEN},{ELIF}")
            await page.get_by_role("button", name="Wire").click()
            await judged(page, width, "")
        await context.close()


async def judged(page: Page, width: int, name: str) -> None:
    await page.wait_for_timeout(300)
    if name:
        await picture(page, name)
    found = await Axe().run(page)
    serious = [
        (each["id"], [node["html"][:160] for node in each["nodes"]])
        for each in found.response["violations"]
        if each["impact"] in {"serious", "critical"}
    ]
    assert not serious, serious
    assert await page.evaluate("document.documentElement.scrollWidth") <= width
    top = await page.evaluate("document.querySelector('header').offsetHeight")
    assert top <= (64 if width == 320 else 120)
