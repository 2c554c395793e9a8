"""A fresh sandbox for each test."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from sandbox import Sandbox
from tests.sandbox.slack import a_client, a_sandbox


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    it = a_sandbox()
    await it.start()
    yield it
    await it.stop()


@pytest.fixture
def client(sandbox: Sandbox) -> AsyncWebClient:
    return a_client(sandbox)


@pytest.fixture
def seen() -> list[Any]:
    """What a listener was given, for the test to look at."""
    return []
