"""Two managers, a meeting and the independent scrutineer, played by people who read the page."""

from datetime import datetime, timedelta

from playwright.async_api import Page, expect

from bot.rehearsal import Stage
from bot.rehearsal_cast import ASHA, BEN, CARA, ELIF, GRACE, HUGO, KOFI, NAMES
from tests.browser.people import Practitioner
from tests.browser.pictures import picture
from tests.browser.test_a_challenge import raises

MINUTES = {
    "Discussion": "Everyone said what they had seen.",
    "Agreed outcomes and actions": "Nothing was agreed.",
    "Outstanding issues": "Is a visit needed today?",
    "Next steps": "The scrutineer is asked.",
}
OPINION = {
    "Your opinion": "The referral should be opened again.",
    "Your reasons": "Two people saw new bruises.",
}


async def test_two_managers_a_meeting_and_the_scrutineer(stage: Stage, page: Page) -> None:
    [asha] = await on_stage(stage, page, ASHA, opens=False)
    await raises(asha, NAMES[BEN])
    await asha.opens("challenge-pc")
    await goes_up(asha)

    await both_accept(stage, page, CARA, ELIF)
    [asha] = await on_stage(stage, page, ASHA)
    await goes_up(asha)
    await both_accept(stage, page, GRACE, HUGO)

    await they_meet(stage, page)

    asha, kofi = await on_stage(stage, page, ASHA, KOFI, opens=False)
    await asha.opens("challenge-pc")
    await goes_up(asha)
    await kofi.opens("challenge-pc")
    await accepts(kofi, asked="at stage 5")
    await expect(kofi.pane.get_by_role("button", name="Give an opinion").last).to_be_visible()
    await kofi.presses("Read the whole case")
    await expect(kofi.modal.get_by_text("Is a visit needed today?").first).to_be_visible()
    await picture(page, "scrutineer-reads")
    await kofi.modal.get_by_text("Close", exact=True).click()
    await kofi.presses("Give an opinion")
    by = (await now(stage) + timedelta(days=7)).date().isoformat()
    await kofi.fills(OPINION)
    await kofi.submits("Next")
    visit = {"What will be done? (action 1)": "Visit the family together."}
    await kofi.fills({**visit, "Who will do it?": NAMES[BEN], "By when?": by})
    await kofi.submits("Next")
    await kofi.submits("Go on")
    await expect(asha.sees("Two people saw new bruises.")).to_be_visible()

    asha, ben = await on_stage(stage, page, ASHA, BEN)
    await acknowledges(page, asha)
    await expect(ben.sees("acknowledged the opinion on")).to_be_visible()
    await acknowledges(page, ben)
    await expect(ben.sees("is settled. Thank you both")).to_be_visible()


async def acknowledges(page: Page, one: Practitioner) -> None:
    await one.presses("Acknowledge the opinion", under="gave an independent opinion")
    sure = page.get_by_role("dialog", name="Acknowledge it?")
    await sure.get_by_text("Yes, we have read it").click()


async def they_meet(stage: Stage, page: Page) -> None:
    """Times are offered and answered, one is fixed, the file is there, minutes are recorded."""
    grace, hugo = await on_stage(stage, page, GRACE, HUGO)
    tomorrow = (await now(stage) + timedelta(days=1)).replace(hour=11, minute=0)
    times = [tomorrow, tomorrow + timedelta(hours=2)]
    await grace.presses("The meeting")
    await grace.submits("Offer times")
    typed = [at.strftime("%Y-%m-%dT%H:%M") for at in times]
    await grace.fills({"First time": typed[0], "Second time": typed[1]})
    await grace.fills({"Where, or the link": "Room 2, Town Hall"})
    await grace.submits("Offer")
    await expect(grace.modal).to_be_hidden()
    for one in (grace, hugo):
        await expect(one.sees("offers times for the meeting")).to_be_visible()
        await one.presses("Say which times you can make")
        await one.chooses(f"{times[0]:%A %-d %B %Y at %H:%M}")
        await one.submits("Say so")
        await expect(one.modal).to_be_hidden()
    await hugo.presses("The meeting")
    await picture(page, "the-meeting")
    await hugo.submits("Fix the time")
    await hugo.chooses(f"{times[0]:%A %-d %B %Y at %H:%M}")
    await hugo.submits("Fix it")
    await expect(grace.sees("-meeting-1.ics")).to_be_visible()
    await grace.presses("The meeting")
    await grace.submits("Record the minutes")
    await grace.fills(MINUTES)
    await grace.submits("Record")
    await expect(hugo.sees("Everyone said what they had seen.")).to_be_visible()


async def now(stage: Stage) -> datetime:
    """What the clock of the pretend workspace says."""
    return datetime.fromisoformat((await stage.time())["now"])


async def on_stage(
    stage: Stage, page: Page, *people: str, opens: bool = True
) -> list[Practitioner]:
    """These people's screens side by side, with the challenge's channel in front of them."""
    await page.goto(f"{stage.url}/?as={','.join(people)}")
    seated = [Practitioner(page, who) for who in people]
    for one in seated if opens else []:
        await one.opens("challenge-pc")
    return seated


async def goes_up(asha: Practitioner) -> None:
    await asha.presses("Ask for the next stage")
    await asha.chooses("No")
    await asha.fills({"Why is the next stage needed now?": "We cannot agree, and it is urgent."})
    await asha.submits("Ask")
    await expect(asha.modal).to_be_hidden()


async def both_accept(stage: Stage, page: Page, *people: str) -> None:
    seated = await on_stage(stage, page, *people)
    for one in seated:
        await accepts(one)


async def accepts(one: Practitioner, asked: str = "") -> None:
    await one.presses("Accept escalation", under=asked or f"needs {one.name}")
    await one.chooses("No")
    await one.fills({"What will you do, and by when?": "I will ring both sides today."})
    await one.submits("Accept")
    await expect(one.sees("accepted the escalation")).to_be_visible()
