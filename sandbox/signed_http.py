"""Signed HTTP: what Slack POSTs to the app's address, signed with the shared secret."""

import asyncio
import hashlib
import hmac
import json
import time
from urllib.parse import urlencode

import aiohttp

from sandbox.faults import Faults
from sandbox.outcome import ACKED, FAILED, TIMEOUT, Delivery, Timing
from sandbox.wire import JSON, Wire

FORM = "application/x-www-form-urlencoded"


class SignedHttp:
    """Posts to one address; a 2xx within the time allowed is an ack."""

    def __init__(self, secret: str, timing: Timing, faults: Faults, wire: Wire) -> None:
        self.secret = secret
        self.timing = timing
        self.faults = faults
        self.wire = wire
        self.url: str | None = None
        self._session: aiohttp.ClientSession | None = None

    async def send(self, kind: str, payload: JSON, attempt: int, reason: str) -> Delivery:
        began = time.monotonic()
        if self.faults.active("silence"):
            await asyncio.sleep(self.timing.ack_seconds)
            return Delivery(False, TIMEOUT, seconds=time.monotonic() - began)
        body, content_type = _body(kind, payload)
        headers = self._headers(body, content_type, attempt, reason)
        try:
            async with asyncio.timeout(self.timing.ack_seconds):
                outcome = await self._post(body, headers)
        except TimeoutError:
            self.wire.complain("late_ack", f"no answer within {self.timing.ack_seconds} s")
            outcome = Delivery(False, TIMEOUT, reason="http_timeout")
        except aiohttp.ClientError:
            outcome = Delivery(False, FAILED, reason="connection_failed")
        outcome.seconds = time.monotonic() - began
        return outcome

    async def verify(self) -> bool:
        """The url_verification handshake Slack makes when an address is saved."""
        challenge = {"type": "url_verification", "token": "sandbox", "challenge": "say-this-back"}
        outcome = await self.send("events_api", challenge, 0, "")
        said = outcome.response or {}
        return outcome.acked and "say-this-back" in (said.get("challenge"), said.get("text"))

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def _post(self, body: bytes, headers: dict[str, str]) -> Delivery:
        if self._session is None:
            self._session = aiohttp.ClientSession()
        async with self._session.post(self.url or "", data=body, headers=headers) as answer:
            text = await answer.text()
            if not 200 <= answer.status < 300:
                given_up = answer.headers.get("x-slack-no-retry") == "1"
                reason = "no_retry" if given_up else "http_error"
                return Delivery(False, FAILED, {"status": answer.status}, reason=reason)
            return Delivery(True, ACKED, _read(text))

    def _headers(self, body: bytes, content_type: str, attempt: int, reason: str) -> dict[str, str]:
        at = str(int(time.time()))
        headers = {
            "Content-Type": content_type,
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            "X-Slack-Request-Timestamp": at,
            "X-Slack-Signature": signature(self.secret, at, body),
        }
        if attempt:
            headers |= {"X-Slack-Retry-Num": str(attempt), "X-Slack-Retry-Reason": reason}
        return headers


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """Slack's v0 signature of a request body."""
    base = b"v0:" + timestamp.encode() + b":" + body
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


def _body(kind: str, payload: JSON) -> tuple[bytes, str]:
    if kind == "events_api":
        return json.dumps(payload).encode(), "application/json"
    if kind == "slash_commands":
        return urlencode(payload).encode(), FORM
    return urlencode({"payload": json.dumps(payload)}).encode(), FORM


def _read(text: str) -> JSON | None:
    if not text.strip():
        return None
    try:
        said = json.loads(text)
    except ValueError:
        return {"text": text}
    return said if isinstance(said, dict) else {"text": str(said)}
