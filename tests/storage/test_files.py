"""The case files give back what was put in, lose no change to a race, and keep words sealed."""

import asyncio
import json
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from challenge import escalation
from challenge.aftercare import Confidence
from challenge.casework import Posted
from challenge.deadlines import clocks
from challenge.model import (
    AgreedAction,
    Area,
    Challenge,
    Change,
    Concern,
    DateProposal,
    Happened,
    Involved,
    Notice,
    Opinion,
    Outcome,
    PersonId,
    Prompt,
    Reminded,
    Safety,
    Settlement,
    Side,
    Space,
    Status,
    Subject,
    Told,
    Unreached,
)
from challenge.refusals import AlreadyHeard, NothingHere
from challenge.scribe import Note
from storage import migrations
from storage.chain import Head
from storage.files import Desk, Files, LostRace
from storage.forms import open_challenge, seal_challenge
from storage.vault import KeyMissing, Vault, new_master_key
from tests.makers import (
    FRIDAY_TEN,
    TOP,
    U_CHALLENGED,
    U_COORDINATOR,
    U_GUEST,
    U_OTHER_PRACTITIONER,
    U_RAISER,
    U_RAISING_MANAGER,
    U_RECEIVING_MANAGER,
    U_UNIT,
    a_challenge,
    a_challenge_at,
    a_concern,
    a_directory,
    a_moment,
    the_person,
)
from tests.storage.conftest import (
    NOW,
    THE_PROCEDURE,
    Kept,
    a_change,
    a_reference,
    an_entry,
    other,
)

# Halves of surrogate pairs too, and NUL: what Slack may send is not always text.
HOSTILE = st.text(st.characters(codec=None), max_size=40) | st.sampled_from(
    ["\x00", "\ud800", "'; DROP TABLE entry; --", "\u202eabc", '{"a": "\\u0000"}', "=cmd|'x'!A1"]
)
PEOPLE = st.builds(PersonId, st.text("UABC01", min_size=1, max_size=6))
TIMES = st.datetimes(
    datetime(2020, 1, 1),  # noqa: DTZ001 - Hypothesis adds the zone
    datetime(2040, 1, 1),  # noqa: DTZ001
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=1)), timezone(timedelta(hours=-9))]),
)
SIDES = st.sampled_from(Side)


def many(strategy):
    return st.lists(strategy, max_size=3).map(tuple)


INVOLVED = st.builds(Involved, PEOPLE, SIDES)
CHALLENGES = st.builds(
    a_challenge,
    id=st.just(0),
    procedure=st.just(THE_PROCEDURE),
    concern=st.builds(
        Concern,
        subject=st.sampled_from(Subject),
        area=st.sampled_from(Area),
        **dict.fromkeys(("reference", "decision", "why", "meanwhile", "ask"), HOSTILE),
    ),
    safety=st.builds(Safety, st.booleans(), HOSTILE),
    raised_by=PEOPLE,
    challenged=PEOPLE,
    raised_at=TIMES,
    status=st.sampled_from(Status),
    stage=st.integers(1, 3),
    urgent=st.booleans(),
    offered=st.none() | st.integers(1, 5),
    holders=many(INVOLVED),
    prompts=many(
        st.builds(
            Prompt, SIDES, st.integers(1, 5), st.integers(1, 9), st.none() | PEOPLE, TIMES, TIMES
        )
    ),
    tried=many(PEOPLE),
    involved=many(INVOLVED),
    told=many(PEOPLE),
    date_proposal=st.none() | st.builds(DateProposal, PEOPLE, SIDES, TIMES),
    settlement=st.none()
    | st.builds(
        Settlement,
        st.sampled_from(Outcome),
        PEOPLE,
        SIDES,
        HOSTILE,
        many(st.builds(AgreedAction, HOSTILE, PEOPLE, st.dates())),
    ),
    space=st.none() | st.builds(Space, HOSTILE, HOSTILE, st.none() | HOSTILE, st.booleans()),
    unreached=many(st.builds(Unreached, PEOPLE, HOSTILE)),
    reminded=many(st.builds(Reminded, PEOPLE, st.dates())),
    seen_by=many(PEOPLE),
    turn=st.integers(1, 99),
    closed_at=st.none() | TIMES,
)


# -- what is kept is what was put in -------------------------------------------------------------


