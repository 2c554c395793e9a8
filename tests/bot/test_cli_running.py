"""`run`, as an operator starts and stops it: in a process of its own, beside a pretend Slack."""

import asyncio
import json
import os
import pty
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest
import yaml

from sandbox import Person, Sandbox
from tests.bot.office import ROOT, Said, an_office, fill

SECRET = "a-signing-secret-of-the-sandbox"
PEOPLE = [Person("U0ASHA", "Asha Patel")]
TOKENS = {
    "SLACK_BOT_TOKEN": "xoxb-sandbox",
    "SLACK_APP_TOKEN": "xapp-sandbox",
    "SLACK_SIGNING_SECRET": SECRET,
    "LOG_LEVEL": "INFO",
}
HTTP = ("run", "--http", "--port", "0")


@pytest.fixture
async def office(tmp_path):
    manifest = yaml.safe_load((ROOT / "manifest.yml").read_text(encoding="utf-8"))
    async with await Sandbox(PEOPLE, manifest=manifest, signing_secret=SECRET).start() as slack:
        office = an_office(tmp_path, **{**TOKENS, "SLACK_API_URL": slack.api_url})
        await fill(office)
        yield office


@asynccontextmanager
async def started(
    office, *words: str, stderr: int = asyncio.subprocess.PIPE
) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", *words),
        cwd=office.folder,
        env=office.environment({}),
        stdout=asyncio.subprocess.PIPE,
        stderr=stderr,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def line(process, event):
    """The log line of that event, once it comes."""
    async with asyncio.timeout(60):
        while text := await process.stderr.readline():
            found = json.loads(text)
            if found["event"] == event:
                return found
    raise AssertionError(f"The bot ended without saying {event!r}.")


async def ended(process):
    async with asyncio.timeout(60):
        out, err = await process.communicate()
    return Said(process.returncode, out.decode(), (err or b"").decode())


async def test_in_http_mode_it_listens_is_well_and_stops_when_told(office):
    async with started(office, *HTTP) as process, aiohttp.ClientSession() as web:
        port = (await line(process, "listening"))["port"]
        async with web.get(f"http://127.0.0.1:{port}/health/live") as answer:
            assert answer.status == 200

        process.send_signal(signal.SIGTERM)
        said = await ended(process)

    assert (said.code, said.out) == (0, "")
    assert "Traceback" not in said.err


async def test_in_socket_mode_it_opens_a_socket_and_stops_when_told(office):
    async with started(office, "run") as process:
        await line(process, "socket open")

        process.send_signal(signal.SIGINT)
        said = await ended(process)

    assert (said.code, said.out) == (0, "")
    assert "Traceback" not in said.err


async def test_a_port_that_is_taken_is_one_sentence(office):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])

        async with started(office, "run", "--http", "--port", port) as process:
            said = await ended(process)

    assert said.code == 1
    assert "cannot listen at 127.0.0.1 port" in said.err.splitlines()[-1]
    assert "Traceback" not in said.err


async def test_a_key_that_does_not_open_the_database_stops_the_start(office, tmp_path):
    office.settings["CHALLENGE_KEY"] = an_office(tmp_path).settings["CHALLENGE_KEY"]

    async with started(office, *HTTP) as process:
        said = await ended(process)

    assert said.code == 1
    assert "CHALLENGE_KEY" in said.err.splitlines()[-1]
    assert "Traceback" not in said.err


async def test_a_slack_that_is_away_does_not_stop_the_bot_for_deadlines_go_on(office):
    office.settings["SLACK_API_URL"] = "http://127.0.0.1:1/api/"

    async with started(office, "run") as process:
        await line(process, "started")

        process.send_signal(signal.SIGTERM)
        said = await ended(process)

    assert said.code == 0
    assert "Traceback" not in said.err


async def test_on_a_terminal_it_speaks_plainly_says_once_that_slack_is_away_and_says_goodbye(
    office,
):
    office.settings["SLACK_API_URL"] = "http://127.0.0.1:1/api/"
    ours, theirs = pty.openpty()
    async with started(office, "run", stderr=theirs) as process:
        os.close(theirs)
        said = await until("started", ours)

        process.send_signal(signal.SIGINT)
        said += await until("stopped", ours)
        code = (await ended(process)).code
    os.close(ours)

    assert code == 0
    assert "{" not in said
    assert said.count("Slack cannot be reached; trying again") == 1
    assert "Traceback" not in said


async def next_line(process):
    return await process.stdout.readline()


async def until(word, terminal):
    """What stood on that terminal until then."""
    shown = ""
    async with asyncio.timeout(60):
        while word not in shown:
            shown += (await asyncio.to_thread(os.read, terminal, 4096)).decode()
    return shown


async def test_the_rehearsal_tells_one_story_and_says_goodbye(tmp_path):
    office = an_office(tmp_path, COLUMNS="80")
    async with started(office, "rehearse", "--port", "0") as process:
        told = b""
        async with asyncio.timeout(120):
            while b"Ctrl-C stops" not in told:
                told += await next_line(process)

        process.send_signal(signal.SIGINT)
        said = await ended(process)

    assert (said.code, said.err) == (0, "")
    assert said.out.splitlines()[-1] == "Stopped. Nothing was kept."
    lines = told.decode().splitlines()
    assert max(map(len, lines)) <= 80
    assert not any("Amber" in line for line in lines)


async def test_the_story_can_be_left_in_the_middle(tmp_path):
    async with started(an_office(tmp_path), "rehearse", "--port", "0", "--no-stay") as process:
        async with asyncio.timeout(60):
            await next_line(process)

        process.send_signal(signal.SIGINT)
        said = await ended(process)

    assert (said.code, said.err) == (130, "Stopped.\n")


async def test_a_port_that_is_taken_is_one_sentence_for_the_rehearsal_too(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])

        said = await asyncio.to_thread(an_office(tmp_path).types, "rehearse", "--port", port)

    assert (said.code, said.out, said.err.count("\n")) == (1, "", 1)
    assert "choose another --port" in said.err
