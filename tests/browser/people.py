"""People at the page, by visible labels alone."""

import re

from playwright.async_api import Locator, Page, expect

from bot.rehearsal_cast import NAMES


class Practitioner:
    """One person's pane."""

    def __init__(self, page: Page, who: str) -> None:
        self.page = page
        self.who = who
        self.name = NAMES[who]
        self.pane: Locator = page.get_by_role("region", name=self.name, exact=True)

    @property
    def modal(self) -> Locator:
        return self.pane.get_by_role("dialog")

    async def types(self, text: str) -> None:
        box = self.pane.get_by_role("combobox").first
        await box.fill(text)
        await box.press("Enter")

    async def fills(self, given: dict[str, str]) -> None:
        """A field is named by its label; a menu or a radio button takes what is written there."""
        for label, value in given.items():
            field = self.modal.get_by_label(re.compile(f"^{re.escape(label)}( \\(optional\\))?$"))
            if await field.evaluate("e => e.tagName") == "SELECT":
                await field.select_option(label=value)
            else:
                await field.fill(value)

    async def chooses(self, option: str) -> None:
        await self.modal.get_by_label(option, exact=True).check()

    async def submits(self, label: str) -> None:
        await self.modal.get_by_role("button", name=label, exact=True).click()

    async def asks_for(self, label: str) -> None:
        """Presses what opens a form, and once more if nothing came, as people do."""
        await self.presses(label)
        try:
            await expect(self.modal).to_be_visible(timeout=8_000)
        except AssertionError:
            await self.presses(label)

    async def presses(self, label: str, under: str = "") -> None:
        """The newest button of that name on their screen, or under a message with those words."""
        within = self.pane.get_by_role("article").filter(has_text=under) if under else self.pane
        await within.get_by_role("button", name=label, exact=True).last.click()

    async def opens(self, channel: str) -> None:
        burger = self.pane.get_by_role("button", name=f"Channels of {self.name}")
        if await burger.is_visible():
            await burger.click()
        await self.pane.get_by_role("navigation").get_by_role("button", name=channel).click()

    def sees(self, words: str) -> Locator:
        return self.pane.get_by_text(words).last

    async def reacts(self, words: str, emoji: str) -> None:
        """Under the newest message with those words."""
        message = self.pane.get_by_role("article").filter(has_text=words).last
        await message.hover()
        await message.get_by_role("button", name="Add a reaction").click()
        await self.page.get_by_role("dialog", name="Add a reaction").get_by_label(emoji).click()