@given(CHALLENGES)
def test_a_sealed_challenge_opens_as_the_very_same(challenge):
    vault = Vault(new_master_key())
    key = vault.unwrap(vault.new_case_key())
    challenge = replace(challenge, id=7)

    sealed = seal_challenge(challenge, key)

    assert open_challenge(sealed, 7, THE_PROCEDURE, key) == challenge


def test_an_opinion_kept_with_one_action_opens_with_a_list_of_one():
    vault = Vault(new_master_key())
    key = vault.unwrap(vault.new_case_key())
    action = AgreedAction("Visit", U_RAISER, date(2026, 3, 20))
    challenge = a_challenge_at(TOP, opinion=Opinion(U_UNIT, "Look again.", "Bruises.", (action,)))
    plain = json.loads(key.open(seal_challenge(challenge, key), f"challenge|{challenge.id}"))
    [plain["opinion"]["action"]] = plain["opinion"].pop("actions")

    sealed = key.seal(json.dumps(plain), f"challenge|{challenge.id}")

    assert open_challenge(sealed, challenge.id, challenge.procedure, key) == challenge


@settings(max_examples=20)
@given(HOSTILE, HOSTILE)
async def test_whatever_people_wrote_comes_back_from_the_database(kept: Kept, words, said):
    words = {words: said}
    entry = an_entry(words=words, summary=said, message="1.2", said=NOW, by=U_RAISER)
    reference = secrets.token_hex(8)
    raised = a_challenge(
        id=0, reference=reference, procedure=THE_PROCEDURE, concern=a_concern(why=said)
    )

    [recorded] = await kept.record(Change(raised, (entry,)))

    taken = await kept.taken(recorded.id)
    assert taken == recorded == replace(raised, id=recorded.id, version=1)
    async with kept.files.shelf() as shelf:
        [found] = await shelf.chronology(recorded.id)
        assert (found.entry, found.number, found.at) == (entry, 1, NOW)
        assert await shelf.challenge(reference) == recorded


async def test_a_challenge_that_nobody_filed_is_not_found(kept: Kept):
    async with kept.files.shelf() as shelf:
        assert await shelf.challenge("PC-2026-9999") is None
        assert await shelf.challenge_by_id(1) is None
        assert await shelf.chronology(1) == []
        assert await shelf.challenge_in("C1") is None
        assert await shelf.next_due() is None
    async with kept.files.desk() as desk:
        assert await desk.take([1, 2]) == []


async def test_challenges_are_taken_in_the_order_asked_for(kept: Kept):
    one, two, three = await kept.all_raised([1, 2, 3])

    async with kept.files.desk() as desk:
        assert await desk.take([three.id, one.id, 99, two.id]) == [three, one, two]


async def test_several_changes_of_one_challenge_keep_the_last_value_and_every_entry(kept: Kept):
    challenge = await kept.raised()
    first = replace(challenge, turn=2)
    second = replace(first, turn=3)

    kept_now = await kept.record(
        Change(first, (an_entry(summary="a"), an_entry(summary="b")), (Notice(Told.PROMPT),)),
        Change(second, (an_entry(summary="c"),), (Notice(Told.ACCEPTED),)),
    )

    assert kept_now == [replace(second, version=2)]
    async with kept.files.shelf() as shelf:
        chronology = await shelf.chronology(challenge.id)
    assert [(r.number, r.entry.summary) for r in chronology[1:]] == [(2, "a"), (3, "b"), (4, "c")]
    assert await kept.numbers("SELECT entry FROM outbox ORDER BY id") == [2, 4]


async def test_several_changes_of_a_challenge_just_raised_make_one_challenge(kept: Kept):
    raised = a_challenge(id=0, procedure=THE_PROCEDURE)

    [recorded] = await kept.record(a_change(raised), a_change(replace(raised, turn=2)))

    assert recorded.turn == 2
    assert await kept.numbers("SELECT number FROM entry ORDER BY seq") == [1, 2]


async def test_references_count_up_by_the_year(kept: Kept):
    async with kept.files.desk() as desk:
        given = [await desk.next_reference(year) for year in (2026, 2026, 2027, 2026)]

    assert given == ["PC-2026-0001", "PC-2026-0002", "PC-2027-0001", "PC-2026-0003"]


