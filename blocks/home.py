"""The App Home: what awaits me, my challenges and their clocks, and how to do it well."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from slack_sdk.models.blocks import Block, ButtonElement, MarkdownTextObject, SectionBlock
from slack_sdk.models.views import View

from blocks import day_book, follow_up, meeting, roll, support, version
from blocks import directory as entries
from blocks.acts import acts
from blocks.conflict import settle_button
from blocks.escalation import ACCEPT, DECLINE
from blocks.follow_up import one_line
from blocks.forms import Payload, carried
from blocks.layout import (
    Message,
    asking,
    buttons,
    called,
    header,
    named,
    plainly,
    rule,
    safe,
    says,
    says_beside,
    side_by_side,
    small,
    spoken,
    where,
)
from blocks.meanwhile import wanting
from blocks.response import RISK
from blocks.review import AGAIN, RECORD
from blocks.standing import in_short
from challenge.awaiting import Awaited, awaited
from challenge.casework import Undelivered
from challenge.directory import Directory, Person
from challenge.follow_up import owed_by
from challenge.meanwhile import is_wanting
from challenge.model import AgreedAction, Challenge, PersonId, Status
from challenge.people import acted_for, is_coordinator, naming, still_named, to_be_confirmed
from challenge.procedure import Procedure, Stage
from challenge.version import follows

RAISE = "home.raise"
MINE = "home.mine"
PARTNERSHIP = "home.partnership"
PAGE = "home.page"
EARLIER, LATER = f"{PAGE}.earlier", f"{PAGE}.later"
CONFIRM_STAGE = "home.confirm_stage"
MOST_OPEN = 15
MOST_OWED = MOST_CLOSED = 10
MOST_TO_CONFIRM = 10
MOST_NAMED = 5
A_PAGE = 20
MOST_OF_A_WORD = 40
LONGEST_TEXT = 3900
"""Slack may split a text that is longer."""

HELP = (
    "*/challenge* raises a professional challenge.\n"
    "*/challenge list* shows the challenges that you are on.\n"
    "*/challenge show PC-2026-0001* shows one of them.\n"
    "*/challenge record PC-2026-0001* says how you get its record.\n"
    "*/challenge away* says when you are away, and who stands in for you.\n"
    "*/challenge directory* shows who would be asked on your side.\n"
    "*/challenge help* shows this.\n"
    "The first view also offers *I would like support first*, a private talk with your "
    "safeguarding lead, and *Does this have another route?*, for a complaint, say. Before you "
    "send, *Check my words* looks at what you wrote; nobody else sees it. Each side may bring in "
    "one supporter, with the button on the challenge's card.\n"
    "Whatever your role, saying that a decision may leave someone unsafe is part of the work."
)

HOW_TO = (
    "*How to challenge well.* Your doubt is worth saying, whoever made the decision. Keep the "
    "child or adult in front of you. Say calmly what you saw and why it worries you. Ask how the "
    "decision was reached, even if the question feels small, and listen to the answer. Ask for "
    "one clear thing, by a date. If you are still unsure, ask again, or get support.\n"
    "*How to be challenged well.* Expect it: it is about the decision, not about you. Thank the "
    "person. Give your reasons and the facts behind them. Look again with an open mind, and "
    "change the decision if new facts call for it. Nothing is lost by a second look."
)

WHO_SEES = (
    "*Who can see what.* A challenge is seen by the people on it: both sides, their supporters, "
    "whoever was asked to help at a stage, and the partnership once the procedure says so. Whoever "
    "was set aside sees no more of it. Your "
    "coordinators see its number, its stage, its clock and who holds it. They do not see what was "
    "written. What you are asked in private afterwards is read by one person, who is outside both "
    "lines. Whoever runs your Slack may be able to see what is typed in it."
)

NO_REPORT = (
    "There is no learning report yet: this part is not built. Your coordinator can tell you what "
    "your partnership has. This is what I can do:"
)

# What can be pressed at once, without going to the challenge's channel first.
ACTS_AT_HOME = {
    Awaited.ACCEPT: {ACCEPT, DECLINE},
    Awaited.JUSTIFIED: {RECORD},
    Awaited.REVIEW: {AGAIN},
    Awaited.NEW_DAY: {follow_up.AGREE},
    Awaited.SIGN: {follow_up.SIGN},
}
# And what stands on no card of this kind, or not for this reader.
BUTTONS_AT_HOME: dict[Awaited, Callable[[Challenge], list[ButtonElement]]] = {
    Awaited.CONFLICT: lambda challenge: [settle_button(challenge)],
    Awaited.MEETING: meeting.second_opinion_buttons,
    Awaited.TIMES: lambda challenge: [meeting.answer_button(challenge)],
    Awaited.OVERDUE: lambda challenge: [follow_up.move_button(challenge)],
    Awaited.ARRANGE: lambda challenge: [meeting.arrange_button(challenge)],
    Awaited.MINUTES: meeting.minutes_buttons,
    Awaited.FOLLOW_UP: lambda challenge: [follow_up.answer_button(challenge)],
}
MOST_BUTTONS = 5
"""One row, so that a page of the Home stays within what Slack takes."""

NOTHING_ON_RECORD = "You are not on any challenge just now. Type */challenge* to raise one."


@dataclass(frozen=True)
class Partnership:
    """What a coordinator sees of all that is open: a page of it, and what waits for them."""

    challenges: Sequence[Challenge]
    skipped: int
    open: int
    undelivered: Sequence[Undelivered]


def tab(
    challenges: Sequence[Challenge], directory: Directory, procedure: Procedure, me: PersonId
) -> View:
    waiting = [c for c in challenges if awaited(c, directory, me)]
    waiting.sort(key=lambda each: (each.is_closed, not each.urgent, each.due))
    others = [c for c in challenges if not c.is_closed and c not in waiting]
    closed = [c for c in challenges if c.is_closed and c not in waiting]
    unchecked = len(to_be_confirmed(directory)) if is_coordinator(directory, me) else 0
    return View(
        type="home",
        blocks=[
            small(f":warning: *{safe(procedure.emergency.text)}*"),
            *buttons(
                [
                    ButtonElement(text="Raise a challenge", action_id=RAISE, value="home"),
                    support.first_button(),
                    entries.away_button(),
                    *([_partnership_button()] if is_coordinator(directory, me) else []),
                ]
            ),
            *_part("What awaits me", waiting, directory, me, "Nothing awaits you just now."),
            *([says(_unchecked(unchecked))] if unchecked else []),
            *_owed(challenges, me),
            *_part("My other open challenges", others, directory, me, "None."),
            *_part("Closed lately", closed, directory, me, "None.", MOST_CLOSED),
            rule(),
            says(HOW_TO),
            says(WHO_SEES),
        ],
    )


def partnership(seen: Partnership, directory: Directory, procedure: Procedure) -> View:
    """For coordinators: references, stages, clocks and who holds them; not a word of the rest."""
    return View(
        type="home",
        private_metadata=str(seen.skipped),
        blocks=[
            *buttons([ButtonElement(text="Back to mine", action_id=MINE, value="home")]),
            *_to_confirm(directory, procedure),
            *_all_open(seen, directory, procedure),
            *_not_delivered(seen.undelivered, directory, procedure),
            header("The directory"),
            says(_counted(directory)),
            *_gone(directory),
            *buttons([roll.open_button(), *entries.people_buttons()]),
            *buttons([*entries.other_buttons(), day_book.open_button()]),
        ],
    )


def page_of(view: Payload) -> int:
    """How many open challenges come before those that a coordinator's Home shows."""
    skipped = carried(view)
    return int(skipped) if skipped.isascii() and skipped.isdigit() else 0


