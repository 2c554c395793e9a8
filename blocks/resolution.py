"""Settling: how it was settled, what was agreed, the other side's answer; and withdrawing."""

from collections.abc import Mapping
from typing import Any

from slack_sdk.models.blocks import Block, ButtonElement
from slack_sdk.models.views import View

from blocks import agreed_action, follow_up
from blocks.forms import answer, choice, modal, question
from blocks.layout import Message, asking, button, emergency, quoted, says
from blocks.occasion import Occasion, asks, due, privately, since, written
from blocks.standing import in_short
from challenge.follow_up import left_from_before, unsigned
from challenge.meanwhile import is_wanting
from challenge.model import Challenge, Outcome, PersonId, Status
from challenge.resolution import raiser_may_object
from challenge.review import is_here, of_this_stage

PROPOSE = "settlement.propose"
PROPOSED = "settlement.proposed"
ACTION = "settlement.action"
CONFIRM = "settlement.confirm"
DECLINE = "settlement.decline"
DECLINED = "settlement.declined"
WITHDRAW = "challenge.withdraw"
WITHDRAWN = "challenge.withdrawn"

# The last is reached by acknowledging an opinion, not by saying so.
AGREED = tuple(outcome for outcome in Outcome if outcome is not Outcome.OPINION)

Payload = Mapping[str, Any]


def propose_button(challenge: Challenge) -> ButtonElement:
    return button("Propose how it is settled", PROPOSE, challenge.id)


def withdraw_button(challenge: Challenge) -> ButtonElement:
    return button("Withdraw this challenge", WITHDRAW, challenge.id)


def answer_buttons(challenge: Challenge) -> list[ButtonElement]:
    words = f"{still_open(challenge)} With your yes it is closed, and its record is kept."
    sure = asking("Is it settled?", words.strip(), "Yes, settled")
    proposal = challenge.settlement
    return [
        button(
            "Confirm it is settled",
            CONFIRM,
            challenge.id,
            seen=proposal,
            style="primary",
            confirm=sure,
        ),
        decline_button(challenge),
    ]


def still_open(challenge: Challenge) -> str:
    """What an end would leave undone, in one sentence; nothing when nothing is."""
    left = {
        "it is not clear what keeps the person safe": is_wanting(challenge),
        "the review is not done": _review_is_open(challenge),
        "a conflict of interest is not settled": bool(challenge.conflicts),
        "no action is agreed": bool(challenge.settlement and not challenge.settlement.actions),
    }
    found = [what for what, is_so in left.items() if is_so]
    return f"Please note what is still open: {'; '.join(found)}." if found else ""


def _review_is_open(challenge: Challenge) -> bool:
    held = challenge.status is Status.OPEN and is_here(challenge)
    return held and (not of_this_stage(challenge) or challenge.second_look is not None)


def decline_button(challenge: Challenge) -> ButtonElement:
    return button("Not settled yet", DECLINE, challenge.id)


def object_buttons(challenge: Challenge) -> list[ButtonElement]:
    """For whoever raised it, where another of their own side proposed how it is settled; the other
    side's answer has its own, so this one says whose it is."""
    mine = raiser_may_object(challenge)
    return [button("For me it is not settled", DECLINE, challenge.id)] if mine else []


def propose_view(challenge: Challenge, draft: str) -> View:
    """What a meeting agreed is there to begin from."""
    minutes = challenge.meeting.minutes if challenge.meeting else None
    return modal(
        PROPOSED,
        "How it is settled",
        "Next",
        [
            says(
                f"The other side confirms. Until they do, {challenge.reference} stays open. "
                f"{still_open(challenge)}".strip()
            ),
            *_left_from_before(challenge),
            choice("outcome", "How was it settled?", [(o.name, o.value) for o in AGREED]),
            question(
                "how",
                "In your own words",
                value=minutes.agreed if minutes else "",
                hint="What was agreed or decided, and why. Somebody who was not there should "
                "understand it.",
            ),
        ],
        carries=f"{challenge.id}:{draft}",
    )