async def test_no_reference_is_given_twice_however_many_ask(kept: Kept):
    async def ask() -> str:
        async with kept.files.desk() as desk:
            return await desk.next_reference(2026)

    given = await asyncio.gather(*(ask() for _ in range(20)))

    assert sorted(given) == [a_reference(number) for number in range(1, 21)]


async def test_a_change_that_fails_leaves_nothing_behind(kept: Kept):
    challenge = await kept.raised()
    before = await counts(kept)

    async with undone(kept) as desk:
        await desk.hear(["k"], NOW)
        await desk.record([a_change(challenge, Notice(Told.CARD))], [], NOW)

    assert await counts(kept) == before
    assert await kept.files.first_break() is None


async def test_a_key_made_in_a_transaction_that_was_undone_seals_nothing(kept: Kept):
    async with undone(kept) as desk:
        await desk.record([a_change(a_challenge(id=0, procedure=THE_PROCEDURE))], [], NOW)

    recorded = await kept.raised()

    fresh = Kept(kept.url, kept.key)
    assert await fresh.taken(recorded.id) == recorded
    await fresh.database.dispose()


@asynccontextmanager
async def undone(kept: Kept) -> AsyncIterator[Desk]:
    """A transaction in which something goes wrong at the very end."""
    with suppress(ZeroDivisionError):
        async with kept.files.desk() as desk:
            yield desk
            raise ZeroDivisionError


async def counts(kept: Kept) -> list[int]:
    tables = "challenge", "entry", "heard", "deadline", "outbox", "involved", "case_key"
    return [(await kept.numbers(f"SELECT count(*) FROM {t}"))[0] for t in tables]  # noqa: S608


# -- nobody's change is lost ---------------------------------------------------------------------


async def test_a_change_of_what_is_no_longer_so_is_refused(kept: Kept):
    stale = await kept.raised()
    await kept.record(a_change(replace(stale, turn=2)))

    with pytest.raises(LostRace):
        await kept.record(a_change(replace(stale, turn=3)))
    with pytest.raises(LostRace):
        await kept.record(a_change(replace(stale, id=99, reference="PC-2026-0099")))

    assert (await kept.taken(stale.id)).turn == 2


async def test_two_who_change_a_challenge_at_once_go_one_after_the_other(kept: Kept):
    challenge = await kept.raised()

    async def one_more_turn() -> None:
        async with kept.files.desk() as desk:
            [taken] = await desk.take([challenge.id])
            await asyncio.sleep(0)
            await desk.record([a_change(replace(taken, turn=taken.turn + 1))], [], NOW)

    await asyncio.gather(*(one_more_turn() for _ in range(20)))

    assert (await kept.taken(challenge.id)).turn == challenge.turn + 20
    assert await kept.files.first_break() is None


async def test_two_who_change_it_without_taking_it_first_are_told_that_one_lost(kept: Kept):
    challenge = await kept.raised()

    done = await asyncio.gather(
        *(kept.record(a_change(replace(challenge, turn=turn))) for turn in range(2, 12)),
        return_exceptions=True,
    )

    assert sorted(isinstance(d, LostRace) for d in done) == [False] + [True] * 9


async def test_only_one_accepts_the_same_prompt(kept: Kept):
    challenge = await kept.raised()
    casework = kept.casework()
    await casework.carry_out(
        escalation.escalate, challenge.id, by=U_RAISER, because="No answer yet."
    )

    done = await asyncio.gather(
        *(
            casework.carry_out(
                escalation.accept, challenge.id, by=U_RAISING_MANAGER, line="I am on it."
            )
            for _ in range(8)
        ),
        return_exceptions=True,
    )

    assert sum(isinstance(d, Challenge) for d in done) == 1


async def test_writers_of_the_record_and_of_the_challenge_do_not_lock_each_other_out(kept: Kept):
    challenges = await kept.all_raised([1, 2, 3])

    async def act(number: int) -> None:
        async with kept.files.desk() as desk:
            taken = await desk.take([c.id for c in challenges])
            moved = [a_change(replace(c, turn=c.turn + 1, space=space(c, number))) for c in taken]
            await desk.record(moved, [], NOW)

    async def say(number: int) -> None:
        async with kept.files.desk() as desk:
            await desk.hear([f"k{number}"], NOW)
            notes = [Note(f"k{number}", c.id, an_entry()) for c in reversed(challenges)]
            await desk.note(notes, NOW)

    await asyncio.gather(*(do(n) for n in range(15) for do in (act, say)))

    assert (await kept.taken(challenges[0].id)).turn == 16
    assert await kept.numbers("SELECT max(number) FROM entry") == [31]
    assert await kept.files.first_break() is None


