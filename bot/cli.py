"""The command line: what may be typed. The work itself is in bot/commands/.

Each command imports its work only when it is called: the database, Slack and cryptography take
a second to load, and `--help` should answer at once. Elsewhere in the house it is done once, for
Alembic (`bot/wiring.py`).
"""
# ruff: noqa: PLC0415

from enum import StrEnum
from pathlib import Path
from typing import Any, Never

import typer
from typer.core import TyperGroup
from typing_extensions import override

FILE = typer.Argument(
    metavar="FILE", exists=True, dir_okay=False, readable=True, show_default=False
)
REFERENCE = "The challenge's reference, such as PC-2026-0042."
FORMS = "txt to read, json for a program; pdf and csv are not built yet."
AS_JSON = "For a program to read."
INTERRUPTED = 130
# Whatever is typed behind a command that is not there yet, the answer is the same.
ANYTHING = {"allow_extra_args": True, "ignore_unknown_options": True}


class Form(StrEnum):
    TXT = "txt"
    JSON = "json"
    PDF = "pdf"
    CSV = "csv"


class OneSentence(TyperGroup):
    """A command line that ends in an answer or in one sentence, never in a traceback."""

    @override
    def main(self, *args: Any, **extra: Any) -> Never:
        extra["standalone_mode"] = False
        try:
            code = super().main(*args, **extra)
        except typer.TyperException as wrong:
            code = _wrong_call(wrong)
        except Exception as problem:  # noqa: BLE001 - the last door: what comes out is said in words
            from bot.commands import mishaps

            code = mishaps.complain(problem)
        except KeyboardInterrupt:
            code = INTERRUPTED
        if code == INTERRUPTED:
            typer.echo("Stopped.", err=True)
        raise SystemExit(code or 0)


def _wrong_call(wrong: typer.TyperException) -> int:
    """What was typed wrongly, and where to read what may be typed."""
    context = getattr(wrong, "ctx", None)
    path = context.command_path if context else "python -m bot"
    sentence = " ".join(wrong.format_message().replace("Value error, ", "").split())
    stop = "" if sentence.endswith((".", "?")) else "."
    typer.echo(f"{sentence}{stop} See: {path} --help", err=True)
    return wrong.exit_code


def _not_built(what: str) -> Never:
    typer.echo(f"{what} is not built yet, so nothing was done. README.md says what is.", err=True)
    raise typer.Exit(2)


def _group(**told: Any) -> typer.Typer:
    return typer.Typer(
        cls=OneSentence,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        context_settings={"help_option_names": ["-h", "--help"]},
        **told,
    )


app = _group(help="Challenge Bot: carries a professional challenge from question to outcome.")
procedure_app = _group(help="What was agreed: procedure files.")
directory_app = _group(help="Who works where: the directory.")
key_app = _group(help="The master key, which seals what people wrote.")
app.add_typer(procedure_app, name="procedure")
app.add_typer(directory_app, name="directory")
app.add_typer(key_app, name="key")


@app.command()
def run(
    http: bool = typer.Option(False, "--http", help="Listen for Slack over HTTP."),
    host: str = typer.Option("127.0.0.1", help="The address to listen on, with --http."),
    port: int = typer.Option(3000, min=0, max=65535, help="The port, with --http."),
) -> None:
    """Run the bot: in Socket Mode, or as a web server with --http."""
    from bot.commands import running

    if http:
        running.run_http(host, port)
    else:
        running.run_socket()


@app.command()
def migrate() -> None:
    """Bring the database to the newest schema."""
    from bot.commands import migrating

    migrating.migrate()


@app.command()
def doctor(json: bool = typer.Option(False, "--json", help=AS_JSON)) -> None:
    """Check everything that the bot needs, one line each."""
    from bot.commands import checking

    checking.doctor(as_json=json)


@app.command()
def rehearse(
    port: int = typer.Option(7777, min=0, max=65535, help="Where the pretend Slack listens."),
    stay: bool = typer.Option(True, help="Stay up after the story, for you to try."),
) -> None:
    """Play one challenge in a pretend Slack on this machine."""
    from bot.commands import rehearsing

    rehearsing.rehearse(port, stay=stay)


@app.command()
def record(
    reference: str = typer.Argument(metavar="REF", help=REFERENCE, show_default=False),
    form: Form = typer.Option(Form.TXT, "--format", help=FORMS),
    out: Path | None = typer.Option(None, help="A file to write; only you may read it."),
) -> None:
    """Give the whole record of one challenge, in order."""
    if form in (Form.PDF, Form.CSV):
        sentence = f"{form} is not built yet. Use txt or json."
        raise typer.BadParameter(sentence, param_hint="--format")
    from bot.commands import records

    records.record(reference, form, out)


@app.command()
def verify(
    reference: str | None = typer.Argument(
        None, metavar="[REF]", help="Count this challenge's entries too.", show_default=False
    ),
    head: list[str] = typer.Option(
        [], metavar="NUMBER:FINGERPRINT", help="A head kept elsewhere, that the chain must hold."
    ),
    json: bool = typer.Option(False, "--json", help=AS_JSON),
) -> None:
    """Prove that nothing on record was changed; needs no key."""
    from bot.commands import records

    records.verify(reference, head, as_json=json)


@app.command(context_settings=ANYTHING)
def report() -> None:
    """Not built yet: the partnership's learning report."""
    _not_built("The learning report")


@app.command(context_settings=ANYTHING)
def retention() -> None:
    """Not built yet: removing what has been kept for long enough."""
    _not_built("Retention")


@procedure_app.command("check")
def procedure_check(
    file: Path = FILE, json: bool = typer.Option(False, "--json", help=AS_JSON)
) -> None:
    """Say in words what is wrong in a procedure file, by line where it can."""
    from bot.commands import checking

    checking.procedure_check(file, as_json=json)


@procedure_app.command("move")
def procedure_move(
    reference: str = typer.Argument(metavar="REF", help=REFERENCE, show_default=False),
    by: str = typer.Option(..., metavar="ID", help="The coordinator who decides it, by Slack id."),
    note: str = typer.Option(..., help="Why; it goes on the challenge's record."),
    to: Path | None = typer.Option(None, help="A procedure file; without it, the one in force."),
) -> None:
    """Move one open challenge to another version of the procedure; both sides are told."""
    from bot.commands import procedures

    procedures.move(reference, by, note, to)


@directory_app.command("check")
def directory_check(
    file: Path = FILE, json: bool = typer.Option(False, "--json", help=AS_JSON)
) -> None:
    """Say in words what is wrong in a directory file, by line where it can."""
    from bot.commands import checking

    checking.directory_check(file, as_json=json)


@directory_app.command("load")
def directory_load(file: Path = FILE) -> None:
    """Bring people, agencies and the partnership in, in place of those before."""
    from bot.commands import directories

    directories.load(file)


@directory_app.command("dump")
def directory_dump() -> None:
    """Print the directory as a file that `directory load` reads."""
    from bot.commands import directories

    directories.dump()


@key_app.command("new")
def key_new() -> None:
    """Print a fresh master key, and nothing else."""
    from storage.vault import new_master_key

    typer.echo(new_master_key())


@key_app.command("rotate")
def key_rotate() -> None:
    """Put every challenge's key under the newest master key; may be interrupted and run again."""
    from bot.commands import keys

    keys.rotate()
