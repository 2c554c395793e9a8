"""Two equal sides: the same fields, side by side, added to by each and edited by neither."""

from challenge import position
from challenge.model import Happened, Outcome, Side, Status
from tests.journeys.story import ASHA, ASKED, BEN, LENA, Story

THEIRS = {
    "decision": "The referral of Monday did not meet the threshold.",
    "why": "One mark, explained, and the health visitor saw nothing else.",
    "mind": "A second mark, or what the child says.",
    "ask": "Please send us the body map.",
}
LABELS = {
    "decision": "The decision, action or inaction",
    "why": "Reasons and evidence",
    "mind": "What would change our mind?",
    "ask": "What do we ask for?",
}


async def puts(story: Story, who: str, reference: str, **words: str) -> None:
    await story.opens(who, reference, "Put or add to our position")
    given = {LABELS[name]: text for name, text in words.items()}
    assert await story.answers(who, **given) is None


async def test_both_put_their_position_add_to_it_and_the_decision_is_changed(two_ways: Story):
    reference = await two_ways.raises(mind="A visit this week.")
    assert "Not said yet." in two_ways.card(reference).words

    await puts(two_ways, BEN, reference, **THEIRS)

    shown = two_ways.card(reference).words
    assert all(words in shown for words in (*THEIRS.values(), *ASKED.values()))
    assert "A visit this week." in shown

    await puts(two_ways, ASHA, reference, why="The nurse saw a second mark today.")
    await puts(two_ways, BEN, reference, why="The body map shows two marks.")

    challenge = await two_ways.challenge(reference)
    ours, theirs = (position.versions(challenge, side) for side in (Side.RAISING, Side.RECEIVING))
    assert [p.why for p in ours] == [ASKED["why"], "The nurse saw a second mark today."]
    assert [p.why for p in theirs] == [THEIRS["why"], "The body map shows two marks."]
    assert THEIRS["why"] not in two_ways.card(reference).words
    assert "The earlier words are in the record." in two_ways.card(reference).words
    put = [
        r.entry for r in await two_ways.record(reference) if r.entry.kind is Happened.POSITION_PUT
    ]
    assert [(e.by, e.words["Reasons and evidence"]) for e in put] == [
        (BEN, THEIRS["why"]),
        (ASHA, "The nurse saw a second mark today."),
        (BEN, "The body map shows two marks."),
    ]

    await two_ways.presses(BEN, reference, "I have changed the decision")
    await two_ways.presses(ASHA, reference, "Confirm it is settled")

    settled = await two_ways.challenge(reference)
    assert settled.status is Status.SETTLED
    assert settled.settlement.outcome is Outcome.CHANGED


async def test_nobody_opens_the_form_of_a_side_that_is_not_theirs(one_way: Story):
    reference = await one_way.raises()
    await one_way.person(ASHA).invites(one_way.channel(reference).id, LENA)
    await one_way.presses(LENA, reference, "Put or add to our position")
    assert "There is nothing here that you can open" in one_way.refused(LENA)

    await one_way.presses(ASHA, reference, "I have changed the decision")
    assert "This is not yours to do" in one_way.refused(ASHA)
    assert (await one_way.challenge(reference)).settlement is None


async def test_an_identifier_in_a_position_is_pointed_out_with_the_text_kept(one_way: Story):
    reference = await one_way.raises()
    await one_way.opens(BEN, reference, "Put or add to our position")
    why = {LABELS["why"]: "Mother is on 07700 900123."}
    await one_way.person(BEN).presses("Check my words")
    assert "Is there a request?" in one_way.person(BEN).view.words
    still = await one_way.answers(BEN, **{LABELS[n]: t for n, t in THEIRS.items()} | why)

    assert "phone number" in still.words
    await one_way.person(BEN).fill("intended", ["intended"])
    assert await one_way.answers(BEN) is None
    assert "07700 900123" in one_way.card(reference).words


async def test_both_hear_of_it_in_the_same_words_and_neither_first_every_time(one_way: Story):
    for reference in (await one_way.raises(), await one_way.raises()):
        challenge = await one_way.challenge(reference)
        names = ["Asha Patel", "Ben Osei"] if challenge.id % 2 else ["Ben Osei", "Asha Patel"]
        [ours], [theirs] = (
            [m.text for m in one_way.person(who).direct_messages() if _begins(m.text, reference)]
            for who in (ASHA, BEN)
        )
        assert ours == theirs
        assert sorted(names, key=ours.index) == names


def _begins(text: str, reference: str) -> bool:
    return text.startswith(f"{reference} is a professional challenge between")