def space(challenge: Challenge, number: int) -> Space:
    return Space(f"C{challenge.id}x{number}", "x")


# -- heard once ----------------------------------------------------------------------------------


async def test_a_word_said_fifty_times_at_once_is_heard_once(kept: Kept):
    async def hear() -> set[str]:
        async with kept.files.desk() as desk:
            return await desk.hear(["a", "b", "a"], NOW)

    heard = await asyncio.gather(*(hear() for _ in range(50)))

    assert sorted(heard, key=len)[-1] == {"a", "b"}
    assert sum(map(len, heard)) == 2


async def test_two_thousand_words_are_heard_in_one_go(kept: Kept):
    keys = [f"k{number}" for number in range(2_000)]

    async with kept.files.desk() as desk:
        assert await desk.hear(keys[:1_000], NOW) == set(keys[:1_000])
        assert await desk.hear(keys, NOW) == set(keys[1_000:])
        assert await desk.hear([], NOW) == set()


async def test_what_was_heard_long_ago_may_be_forgotten(kept: Kept):
    async with kept.files.desk() as desk:
        await desk.hear(["old"], NOW)
        await desk.hear(["new"], NOW + timedelta(days=7))
        await desk.forget_heard(NOW + timedelta(days=1))
        assert await desk.hear(["old", "new"], NOW) == {"old"}


async def test_the_same_draft_twice_makes_one_challenge(kept: Kept):
    casework = kept.casework()
    facts = {
        "by": U_RAISER,
        "concern": a_concern(),
        "challenged": U_CHALLENGED,
        "safety": Safety(danger=False),
    }

    raised = await casework.raise_challenge("d1", **facts)

    with pytest.raises(AlreadyHeard):
        await casework.raise_challenge("d1", **facts)
    assert (raised.reference, raised.version) == ("PC-2026-0001", 1)
    async with kept.files.shelf() as shelf:
        assert [await shelf.whose(seq) for seq in (1, 2)] == ["PC-2026-0001", None]


# -- the chronology ------------------------------------------------------------------------------


async def test_the_chain_holds_over_batches_of_every_kind(kept: Kept):
    challenges = await kept.all_raised(list(range(1, 31)))
    for turn in range(2, 5):
        challenges = await kept.record(*(a_change(replace(c, turn=turn)) for c in challenges))
        async with kept.files.desk() as desk:
            notes = [Note("k", c.id, an_entry(by=U_RAISER)) for c in challenges * 2]
            await desk.note(notes, NOW)

    assert await kept.files.first_break() is None
    async with kept.files.shelf() as shelf:
        head = await shelf.head()
        links = [link async for page in shelf.chain_pages() for link in page]
    assert head == Head(30 + 3 * 90, links[-1].hash)
    assert await kept.files.first_break([Head(5, b"another")]) is not None


async def test_an_altered_entry_is_found_out(kept: Kept):
    await kept.all_raised([1, 2, 3])
    await without_triggers(kept, "UPDATE entry SET kind = 'settled' WHERE seq = 2")

    broken = await kept.files.first_break()

    assert broken is not None
    assert broken.seq == 2


@pytest.mark.parametrize("act", ["UPDATE entry SET kind = 'x'", "DELETE FROM entry"])
async def test_the_chronology_refuses_to_be_changed(kept: Kept, act: str):
    await kept.raised()

    with pytest.raises(DBAPIError, match="only ever added to"):
        async with kept.database.writing() as connection:
            await connection.execute(text(act))


async def without_triggers(kept: Kept, act: str) -> None:
    """What somebody could do who owns the database."""
    async with kept.database.writing() as connection:
        if kept.database.dialect == "sqlite":
            await connection.execute(text("DROP TRIGGER entry_refuses_update"))
        else:
            await connection.execute(text("ALTER TABLE entry DISABLE TRIGGER ALL"))
        await connection.execute(text(act))


