"""A challenge from /challenge to settled, played by people who read nothing but the page."""

import pytest
from playwright.async_api import Page, expect

from bot.rehearsal import ABOUT, ACTION, ASKING, PERSON_FIRST, SETTLING, STORIES, Stage
from bot.rehearsal_cast import ASHA, BEN, DEV, ELIF, NAMES
from sandbox.stories import Story, read_stories
from tests.browser.people import Practitioner
from tests.browser.pictures import picture


async def test_three_people_carry_a_challenge_from_first_question_to_settled(
    stage: Stage, page: Page
) -> None:
    await page.goto(f"{stage.url}/?as={ASHA},{BEN},{ELIF}")
    asha, ben, elif_ = (Practitioner(page, who) for who in (ASHA, BEN, ELIF))
    await raises(asha, ben.name)

    await asha.opens("challenge-pc")
    await ben.opens("challenge-pc")
    await expect(ben.pane.get_by_text("Please look at the referral again").first).to_be_visible()
    await asha.types("Ben, could we talk about the referral? I am worried about today.")
    await expect(ben.sees("I am worried about today.")).to_be_visible()
    await picture(page, "three-people")

    await page.get_by_role("button", name="Next reminder").click()
    await expect(ben.sees("Reminder about")).to_be_visible()
    await ben.reacts("Reminder about", "eyes")
    await expect(ben.pane.get_by_role("button", name="eyes: 1")).to_be_visible()

    await lapses(page, ben)
    await elif_.opens("challenge-pc")
    await asha.presses("Accept escalation")
    await expect(asha.pane.get_by_text("Only visible to you").last).to_be_visible()
    await elif_.presses("Accept escalation", under="needs Elif Kaya")
    await elif_.chooses("No")
    await elif_.chooses("No")
    await elif_.fills({"What will you do, and by when?": "I will ring Asha before ten."})
    await elif_.submits("Accept")
    await expect(asha.sees("accepted the escalation")).to_be_visible()

    await settles(elif_, ben.name)
    await asha.presses("Confirm it is settled")
    await page.get_by_role("dialog", name="Is it settled?").get_by_text("Yes, settled").click()
    await expect(ben.sees("is settled. Thank you both")).to_be_visible()


async def raises(asha: Practitioner, challenged: str) -> None:
    await asha.types("/challenge")
    await asha.chooses("No")
    await asha.submits("Next")
    await asha.fills(ABOUT | {"Whose decision do you challenge?": challenged})
    await picture(asha.page, "raising")
    await asha.submits("Next")
    await asha.fills(ASKING)
    await asha.submits("Next")
    await asha.fills(PERSON_FIRST)
    await asha.submits("Raise the challenge")


async def lapses(page: Page, ben: Practitioner) -> None:
    """The clock goes on until the time for an answer is over."""
    await page.get_by_role("button", name="Next deadline").click()
    asked = ben.pane.get_by_role("article").filter(has_text="needs Elif Kaya")
    await expect(asked.get_by_role("button", name="Accept escalation")).to_be_visible()


async def settles(elif_: Practitioner, owner: str) -> None:
    await elif_.asks_for("Propose how it is settled")
    await elif_.fills({"How was it settled?": "The decision was changed", **SETTLING})
    await elif_.submits("Next")
    await elif_.fills({**ACTION, "Who will do it?": owner, "By when?": "2026-12-18"})
    await elif_.submits("Next")
    await elif_.submits("Go on")
    await expect(elif_.modal).to_be_hidden()


async def test_a_bystander_sees_nothing_of_a_challenge(stage: Stage, page: Page) -> None:
    await page.goto(f"{stage.url}/?as={ASHA},{DEV}")
    asha, dev = Practitioner(page, ASHA), Practitioner(page, DEV)
    await raises(asha, "Ben Osei")
    await expect(asha.pane.get_by_role("button", name="challenge-pc")).to_be_visible()
    await dev.types("/challenge show PC-2026-0001")
    await expect(dev.pane.get_by_text("Only visible to you").last).to_be_visible()
    assert "bruises" not in await dev.pane.inner_text()
    await expect(dev.pane.get_by_role("button", name="challenge-pc")).to_have_count(0)


