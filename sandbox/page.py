"""The rehearsal page: each person's Slack in a browser, drawn on the server."""

from typing import TYPE_CHECKING

from aiohttp import web

if TYPE_CHECKING:
    from sandbox.sandbox import Sandbox


def routes(sandbox: "Sandbox") -> list[web.RouteDef]:
    return []