async def test_notes_of_one_challenge_are_numbered_on(kept: Kept):
    challenge = await kept.raised()
    casework = kept.casework()

    await asyncio.gather(
        *(
            casework.note(challenge.id, an_entry(summary=str(n)), heard=f"k{n % 10}")
            for n in range(20)
        )
    )

    async with kept.files.shelf() as shelf:
        chronology = await shelf.chronology(challenge.id)
    assert [recorded.number for recorded in chronology] == list(range(1, 12))
    assert {r.entry.summary for r in chronology[1:]} == {str(n) for n in range(10)}


async def test_a_note_for_a_challenge_that_is_not_there_fails_alone(kept: Kept):
    challenge = await kept.raised()
    casework = kept.casework()

    done = await asyncio.gather(
        casework.note(challenge.id, an_entry(), heard="a"),
        casework.note(99, an_entry(), heard="b"),
        casework.note(challenge.id, an_entry(), heard="c"),
        return_exceptions=True,
    )

    assert [isinstance(d, Exception) for d in done] == [False, True, False]
    assert await kept.numbers("SELECT count(*) FROM entry") == [3]


# -- deadlines -----------------------------------------------------------------------------------


async def waiting(kept: Kept) -> set[str]:
    return set(await kept.numbers("SELECT key FROM deadline WHERE done_at IS NULL"))


async def test_the_clocks_that_wait_are_the_challenges_own(kept: Kept):
    challenge = await kept.raised()
    assert await waiting(kept) == {clock.key for clock in clocks(challenge)}

    [moved] = await kept.record(a_change(replace(challenge, turn=2)))
    assert await waiting(kept) == {clock.key for clock in clocks(moved)}

    closed = replace(moved, status=Status.SETTLED, closed_at=NOW)
    await kept.record(a_change(closed))
    assert await waiting(kept) == {clock.key for clock in clocks(closed)}


async def test_a_clock_that_was_acted_on_is_not_set_again(kept: Kept):
    challenge = await kept.raised()
    first, *others = (clock.key for clock in clocks(challenge))

    await kept.record(a_change(challenge), struck=((challenge.id, first),))

    assert await waiting(kept) == set(others)


async def test_a_clock_may_be_struck_without_any_change(kept: Kept):
    challenge = await kept.raised()
    first, *others = (clock.key for clock in clocks(challenge))

    assert await kept.record(struck=((challenge.id, first),)) == []

    assert await waiting(kept) == set(others)


async def test_what_is_due_comes_oldest_first_and_is_done_once(kept: Kept):
    await kept.all_raised(list(range(1, 6)))
    casework = kept.casework()
    assert await casework.next_due() == clocks(a_challenge())[0].due
    kept.now = a_moment("2026-03-09 17:01").now
    async with kept.files.shelf() as shelf:
        due = await shelf.due(kept.now, 3)
        assert [key for _, key in due] == ["1:remind:1"] * 3

    done = [await casework.fall_due(4) for _ in range(5)]

    assert [(acted.done, acted.problems) for acted in done] == [
        (4, ()),
        (4, ()),
        (4, ()),
        (3, ()),
        (0, ()),
    ]
    async with kept.files.shelf() as shelf:
        assert {c.status for c in await shelf.challenges_of(U_RAISER, 0)} == {Status.OFFERED}
        assert await shelf.without_clock() == []


async def test_two_alarms_at_once_share_the_work(kept: Kept):
    await kept.all_raised(list(range(1, 21)))
    kept.now = a_moment("2026-03-09 17:01").now

    async def alarm() -> int:
        casework, done = kept.casework(), 0
        for _ in range(12):
            done += (await casework.fall_due(10)).done
        return done

    assert sum(await asyncio.gather(*(alarm() for _ in range(3)))) == 60
    lapsed = f"SELECT count(*) FROM entry WHERE kind = '{Happened.LAPSED.value}'"  # noqa: S608
    assert await kept.numbers(lapsed) == [20]


async def test_a_clock_acted_on_in_between_is_not_held(kept: Kept):
    challenge = await kept.raised()
    due = [(challenge.id, clock.key) for clock in clocks(challenge)]
    await kept.record(struck=(due[0],))

    async with kept.files.desk() as desk:
        challenges, held = await desk.hold_due([due[1], due[0], due[2]])

    assert challenges == [challenge]
    assert held == [due[1], due[2]]


