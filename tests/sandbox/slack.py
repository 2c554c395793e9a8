"""Real Bolt and the real SDK, pointed at a sandbox."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from sandbox import Person, Sandbox

MANIFEST: dict[str, Any] = {
    "display_information": {"name": "Rehearsal"},
    "features": {
        "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True},
        "bot_user": {"display_name": "Rehearsal"},
        "shortcuts": [
            {"name": "Begin", "type": "global", "callback_id": "begin"},
            {"name": "Note this", "type": "message", "callback_id": "note"},
        ],
        "slash_commands": [{"command": "/go", "should_escape": True}],
    },
    "oauth_config": {
        "scopes": {
            "bot": [
                *("chat:write", "commands", "users:read", "im:write", "im:history", "im:read"),
                *("groups:history", "groups:read", "groups:write", "pins:write", "pins:read"),
                *("reactions:read", "reactions:write", "files:read", "files:write"),
                *("channels:read", "channels:manage", "mpim:write"),
            ]
        }
    },
    "settings": {
        "event_subscriptions": {
            "bot_events": [
                *("message.groups", "message.im", "reaction_added", "reaction_removed"),
                *("member_joined_channel", "member_left_channel", "app_home_opened"),
            ]
        },
        "socket_mode_enabled": True,
    },
}

PEOPLE = [
    ("U0ASHA", "Asha Patel"),
    ("U0BEN", "Ben Osei"),
    ("U0CARA", "Cara Lloyd"),
]


def a_sandbox(manifest: dict[str, Any] | None = None, **how: Any) -> Sandbox:
    people = [Person(user, name) for user, name in PEOPLE]
    people.append(Person("U0GUEST", "Gail Guest", guest=True))
    people.append(Person("U0LEFT", "Lena Left", deactivated=True))
    given: dict[str, Any] = {"ack_seconds": 0.3, "retry_pauses": (0.0, 0.01, 0.02)} | how
    return Sandbox(people, manifest or MANIFEST, **given)


def a_client(sandbox: Sandbox, token: str | None = None) -> AsyncWebClient:
    """No retry handlers, so that what the sandbox does once is seen once."""
    token = sandbox.bot_token if token is None else token
    return AsyncWebClient(token=token, base_url=sandbox.api_url, retry_handlers=[])


def an_app(sandbox: Sandbox) -> AsyncApp:
    app = AsyncApp(
        client=a_client(sandbox),
        signing_secret=sandbox.signing_secret,
        process_before_response=True,
        ignoring_self_events_enabled=False,
    )
    return app


@asynccontextmanager
async def by_socket(
    sandbox: Sandbox, app: AsyncApp, sockets: int = 1
) -> AsyncIterator[list[AsyncSocketModeHandler]]:
    handlers = []
    for _ in range(sockets):
        handler = AsyncSocketModeHandler(app, sandbox.app_token, ping_interval=0.2)
        handler.client.web_client.base_url = sandbox.api_url
        await handler.connect_async()
        handlers.append(handler)
    await sandbox.connected()
    try:
        yield handlers
    finally:
        for handler in handlers:
            await handler.close_async()


@asynccontextmanager
async def by_http(sandbox: Sandbox, app: AsyncApp) -> AsyncIterator[str]:
    runner = web.AppRunner(app.web_app())
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    sandbox.deliver_to(url)
    try:
        yield url
    finally:
        await runner.cleanup()


def plain(text: str) -> dict[str, str]:
    return {"type": "plain_text", "text": text}


def a_modal(title: str = "A form", *blocks: dict[str, Any], **more: Any) -> dict[str, Any]:
    blocks = blocks or (an_input("why", "Why?"),)
    view = {"type": "modal", "callback_id": "form", "title": plain(title), "submit": plain("Send")}
    return view | {"blocks": list(blocks)} | more


def an_input(name: str, label: str, element: Any = None, **more: Any) -> dict[str, Any]:
    element = element or {"type": "plain_text_input", "action_id": name}
    return {
        "type": "input",
        "block_id": name,
        "label": plain(label),
        "element": element,
    } | more


def a_button(action_id: str = "yes", label: str = "Yes", **more: Any) -> dict[str, Any]:
    return {"type": "button", "action_id": action_id, "text": plain(label)} | more


def buttons(*each: dict[str, Any]) -> dict[str, Any]:
    return {"type": "actions", "elements": list(each)}


def options(*values: str) -> list[dict[str, Any]]:
    return [{"text": plain(value.title()), "value": value} for value in values]


def keeping(seen: list[Any]) -> Callable[..., Any]:
    """A listener that acks and keeps every body it is given."""

    async def keep(ack: Any, body: dict[str, Any]) -> None:
        seen.append(body)
        await ack()

    return keep
