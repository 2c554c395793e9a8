"""What we install is exactly what we named: pinned, hashed, and with a reason in README."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOCKS = ["requirements.txt", "requirements-dev.txt"]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
RUNTIME = PROJECT["dependencies"]
DEVELOPMENT = PROJECT["optional-dependencies"]["dev"]


def named(requirement: str) -> str:
    """The package a requirement asks for, without extras and versions."""
    return re.split(r"[\[<>=~! ;]", requirement, maxsplit=1)[0].lower().replace("_", "-")


def entries(lock: str) -> list[str]:
    """Each package of a lock file with its hashes, on one line."""
    text = (ROOT / lock).read_text(encoding="utf-8").replace("\\\n", "")
    return [line for line in text.splitlines() if line and not line.lstrip().startswith("#")]


def pinned(lock: str) -> dict[str, str]:
    return {named(entry): entry.split()[0] for entry in entries(lock)}


@pytest.mark.parametrize("lock", LOCKS)
def test_every_package_is_pinned_and_hashed(lock):
    loose = [
        entry
        for entry in entries(lock)
        if not re.match(r"[\w.-]+==\S+( ;.*?)?\s+--hash=sha256:[0-9a-f]{64}", entry)
    ]

    assert entries(lock)
    assert loose == []


@pytest.mark.parametrize("lock", LOCKS)
def test_no_lock_file_says_where_to_download(lock):
    text = (ROOT / lock).read_text(encoding="utf-8")

    places = re.findall(r"\w+://|\bfile:\S|--\w*index|--find-links|--trusted-host|(?m:^/)", text)
    assert places == []


def test_every_dependency_is_locked():
    assert {named(each) for each in RUNTIME} <= set(pinned("requirements.txt"))
    assert {named(each) for each in RUNTIME + DEVELOPMENT} <= set(pinned("requirements-dev.txt"))


def test_the_two_lock_files_agree():
    assert pinned("requirements.txt").items() <= pinned("requirements-dev.txt").items()


@pytest.mark.parametrize("dependency", [named(each) for each in RUNTIME + DEVELOPMENT])
def test_readme_says_why_we_depend_on_it(dependency):
    readme = (ROOT / "README.md").read_text(encoding="utf-8").lower()

    assert re.search(rf"(?m)^.*(?<![\w-]){re.escape(dependency)}(?![\w-]).*$", readme)