async def test_an_open_challenge_on_which_no_clock_runs_is_named(kept: Kept):
    challenge, _ = await kept.all_raised([1, 2])
    await kept.record(struck=tuple((challenge.id, clock.key) for clock in clocks(challenge)))

    async with kept.files.shelf() as shelf:
        assert await shelf.without_clock() == [challenge.reference]


# -- finding -------------------------------------------------------------------------------------


async def test_people_find_the_challenges_that_they_are_on(kept: Kept):
    mine = await kept.raised(number=1)
    theirs = await kept.raised(
        number=2, raised_by=U_GUEST, challenged=U_OTHER_PRACTITIONER, holders=()
    )
    async with kept.files.shelf() as shelf:
        assert await shelf.challenges_of(U_RAISER, 5) == [mine]
        assert await shelf.challenges_of(U_OTHER_PRACTITIONER, 5) == [theirs]
        assert await shelf.challenges_of(U_COORDINATOR, 5) == []

    offered = escalation.escalate(
        mine, FRIDAY_TEN, a_directory(), by=U_RAISER, because="No answer."
    )
    [told] = await kept.record(
        replace(offered, challenge=replace(offered.challenge, told=(U_COORDINATOR,)))
    )

    async with kept.files.shelf() as shelf:
        for person in (U_RAISER, U_COORDINATOR, U_RAISING_MANAGER, U_RECEIVING_MANAGER):
            assert await shelf.challenges_of(person, 5) == [told]


async def test_whoever_may_no_longer_see_a_challenge_does_not_find_it(kept: Kept):
    asked = Prompt(Side.RAISING, 2, 1, U_RAISING_MANAGER, NOW, NOW)
    challenge = await kept.raised(prompts=(asked,), status=Status.OFFERED)

    await kept.record(a_change(replace(challenge, prompts=())))

    async with kept.files.shelf() as shelf:
        assert await shelf.challenges_of(U_RAISING_MANAGER, 5) == []


async def test_the_latest_closed_ones_come_after_all_that_are_open(kept: Kept):
    def closed(number: int) -> Change:
        at = NOW + timedelta(days=number)
        value = a_challenge(id=0, reference=a_reference(number), procedure=THE_PROCEDURE)
        return a_change(replace(value, status=Status.WITHDRAWN, closed_at=at))

    await kept.record(closed(1), closed(3), closed(2))
    await kept.raised(number=4)

    async with kept.files.shelf() as shelf:
        found = await shelf.challenges_of(U_RAISER, closed=2)

    assert [challenge.reference[-1] for challenge in found] == ["4", "3", "2"]


async def test_a_channel_leads_to_its_challenge_and_a_message_to_its_card(kept: Kept):
    challenge = await kept.raised(Notice(Told.CARD), space=Space("C1", "challenge-1"))
    [parcel] = await kept.claim()
    async with kept.files.shelf() as shelf:
        assert await shelf.challenge_in("C1") == challenge.id
        assert await shelf.posted("C1", "1.1") is None

    await kept.outbox.sent(parcel, "C1", "1.1", NOW)

    async with kept.files.shelf() as shelf:
        assert await shelf.posted("C1", "1.1") == Posted(challenge.id, Told.CARD)
        assert await shelf.posted("C2", "1.1") is None


async def test_the_directory_is_read_again_only_when_it_changed(kept: Kept):
    async def seen() -> object:
        async with kept.files.shelf() as shelf:
            return await shelf.directory()

    before = await seen()
    assert await seen() is before
    await kept.directory.set_active(U_RAISER, active=False)

    after = await seen()
    assert after == a_directory(the_person(U_RAISER, active=False))


# -- procedures ----------------------------------------------------------------------------------


async def test_a_changed_file_of_the_same_version_never_moves_an_open_challenge(kept: Kept):
    changed = other(THE_PROCEDURE, title="Rewritten")
    old = await kept.raised(number=1)
    new = await kept.raised(number=2, procedure=changed)
    await kept.raised(number=3, procedure=other(THE_PROCEDURE))

    fresh = Kept(kept.url, kept.key)
    assert (await fresh.taken(old.id)).procedure == THE_PROCEDURE
    assert (await fresh.taken(new.id)).procedure == changed
    keys = await kept.numbers("SELECT key FROM procedure")
    assert len(keys) == 2
    assert all(key.startswith(f"{THE_PROCEDURE.version}#") for key in keys)
    await fresh.database.dispose()