async def test_the_keyboard_alone_raises_a_challenge(stage: Stage, page: Page) -> None:
    await page.goto(f"{stage.url}/?as={ASHA}")
    asha = Practitioner(page, ASHA)
    await asha.pane.get_by_role("combobox").first.focus()
    keys = page.keyboard
    await keys.type("/challenge")
    await keys.press("Enter")
    await expect(asha.modal).to_be_visible()
    await expect(asha.modal.get_by_label("No", exact=True)).to_be_focused()
    await keys.press("Space")
    await tab_to(page, "Next")
    await keys.press("Enter")
    await expect(asha.modal.get_by_label("Who is it about?")).to_be_focused()
    await keys.type("A child")
    await keys.press("Tab")
    await keys.type("X-1")
    await keys.press("Tab")
    await keys.type("Ben")
    await keys.press("Tab")
    await keys.type("Criteria")
    await keys.press("Tab")
    await keys.type("Closed without a visit.")
    await tab_to(page, "Next")
    await keys.press("Enter")
    for label, words in ASKING.items():
        await expect(asha.modal.get_by_label(label)).to_be_visible()
        await tab_to(page, label)
        await keys.type(words)
    await tab_to(page, "Next")
    await keys.press("Enter")
    for label, words in PERSON_FIRST.items():
        await expect(asha.modal.get_by_label(label)).to_be_visible()
        await tab_to(page, label)
        await keys.type(words)
    await tab_to(page, "Raise the challenge")
    await keys.press("Enter")
    await expect(asha.pane.get_by_role("button", name="challenge-pc")).to_be_visible()


async def tab_to(page: Page, name: str) -> None:
    """Tab until the thing of that name has the focus, as somebody without a mouse would."""
    asks = """() => { const e = document.activeElement;
        const labels = [...(e.labels || [])].map(l => l.textContent);
        return [e.textContent, e.getAttribute('aria-label'), ...labels]
            .map(t => (t || '').trim().replace(' (optional)', '')) }"""
    for _ in range(25):
        if name in await page.evaluate(asks):
            return
        await page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard does not reach {name!r}")


async def test_reset_begins_again_with_an_empty_workspace(stage: Stage, page: Page) -> None:
    await page.goto(f"{stage.url}/?as={ASHA}")
    asha = Practitioner(page, ASHA)
    await asha.opens("Asha Patel (you)")
    await asha.types("A note to myself")
    await expect(asha.sees("A note to myself")).to_be_visible()
    await page.get_by_role("button", name="Reset").click()
    await expect(asha.pane.get_by_text("A note to myself")).to_have_count(0)


AGENCIES = ("Hollybush School", "Children's Social Care", "Police", "Health", "Adult Social Care")


async def test_a_practice_story_fills_the_workspace_and_gives_words_to_begin_from(
    stage: Stage, page: Page
) -> None:
    await page.goto(stage.url)
    await page.get_by_role("button", name="Practice stories").click()
    await picture(page, "stories")
    await page.get_by_role("link", name="Begin “An adult's assessment seen as too narrow”").click()
    await expect(page.get_by_role("heading", name="An adult's assessment")).to_be_visible()
    for who in ("U0NIA", "U0PRIYA", "U0QUINN"):
        pane = Practitioner(page, who).pane
        await expect(pane.get_by_role("heading", name="practice-assessment")).to_be_visible()
        await expect(pane.get_by_text("Did you see her alone?")).to_be_visible()
    nia = Practitioner(page, "U0NIA")
    await page.get_by_role("button", name="Use: /challenge").click()
    await expect(nia.pane.get_by_role("combobox").first).to_have_value("/challenge")
    await page.keyboard.press("Enter")
    await expect(nia.modal).to_be_visible()
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="Reset").click()
    await expect(nia.pane.get_by_role("button", name="practice-assessment")).to_have_count(0)


@pytest.mark.parametrize("story", read_stories(STORIES), ids=lambda story: story.key)
async def test_people_of_all_five_agencies_speak_in_each_story(stage: Stage, story: Story) -> None:
    titles = [(await stage.sees(each.who))["title"] for each in story.said]
    for agency in AGENCIES:
        assert any(agency in title for title in titles), agency
    assert set(story.people) <= set(story.everyone) <= set(NAMES)
    assert {line.who for line in story.lines} <= set(story.people)
