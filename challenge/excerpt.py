"""An excerpt: a message from elsewhere in Slack, copied into the record of a challenge."""

from datetime import datetime

from challenge.directory import Directory
from challenge.model import Challenge, Change, Entry, Happened, Notice, PersonId, Told
from challenge.moment import Moment
from challenge.refusals import MissingWords
from challenge.rights import Act, refuse_unless_may


def add(
    challenge: Challenge,
    moment: Moment,
    directory: Directory,
    *,
    by: PersonId,
    text: str,
    author: PersonId | None,
    written: datetime | None,
    altered: bool,
) -> Change:
    """Who wrote it, when, and its words; the channel sees it too, so that both sides know of it."""
    refuse_unless_may(Act.ADD_EXCERPT, challenge, directory, by)
    if not text.strip():
        raise MissingWords("text")
    who = f"<@{author}>" if author else "an app"
    when = f" on {moment.calendar.local(written):%A %-d %B %Y at %H:%M}" if written else ""
    changed = " They changed its words before they copied it." if altered else ""
    entry = Entry(
        Happened.COPIED,
        by,
        f"<@{by}> copied in a message from elsewhere in Slack, written by {who}{when}.{changed}",
        {"Message": text},
    )
    return Change(challenge, (entry,), (Notice(Told.COPIED, about=by),))