async def test_only_the_challenge_that_a_change_moves_gets_another_procedure(kept: Kept):
    moved, stays = await kept.all_raised([1, 2])
    changed = other(THE_PROCEDURE, title="Rewritten")

    again = await kept.record(a_change(replace(moved, procedure=changed)), a_change(stays))

    assert [c.procedure.title for c in again] == ["Rewritten", THE_PROCEDURE.title]
    fresh = Kept(kept.url, kept.key)
    assert (await fresh.taken(moved.id)).procedure == changed
    assert (await fresh.taken(stays.id)).procedure == THE_PROCEDURE
    await fresh.database.dispose()


# -- sealed --------------------------------------------------------------------------------------

CANARY = "CANARYWORD"


async def test_no_word_of_anybodys_stands_open_in_the_database(tmp_path: Path):
    from_disk = Kept(f"sqlite:///{tmp_path / 'challenge.db'}")
    await migrations.upgrade(from_disk.database)
    concern = a_concern(**dict.fromkeys(("reference", "decision", "why", "ask"), CANARY))
    challenge = await from_disk.raised(concern=concern, safety=Safety(True, CANARY))
    entry = an_entry(summary=CANARY, words={CANARY: CANARY}, message=CANARY)
    async with from_disk.files.desk() as desk:
        await desk.note([Note("k", challenge.id, entry)], NOW)
        await desk.keep_draft("d", U_RAISER, {"why": CANARY}, NOW)

    contents = contents_of(tmp_path)

    assert challenge.reference.encode() in contents
    assert CANARY.encode() not in contents
    assert json.dumps(CANARY).encode() not in contents
    await from_disk.database.dispose()


def contents_of(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.iterdir())


async def test_a_draft_is_its_authors_alone(kept: Kept):
    casework = kept.casework()
    await casework.keep_draft("d", U_RAISER, {"why": "1", "more": ["2"]})
    await casework.keep_draft("d", U_RAISER, {"why": "\ud800"})
    await casework.keep_draft("d", U_GUEST, {"why": "stolen"})

    assert await casework.draft("d", U_RAISER) == {"why": "\ud800"}
    async with kept.files.shelf() as shelf:
        assert await shelf.draft("d", U_GUEST) is None
    kept.pass_time(days=2)
    await casework.clear_up()
    async with kept.files.shelf() as shelf:
        assert await shelf.draft("d", U_RAISER) is None


def a_confidence(**changes: Any) -> Confidence:
    return replace(Confidence(U_RAISER, U_UNIT, NOW, True, "I am left out."), **changes)


async def confide(kept: Kept, challenge: Challenge, confidence: Confidence) -> None:
    async with kept.files.desk() as desk:
        await desk.confide(challenge.id, confidence, kept.now)


async def test_what_is_confided_is_kept_apart_from_the_chronology(kept: Kept):
    challenge, other_one = await kept.all_raised([1, 2])

    await confide(kept, challenge, a_confidence())
    kept.pass_time(hours=1)
    await confide(kept, challenge, a_confidence(by=U_GUEST, difficulty=False, words=""))

    async with kept.files.shelf() as shelf:
        found = await shelf.confidences(challenge.id)
        assert await shelf.confidences(other_one.id) == []
        chronology = await shelf.chronology(challenge.id)
    assert [c.by for c in found] == [U_RAISER, U_GUEST]
    assert found[0] == a_confidence()
    assert len(chronology) == 1
    assert await kept.files.first_break() is None


async def test_the_listener_is_told_of_a_difficulty_and_of_nothing_else(kept: Kept):
    challenge = await kept.raised()

    await confide(kept, challenge, a_confidence(difficulty=False, words=""))
    assert await kept.outbox.waiting() == 0
    await confide(kept, challenge, a_confidence())

    [parcel] = await kept.claim()
    assert (parcel.kind, parcel.to, parcel.entry) == (Told.CONFIDED, U_UNIT, None)


