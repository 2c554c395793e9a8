"""The arguments of a Web API call, however the bot chose to send them."""

import json
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from sandbox.refusals import SlackRefusal
from sandbox.wire import JSON

TRUE = {"1", "true", "True", "yes"}


@dataclass
class Arguments:
    """Named values; a form sends them all as strings, JSON does not."""

    values: JSON

    def text(self, name: str, default: str = "") -> str:
        value = self.values.get(name)
        return default if value is None else str(value)

    def flag(self, name: str, default: bool = False) -> bool:
        value = self.values.get(name)
        if value is None or value == "":
            return default
        return value if isinstance(value, bool) else str(value) in TRUE

    def number(self, name: str, default: int) -> int:
        value = self.text(name)
        if not value:
            return default
        try:
            return int(float(value))
        except ValueError as bad:
            problem = f"[ERROR] must be an integer [json-pointer:/{name}]"
            raise SlackRefusal("invalid_arguments", problem) from bad

    def listed(self, name: str) -> list[str]:
        """Comma separated, or a JSON list."""
        value = self.values.get(name)
        if isinstance(value, list):
            return [str(each) for each in value]
        return [each.strip() for each in self.text(name).split(",") if each.strip()]

    def parsed(self, name: str, otherwise: str = "invalid_arguments") -> Any:
        """A structure, sent as JSON or as JSON inside a string."""
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        if not value.strip():
            return None
        try:
            return json.loads(value)
        except ValueError as bad:
            raise SlackRefusal(otherwise) from bad

    def content(self) -> JSON:
        """What a message is made of, ready to be judged."""
        return {
            "text": self.text("text"),
            "markdown_text": self.text("markdown_text"),
            "blocks": self.parsed("blocks", "invalid_blocks_format"),
            "attachments": self.parsed("attachments", "invalid_attachments"),
            "metadata": self.parsed("metadata", "invalid_metadata_format"),
        }


async def read(request: web.Request) -> Arguments:
    values: JSON = dict(request.query)
    if request.content_type == "application/json":
        body = await request.text()
        found = _json_object(body) if body.strip() else {}
        values |= found
    elif request.can_read_body:
        values |= {k: v for k, v in (await request.post()).items() if isinstance(v, str)}
    return Arguments(values)


def _json_object(body: str) -> JSON:
    try:
        found = json.loads(body)
    except ValueError as bad:
        raise SlackRefusal("invalid_json") from bad
    if not isinstance(found, dict):
        raise SlackRefusal("json_not_object")
    return found