def _left_from_before(challenge: Challenge) -> list[Block]:
    """After it was opened again: an action that still matters is agreed anew, or is lost."""
    return [
        block
        for action in left_from_before(challenge)[: agreed_action.MOST]
        for block in quoted(
            f"Agreed before for {action.by:%A %-d %B %Y}, and not ticked off. Name it again if it "
            "is still to be done",
            action.what,
        )
    ]


def read_proposal(view: Payload) -> dict[str, str]:
    return {"outcome": answer(view, "outcome"), "how": answer(view, "how")}


def action_view(carries: str, number: int) -> View:
    return agreed_action.action_view(ACTION, "Agreed actions", carries, number)


def facts(answers: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "outcome": Outcome[answers["outcome"]],
        "how": answers["how"],
        "actions": agreed_action.agreed_actions(answers),
    }


def decline_view(challenge: Challenge) -> View:
    return modal(
        DECLINED,
        "Not settled yet",
        "Say so",
        [question("because", "What is still open?", hint="Kindly and exactly: it helps both.")],
        carries=challenge.id,
    )


def withdraw_view(challenge: Challenge) -> View:
    words = (
        "Withdrawing ends the challenge. If the person may still be unsafe, ask for the next stage "
        f"instead. {still_open(challenge)}"
    ).strip()
    return modal(
        WITHDRAWN,
        "Withdraw the challenge",
        "Withdraw",
        [says(words), question("because", "Why are you withdrawing it?")],
        carries=challenge.id,
    )


def settlement_proposed(o: Occasion) -> Message:
    c = o.challenge
    if o.to:
        return _proposed_privately(o, o.to)
    other = o.facing(c.settlement.side) if c.settlement else "the other side"
    text = (
        f"{o.actor} proposes that {c.reference} is settled. It waits for {other} to confirm, or to "
        "say why not."
    )
    waits = c.settlement and c.settlement.proposed_by == o.about and not c.is_closed
    over = since(o, "This is answered: it is not settled yet.")
    calls = o.calling_for(c.settlement.side) if c.settlement else ""
    return asks(o, text, answer_buttons(c) if waits else [], over, written(o), calls)


def _proposed_privately(o: Occasion, to: PersonId) -> Message:
    """To a practitioner of whose challenge somebody else says that it is settled."""
    c = o.challenge
    text = (
        f"{o.actor} proposes that {c.reference} is settled. How is in {o.where}. If you do not "
        "see it as settled, please say so."
    )
    proposal = c.settlement if not c.is_closed else None
    waits = proposal and proposal.proposed_by == o.about
    may = proposal and (to == c.raised_by or c.side_of(to) is not proposal.side)
    no = [decline_button(c)] if waits and may else []
    return asks(o, text, no, since(o, "This is answered."), [emergency(c)])


def settlement_declined(o: Occasion) -> Message:
    text = f"{o.actor} does not see {o.challenge.reference} as settled yet. {due(o)} stands."
    return Message(text, [says(text), *written(o)])


def closed(o: Occasion) -> Message:
    c = o.challenge
    how = "settled" if c.status is Status.SETTLED else "withdrawn"
    text = (
        f"{c.reference} is {how}. Thank you both: challenge done well keeps people safe. Reminders "
        "stop, the record is kept, and this channel will be archived."
    )
    return Message(text, [says(text), *written(o)])


def ended(o: Occasion) -> Message:
    """For whoever was told of it on the way, and has nothing to sign."""
    now = in_short(o.challenge, o.directory)
    return privately(o, f"You heard of this challenge before. {now} It is in {o.where}.")


def closed_privately(o: Occasion) -> Message:
    how = "settled" if o.challenge.status is Status.SETTLED else "withdrawn"
    text = f"{o.challenge.reference} is {how}. Its record is closed and kept."
    if not unsigned(o.challenge) and not o.said:
        return privately(o, text)
    text += " Please sign it, or say where you see it otherwise."
    return follow_up.signing(o, text)