async def test_a_confidence_goes_back_once_and_then_its_listener_cannot_read_it(kept: Kept):
    challenge = await kept.raised()
    await confide(kept, challenge, a_confidence())
    [parcel] = await kept.claim()
    casework = kept.casework()
    assert await casework.returned(challenge.id) == []

    went = [await casework.return_confidence(challenge.id, parcel.mark) for _ in range(2)]

    assert went == [True, False]
    assert not await casework.return_confidence(challenge.id, "another")
    [back] = await casework.returned(challenge.id)
    assert (back, back.id) == (a_confidence(returned=True), parcel.mark)
    with pytest.raises(NothingHere):
        await casework.confidences(challenge.id, by=U_UNIT)


async def test_what_is_confided_stands_open_nowhere_and_goes_with_the_challenge(kept: Kept):
    closed = replace(await kept.raised(), status=Status.SETTLED, closed_at=NOW)
    [closed] = await kept.record(a_change(closed))
    await confide(kept, closed, a_confidence(words=CANARY))
    sealed = await kept.numbers("SELECT sealed FROM confidence")

    assert all(CANARY.encode() not in bytes(each) for each in sealed)
    assert all(U_UNIT.encode() not in bytes(each) for each in sealed)
    async with kept.files.desk() as desk:
        await desk.forget([closed.id])
    assert await kept.numbers("SELECT count(*) FROM confidence") == [0]


async def test_what_somebody_still_owes_is_found_however_long_ago_it_was_settled(kept: Kept):
    action = AgreedAction("Visit.", U_GUEST, NOW.date())
    settlement = Settlement(Outcome.CHANGED, U_RAISER, Side.RAISING, "So.", (action,))
    done = replace(settlement, actions=(replace(action, done_by=U_GUEST),))
    owing, finished = await kept.all_raised([1, 2])
    facts: dict[str, Any] = {"status": Status.SETTLED, "closed_at": NOW}
    [owing, finished] = await kept.record(
        a_change(replace(owing, settlement=settlement, **facts)),
        a_change(replace(finished, settlement=done, **facts)),
    )

    async with kept.files.shelf() as shelf:
        assert await shelf.challenges_of(U_GUEST, 0) == [owing]
        assert await shelf.challenges_of(U_GUEST, 9) == [owing, finished]
        assert await shelf.on_the_clock() == [owing.id, finished.id]


async def test_another_key_than_the_databases_is_refused_at_the_start(kept: Kept):
    await kept.files.check_key()
    await kept.files.check_key()

    with pytest.raises(KeyMissing):
        await Files(kept.database, Vault(new_master_key())).check_key()


async def test_after_rewrapping_the_old_master_key_is_no_longer_needed(kept: Kept):
    await kept.files.check_key()
    challenges = await kept.all_raised([1, 2, 3])
    newest = new_master_key()
    both = Files(kept.database, Vault(f"{newest},{kept.key}"))

    assert [await both.rewrap_keys(2) for _ in range(3)] == [2, 1, 0]

    files = Files(kept.database, Vault(newest))
    await files.check_key()
    async with files.shelf() as shelf:
        assert await shelf.challenges_of(U_RAISER, 0) == challenges


async def test_what_is_forgotten_opens_no_more_and_the_chain_still_holds(kept: Kept):
    still_open, closed = await kept.all_raised([1, 2])
    gone = replace(closed, status=Status.SETTLED, closed_at=NOW, space=Space("C1", "x"))
    await kept.record(a_change(gone))

    async with kept.files.desk() as desk:
        await desk.forget([still_open.id, closed.id])

    async with kept.files.shelf() as shelf:
        assert await shelf.challenge_by_id(closed.id) is None
        assert await shelf.chronology(closed.id) == []
        assert await shelf.challenges_of(U_RAISER, 9) == [still_open]
        assert await shelf.due(NOW + timedelta(days=99), 99) == [
            (still_open.id, clock.key) for clock in clocks(still_open)
        ]
    assert await kept.files.first_break() is None


# -- many at once --------------------------------------------------------------------------------


@pytest.mark.slow
async def test_hundreds_of_changes_are_one_transaction(kept: Kept):
    numbers = list(range(1, 401))
    challenges = await kept.all_raised(numbers, Notice(Told.CARD), Notice(Told.OPEN_SPACE))

    moved = await kept.record(*(a_change(replace(c, turn=2)) for c in challenges))

    assert [c.version for c in moved] == [2] * 400
    assert await kept.numbers("SELECT count(*) FROM entry") == [800]
    assert await kept.outbox.waiting() == 800
    assert await kept.files.first_break() is None