def listing(challenges: Sequence[Challenge], directory: Directory, me: PersonId) -> Message:
    """For /challenge list: one line each, references and clocks only."""
    if not challenges:
        return Message(NOTHING_ON_RECORD, [says(NOTHING_ON_RECORD)])
    lines = [f"{in_short(c, directory)} Where: {where(c, me)}" for c in challenges[:40]]
    return Message("\n".join(lines)[:LONGEST_TEXT], [says(line) for line in lines])


def help_message(first: str = "") -> Message:
    """What there is to type; `first` says why it is shown instead of what was asked for."""
    said = [plainly(first)] if first else []
    text = f"{safe(first)}\n{HELP}" if first else HELP
    return Message(text.replace("*", ""), [*said, says(HELP), says(HOW_TO)])


def unknown(word: str) -> str:
    return f"I do not know the word “{word[:MOST_OF_A_WORD]}”. This is what I can do:"


def which_one(word: str) -> str:
    """For a word of ours that needs a reference behind it, and had none."""
    return f"Which challenge? Put its number behind the word: /challenge {word} PC-2026-0001."


def _owed(challenges: Sequence[Challenge], me: PersonId) -> list[Block]:
    """Named in their own words: only whoever agreed to do it opens this page."""
    owed = [(action, c) for c in challenges for action in owed_by(c, me)]
    owed.sort(key=lambda each: each[0].by)
    shown = [
        side_by_side(
            f"{c.reference}, {_due(action)}: {where(c, me)}",
            [one_line(action)],
            follow_up.tick_button(c),
        )
        for action, c in owed[:MOST_OWED]
    ]
    left = len(owed) - MOST_OWED
    more = [small(f"And {left} more.")] if left > 0 else []
    return [header("What I agreed to do"), *(shown or [says("Nothing just now.")]), *more]


