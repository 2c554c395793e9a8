"""What people answer short of settling: seen, support please, someone may be at risk."""

from dataclasses import replace

from challenge.directory import Directory
from challenge.escalation import hurried, offered_to
from challenge.model import (
    Challenge,
    Change,
    Entry,
    Happened,
    Notice,
    PersonId,
    Status,
    Told,
    privately,
)
from challenge.moment import Moment
from challenge.rights import Act, refuse_unless_may
from challenge.support import lead_to_ask


def mark_seen(
    challenge: Challenge, moment: Moment, directory: Directory, *, by: PersonId
) -> Change:
    """Seen, and working on it. The clock runs on: a mark is not an answer."""
    refuse_unless_may(Act.MARK_SEEN, challenge, directory, by)
    seen = tuple(dict.fromkeys((*challenge.seen_by, by)))
    entry = Entry(Happened.SEEN, by, f"<@{by}> has seen the reminder and is working on it.")
    return Change(replace(challenge, seen_by=seen), (entry,), (Notice(Told.CARD),))


def take_back_seen(
    challenge: Challenge, moment: Moment, directory: Directory, *, by: PersonId
) -> Change:
    """The mark is taken back; the record keeps both."""
    refuse_unless_may(Act.MARK_SEEN, challenge, directory, by)
    seen = tuple(who for who in challenge.seen_by if who != by)
    entry = Entry(Happened.SEEN_TAKEN_BACK, by, f"<@{by}> took back the mark on the reminder.")
    return Change(replace(challenge, seen_by=seen), (entry,), (Notice(Told.CARD),))


def offer_act(
    challenge: Challenge, moment: Moment, directory: Directory, *, by: PersonId, act: Act
) -> Change:
    """A reaction cannot open a form, so the person is shown a button that can, to them alone."""
    refuse_unless_may(act, challenge, directory, by)
    entry = Entry(
        Happened.ACT_OFFERED, by, f"<@{by}> reacted to a reminder and was shown: {act.value}."
    )
    return Change(challenge, (entry,), (Notice(Told.OFFER_ACT, to=by, mark=act.name),))


def ask_support(
    challenge: Challenge, moment: Moment, directory: Directory, *, by: PersonId
) -> Change:
    """Somebody wants their safeguarding lead beside them; the lead hears a reference, no more."""
    refuse_unless_may(Act.ASK_SUPPORT, challenge, directory, by)
    who = _supporter(challenge, moment, directory, by)
    asked = f"<@{who}> was told" if who else "nobody is named for this, so the partnership was told"
    entry = Entry(Happened.SUPPORT_ASKED, by, f"<@{by}> asked for support; {asked}.")
    told = (who,) if who else directory.partnership
    return Change(challenge, (entry,), privately(Told.SUPPORT_ASKED, (*told, by), about=by))


def declare_risk(
    challenge: Challenge,
    moment: Moment,
    directory: Directory,
    *,
    by: PersonId,
    because: str = "",
    done: str = "",
) -> Change:
    """Someone may be at risk: contacts are shown, clocks shortened, the next people asked at once.

    No reason is demanded first: the person's safety comes before the form.
    """
    refuse_unless_may(Act.DECLARE_RISK, challenge, directory, by)
    after, notices = hurried(challenge, moment, directory, by=by)
    entry = Entry(
        Happened.RISK_DECLARED,
        by,
        f"<@{by}> said that someone may be at risk. The urgent route applies. "
        + (offered_to(after) if after.status is Status.OFFERED else ""),
        {k: v for k, v in {"Why": because, "What has been done": done}.items() if v.strip()},
    )
    risk = Notice(Told.RISK_DECLARED, about=by)
    return Change(after, (entry,), (risk, *notices, Notice(Told.CARD)))


def _supporter(
    challenge: Challenge, moment: Moment, directory: Directory, by: PersonId
) -> PersonId | None:
    """Their agency's safeguarding lead, else a line manager; never a party to the dispute."""
    parties = frozenset({challenge.raised_by, challenge.challenged})
    return lead_to_ask(directory, moment.today, by, but=parties)
