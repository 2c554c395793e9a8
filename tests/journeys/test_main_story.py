"""The main story: raise, discuss, remind, escalate, accept, settle."""

from datetime import timedelta

from challenge.model import Happened
from tests.journeys.story import ASHA, BEN, CARA, ELIF, Story


async def test_a_challenge_goes_from_the_command_to_settled_through_a_lapse(story: Story):
    reference = await story.raises()
    assert story.card(reference).text.startswith(f"{reference}: stage 1")
    assert "a professional challenge between" in story.told(BEN)

    ts = await story.person(ASHA).says(story.channel(reference).id, "Could we talk today?")
    await story.person(BEN).says(story.channel(reference).id, "Yes, at two.")
    await story.person(ASHA).edits(story.channel(reference).id, ts, "Could we talk at two?")
    await story.settled()

    challenge = await story.challenge(reference)
    await story.until(challenge.due + timedelta(seconds=1))
    assert "moves up" in story.sees(BEN, reference)
    assert "Accept escalation" in story.told(ELIF) or "accept by" in story.told(ELIF)

    await story.accepts(ELIF, reference)
    assert "Elif Kaya (Children's Social Care) has accepted" in story.card(reference).text
    await story.accepts(CARA, reference)
    assert "stage 2" in story.card(reference).text

    await story.proposes_settlement(ELIF, reference)
    await story.presses(ASHA, reference, "Confirm it is settled")
    assert "settled" in story.card(reference).text

    kinds = [r.entry.kind for r in await story.record(reference)]
    assert kinds[0] is Happened.RAISED
    assert kinds.count(Happened.SAID) == 2
    assert kinds.count(Happened.EDITED) == 1
    assert kinds.count(Happened.ACCEPTED) == 2
    assert Happened.SETTLED in kinds