def _due(action: AgreedAction) -> str:
    passed = ":hourglass: its day has passed: " if action.asked_at else "by "
    return f"{passed}{action.by:%A %-d %B %Y}"


def _partnership_button() -> ButtonElement:
    return ButtonElement(text="The partnership", action_id=PARTNERSHIP, value="0")


def _to_confirm(directory: Directory, procedure: Procedure) -> list[Block]:
    stages = [stage for stage in procedure.stages if not stage.confirmed]
    waiting = to_be_confirmed(directory)
    if not stages and not waiting:
        return []
    return [
        header("Waiting for your yes"),
        *(_stage(stage, procedure) for stage in stages[:MOST_TO_CONFIRM]),
        *(block for person in waiting[:MOST_TO_CONFIRM] for block in _new(directory, person)),
    ]


def _stage(stage: Stage, procedure: Procedure) -> Block:
    asked = ", ".join(dict.fromkeys((*stage.raising, *stage.receiving)))
    return SectionBlock(
        text=MarkdownTextObject(
            text=f"*Stage {stage.number}, {safe(stage.title)}* is not confirmed, so it is passed "
            f"over. It would ask: {safe(asked)}, with {stage.answer_within} to answer.",
            verbatim=True,
        ),
        accessory=ButtonElement(
            text="Confirm this stage",
            action_id=CONFIRM_STAGE,
            value=procedure.fingerprint(stage),
            confirm=asking(
                "Is it as agreed?",
                "Challenges raised from now on will use this stage. Those that are open will not.",
                "Yes, use it",
            ),
        ),
    )


def _new(directory: Directory, person: Person) -> list[Block]:
    confirm, change = entries.confirm_button(person), entries.change_button(person.id)
    return [says(entries.entry(directory, person.id)), *buttons([confirm, change])]


def _all_open(seen: Partnership, directory: Directory, procedure: Procedure) -> list[Block]:
    title = header("All open challenges")
    if not seen.open:
        return [title, says("There is none.")]
    first, last = seen.skipped + 1, seen.skipped + len(seen.challenges)
    before = max(seen.skipped - A_PAGE, 0)
    turn = [
        *([_page("Earlier", before)] if seen.skipped else []),
        *([_page("Later", last)] if last < seen.open else []),
    ]
    return [
        title,
        small(f"{first} to {last} of {seen.open}, the oldest first."),
        *(_open_one(challenge, directory, procedure) for challenge in seen.challenges),
        *buttons(turn),
    ]


