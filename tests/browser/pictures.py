"""Pictures of the page for README: PICTURES=1 make test ARGS="-m browser" takes them again."""

import os
from pathlib import Path

from playwright.async_api import Page

FOLDER = Path(__file__).parents[2] / "docs" / "pictures"


async def picture(page: Page, name: str) -> None:
    """Of what is on the page now; kept only when somebody asked for new ones."""
    path = FOLDER / f"{name}.png" if os.environ.get("PICTURES") else None
    await page.screenshot(path=path)
