"""Starts a pretend Slack from the command line."""

import argparse
import asyncio
import signal
import sys
import tomllib
from pathlib import Path

import yaml

from sandbox.sandbox import Sandbox
from sandbox.stories import read_stories
from sandbox.wire import JSON
from sandbox.workspace import Person

TWO_PEOPLE = [Person("U0RAISER", "Asha Patel"), Person("U0LEAD", "Ben Osei")]


def main() -> int:
    options = _options()
    try:
        sandbox = Sandbox(
            people_in(options.workspace),
            manifest_in(options.manifest),
            options.bot_token,
            options.app_token,
            options.signing_secret,
            stories=read_stories(options.stories),
        )
        asyncio.run(_run(sandbox, options))
    except (OSError, ValueError) as no:
        sys.stderr.write(f"{no}\n")
        return 1
    return 0


def people_in(path: Path | None) -> list[Person]:
    """The people of a workspace file: TOML with a [[person]] for each."""
    if path is None:
        return TWO_PEOPLE
    found = tomllib.loads(path.read_text(encoding="utf-8"))
    people = [Person(**each) for each in found.get("person", [])]
    if not people:
        raise ValueError(f"{path} names nobody: it needs at least one [[person]].")
    return people


def manifest_in(path: Path | None) -> JSON:
    if path is None:
        return {}
    found = yaml.safe_load(path.read_text(encoding="utf-8"))
    if not isinstance(found, dict):
        raise ValueError(f"{path} is not an app manifest.")
    return found


async def _run(sandbox: Sandbox, options: argparse.Namespace) -> None:
    await sandbox.start(options.host, options.port)
    if options.deliver:
        sandbox.deliver_to(options.deliver)
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    sys.stdout.write(f"The sandbox is ready at {sandbox.url}\n")
    sys.stdout.flush()
    await stop.wait()
    await sandbox.stop()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m sandbox", description="A pretend Slack.")
    parser.add_argument("--host", default="127.0.0.1", help="loopback only")
    parser.add_argument("--port", type=int, default=7777)
    parser.add_argument("--workspace", type=Path, help="TOML file of people")
    parser.add_argument("--manifest", type=Path, help="the app's manifest, YAML")
    parser.add_argument("--stories", type=Path, help="folder of TOML files to rehearse from")
    parser.add_argument("--deliver", help="deliver by signed HTTP to this address")
    parser.add_argument("--signing-secret", default="sandbox-signing-secret")
    parser.add_argument("--bot-token", default="xoxb-sandbox")
    parser.add_argument("--app-token", default="xapp-sandbox")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