def _open_one(challenge: Challenge, directory: Directory, procedure: Procedure) -> Block:
    """An older version may be left behind, but not while the next stage is offered."""
    movable = challenge.status is Status.OPEN and not follows(challenge, procedure)
    move = version.move_button(challenge) if movable else None
    return says_beside(in_short(challenge, directory), move)


def _page(label: str, skip: int) -> ButtonElement:
    return ButtonElement(
        text=label, action_id=EARLIER if label == "Earlier" else LATER, value=str(skip)
    )


def _not_delivered(
    words: Sequence[Undelivered], directory: Directory, procedure: Procedure
) -> list[Block]:
    title = header("What could not be delivered")
    lines = [
        f"{each.reference}, {spoken(each.at, procedure.calendar)}: a word "
        f"({each.kind.value}) for {_whom(each.to, directory)}; Slack says {safe(each.why)}."
        for each in words
    ]
    return [title, says("\n".join(lines)[:LONGEST_TEXT] or "Everything has arrived.")]


def _whom(who: PersonId | None, directory: Directory) -> str:
    return named(directory, who) if who else "its channel"


def _counted(directory: Directory) -> str:
    people = sum(person.active for person in directory.people)
    agencies = len(directory.agencies)
    return f"{people} people are listed, in {agencies} agencies."


def _gone(directory: Directory) -> list[Block]:
    """Whoever has left and is still named, each with the way to their entry."""
    gone = still_named(directory)
    hint = (
        f"To name somebody else, open *{roll.OPEN}* and choose *{roll.NEEDS_A_LOOK}*; or press "
        f"*{entries.ACTS_FOR_TITLE}*."
    )
    shown = [
        says_beside(_left(directory, p.id), entries.change_button(p.id))
        for p in gone[:MOST_TO_CONFIRM]
    ]
    return [*shown, *([small(hint)] if gone else [])]


def _left(directory: Directory, who: PersonId) -> str:
    named_by = [called(directory, person.id) for person in naming(directory, who)]
    others = len(named_by) - MOST_NAMED
    more = [f"{others} more"] if others > 0 else []
    part = ["the partnership"] if who in directory.partnership else []
    part += [f"{safe(agency.name)}, for which they act" for agency in acted_for(directory, who)]
    names = ", ".join([*part[:MOST_NAMED], *named_by[:MOST_NAMED], *more])
    return f":exclamation: *{named(directory, who)}* has left, and is still named by: {names}."


def _unchecked(number: int) -> str:
    people = "1 person waits" if number == 1 else f"{number} people wait"
    return f"{people} for your yes in the directory: press *The partnership*."


def _part(
    title: str,
    challenges: Sequence[Challenge],
    directory: Directory,
    me: PersonId,
    nothing: str,
    most: int = MOST_OPEN,
) -> list[Block]:
    if not challenges:
        return [header(title), says(nothing)]
    shown = [block for c in challenges[:most] for block in _one(c, directory, me)]
    left = len(challenges) - most
    more = [small(f"And {left} more: type /challenge list.")] if left > 0 else []
    return [header(title), *shown, *more]


def _one(challenge: Challenge, directory: Directory, me: PersonId) -> list[Block]:
    asked_for = awaited(challenge, directory, me)
    to_do = f"\n*For you to do:* {'; '.join(asked_for)}." if asked_for else ""
    amber = f"\n:large_orange_circle: {wanting(challenge)}" if is_wanting(challenge) else ""
    line = says(f"{in_short(challenge, directory)} Where: {where(challenge, me)}{to_do}{amber}")
    wanted = {RISK} | {act for each in asked_for for act in ACTS_AT_HOME.get(each, ())}
    mine = [b for b in acts(challenge, directory) if b.action_id in wanted]
    drawn = [BUTTONS_AT_HOME[each](challenge) for each in asked_for if each in BUTTONS_AT_HOME]
    asked = [*(each for some in drawn for each in some), *(b for b in mine if b.action_id != RISK)]
    risk = [b for b in mine if b.action_id == RISK]
    return [line, *buttons([*asked[: MOST_BUTTONS - len(risk)], *risk])]
