"""The App Home: what awaits me, my challenges and their clocks, and how to do it well."""

from collections.abc import Sequence

from slack_sdk.models.blocks import Block, ButtonElement
from slack_sdk.models.views import View

from blocks import support
from blocks.card import acts, standing
from blocks.escalation import ACCEPT, DECLINE
from blocks.layout import Message, buttons, header, rule, safe, says, small, where
from blocks.response import RISK
from challenge.agreement import may_answer_date
from challenge.directory import Directory
from challenge.model import Challenge, PersonId, Status
from challenge.procedure import Procedure
from challenge.rights import ASKED, parts

RAISE = "home.raise"
MOST_OPEN = 15
LONGEST_TEXT = 3900
"""Slack may split a text that is longer."""

HELP = (
    "*/challenge* raises a professional challenge.\n"
    "*/challenge list* shows the challenges that you are on.\n"
    "*/challenge show PC-2026-0001* shows one of them.\n"
    "*/challenge help* shows this.\n"
    "The first view also offers *I would like support first*, a private talk with your "
    "safeguarding lead, and *Is it really one of these?*, for what has another route. Before you "
    "send, *Check my words* looks at what you wrote; nobody else sees it. Each side may bring in "
    "one supporter, with the button on the challenge's card.\n"
    "Whatever your role, saying that a decision may leave someone unsafe is part of the work."
)

HOW_TO = (
    "*How to challenge well.* Say what you saw and what worries you, calmly and with reasons. Ask "
    "how the decision was reached, and listen. Ask for one clear thing, by a date.\n"
    "*How to be challenged well.* Expect it, and thank the person: it is about the decision, not "
    "about you. Give your reasons, look again, and change the decision if new facts call for it."
)

NOTHING_ON_RECORD = "You are not on any challenge just now. Type */challenge* to raise one."


def tab(
    challenges: Sequence[Challenge], directory: Directory, procedure: Procedure, me: PersonId
) -> View:
    waiting = [c for c in challenges if awaits(c, directory, me)]
    others = [c for c in challenges if not c.is_closed and c not in waiting]
    closed = [c for c in challenges if c.is_closed]
    return View(
        type="home",
        blocks=[
            small(f":warning: *{safe(procedure.emergency.text)}*"),
            *buttons(
                [
                    ButtonElement(text="Raise a challenge", action_id=RAISE, value="home"),
                    support.first_button(),
                ]
            ),
            *_part("What awaits me", waiting, directory, me, "Nothing awaits you just now."),
            *_part("My other open challenges", others, directory, me, "None."),
            *_part("Closed lately", closed, directory, me, "None."),
            rule(),
            says(HOW_TO),
            small("Only the people on a challenge can see it."),
        ],
    )


def awaits(challenge: Challenge, directory: Directory, me: PersonId) -> bool:
    """Whether the next move is this person's: to accept, to answer, or to say yes or no."""
    if challenge.is_closed:
        return False
    if parts(challenge, directory, me) & ASKED:
        return True
    side = challenge.side_of(me)
    if side is None or challenge.status is Status.OFFERED:
        return bool(side and challenge.settlement and challenge.settlement.side is not side)
    asked_to_confirm = challenge.settlement is not None and challenge.settlement.side is not side
    answers = me == challenge.challenged if challenge.stage == 1 else me in challenge.leads
    return asked_to_confirm or answers or may_answer_date(challenge, side)


def listing(challenges: Sequence[Challenge], directory: Directory) -> Message:
    """For /challenge list: one line each, references and clocks only."""
    if not challenges:
        return Message(NOTHING_ON_RECORD, [says(NOTHING_ON_RECORD)])
    lines = [f"{standing(c, directory)} {where(c)}" for c in challenges[:40]]
    return Message("\n".join(lines)[:LONGEST_TEXT], [says(line) for line in lines])


def help_message() -> Message:
    return Message(HELP.replace("*", ""), [says(HELP), says(HOW_TO)])


def _part(
    title: str, challenges: Sequence[Challenge], directory: Directory, me: PersonId, nothing: str
) -> list[Block]:
    if not challenges:
        return [header(title), says(nothing)]
    shown = [block for c in challenges[:MOST_OPEN] for block in _one(c, directory, me)]
    left = len(challenges) - MOST_OPEN
    more = [small(f"And {left} more: type /challenge list.")] if left > 0 else []
    return [header(title), *shown, *more]


def _one(challenge: Challenge, directory: Directory, me: PersonId) -> list[Block]:
    line = says(f"{standing(challenge, directory)} {where(challenge)}")
    asked = bool(parts(challenge, directory, me) & ASKED)
    wanted = {ACCEPT, DECLINE, RISK} if asked else {RISK}
    mine = [b for b in acts(challenge) if b.action_id in wanted]
    return [line, *buttons(mine)]
