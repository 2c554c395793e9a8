"""The card pinned in a challenge's channel: how it stands, who answers, by when, what next."""

from slack_sdk.models.blocks import Block

from blocks import danger, follow_up, meanwhile, meeting, position, review, scrutiny, voice
from blocks.acts import rows
from blocks.layout import (
    Message,
    buttons,
    emergency,
    facts,
    header,
    introduced,
    named,
    quoted,
    rule,
    safe,
    small,
    spoken,
)
from blocks.standing import in_short, stage, waits_for
from challenge.directory import Directory
from challenge.model import Challenge, Prompt, Side, Status

MOST_ACTIONS = 6
"""Agreed actions on a card; Slack takes fifty blocks and no more."""


def draw(challenge: Challenge, directory: Directory) -> Message:
    return Message(
        in_short(challenge, directory),
        [
            header(f"Professional challenge {challenge.reference}"),
            *danger.draw(challenge),
            _where_it_stands(challenge, directory),
            *quoted("The agency's reference", challenge.concern.reference),
            *meanwhile.draw(challenge),
            *position.draw(challenge, directory),
            *voice.draw(challenge),
            *_what_is_open(challenge, directory),
            *follow_up.standing(challenge, directory),
            rule(),
            emergency(challenge),
            *(
                block
                for whose, row in rows(challenge, directory)
                for block in (small(whose), *buttons(row))
            ),
        ],
    )


def _where_it_stands(challenge: Challenge, directory: Directory) -> Block:
    concern = challenge.concern
    return facts(
        [
            ("Stage", stage(challenge)),
            ("Now", waits_for(challenge, directory)),
            *_practitioners(challenge, directory),
            ("About", concern.subject.value),
            ("Area", concern.area.value),
        ]
    )


def _practitioners(challenge: Challenge, directory: Directory) -> list[tuple[str, str]]:
    """Both with their part in it, not their rank; who stands first alternates."""
    parts = {Side.RAISING: "Raised by", Side.RECEIVING: "Challenged"}
    return [
        (parts[side], introduced(directory, challenge.practitioner(side)))
        for side in challenge.order
        if side in parts
    ]


def _what_is_open(challenge: Challenge, directory: Directory) -> list[Block]:
    lines = [
        *([unsettled] if (unsettled := position.unsettled(challenge)) else []),
        *meeting.on_the_card(challenge, directory),
        *scrutiny.on_the_card(challenge, directory),
        *_proposed_date(challenge, directory),
        *_waiting_prompts(challenge, directory),
        *_reviewed(challenge, directory),
        *_in_question(challenge, directory),
        *_supporters(challenge, directory),
        *_not_reached(challenge, directory),
        *_seen(challenge, directory),
    ]
    # A few lines to a block, for Slack takes fifty blocks and no more.
    together = ["\n".join(lines[at : at + 4]) for at in range(0, len(lines), 4)]
    return [*_proposed_settlement(challenge, directory), *(small(text) for text in together)]


def _reviewed(challenge: Challenge, directory: Directory) -> list[str]:
    said = review.standing(challenge)
    look = challenge.second_look
    if look is None:
        return [said] if said else []
    by = spoken(look.due, challenge.procedure.calendar)
    who = named(directory, look.person) if look.person else "nobody yet, and the partnership knows"
    return [f"{said} A second opinion is asked of {who}, by {by}.".strip()]


def _in_question(challenge: Challenge, directory: Directory) -> list[str]:
    names = " and ".join(named(directory, one.about) for one in challenge.conflicts)
    asked = f"The business unit is asked whether {names} has a conflict of interest."
    return [asked] if names else []


def _proposed_date(challenge: Challenge, directory: Directory) -> list[str]:
    proposal = challenge.date_proposal
    if proposal is None:
        return []
    when = spoken(proposal.due, challenge.procedure.calendar)
    return [
        f"{named(directory, proposal.by)} proposes {when}. Until the other side accepts, "
        f"{spoken(challenge.due, challenge.procedure.calendar)} stands."
    ]


def _waiting_prompts(challenge: Challenge, directory: Directory) -> list[str]:
    if challenge.status is not Status.OPEN:
        return []
    calendar = challenge.procedure.calendar
    return [
        f"{named(directory, p.person)} is asked to {_joining(p)} by {spoken(p.due, calendar)}."
        for p in challenge.prompts
        if p.person
    ]


def _joining(prompt: Prompt) -> str:
    alone = prompt.side is Side.PARTNERSHIP
    return "take it on" if alone else f"join for the {prompt.side} side"


def _supporters(challenge: Challenge, directory: Directory) -> list[str]:
    return [
        f"{named(directory, s.person)} is here to support the {s.side} side."
        for s in challenge.supporters
    ]


def _not_reached(challenge: Challenge, directory: Directory) -> list[str]:
    return [
        f":exclamation: {named(directory, u.person)} could not be brought into this channel: "
        f"{safe(u.why)}. The clock runs on; the coordinators know."
        for u in challenge.unreached
    ]


def _seen(challenge: Challenge, directory: Directory) -> list[str]:
    names = ", ".join(named(directory, who) for who in challenge.seen_by)
    return [f"Seen and being worked on: {names}."] if names else []


def _proposed_settlement(challenge: Challenge, directory: Directory) -> list[Block]:
    settlement = challenge.settlement
    if settlement is None or challenge.status is Status.WITHDRAWN:
        return []
    label = "How it was settled" if challenge.is_closed else "Proposed: how it is settled"
    actions = [
        block
        for a in settlement.actions[:MOST_ACTIONS]
        for block in quoted(follow_up.action_state(a, directory), a.what)
    ]
    more = len(settlement.actions) - MOST_ACTIONS
    rest = [small(f"{more} more agreed actions are in the record.")] if more > 0 else []
    who = named(directory, settlement.proposed_by)
    return [
        *quoted(f"{label} ({settlement.outcome.value}; {who})", settlement.how),
        *actions,
        *rest,
    ]
