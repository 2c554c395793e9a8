"""Finding it again: who sees what, and that nobody else learns anything."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from sandbox.wire import TO_BOT, TO_SLACK
from tests.journeys.conftest import Telling
from tests.journeys.story import (
    ASHA,
    ASKED,
    BEN,
    CARA,
    ELIF,
    FINN,
    GRACE,
    HUGO,
    IMANI,
    JOAN,
    KOFI,
    LENA,
    MO,
    NIA,
    PIA,
    Story,
    directory_toml,
)

NOTHING = "There is nothing here that you can open."
CANARY = "Zeldafitz"
"""A word that nobody types by chance; letters and digits behind it say where it was typed."""


def canary(where: str) -> str:
    return f"{CANARY}-{where}"


# The command


async def test_the_list_holds_my_challenges_and_their_clocks(one_way: Story):
    first = await one_way.raises()
    second = await one_way.raises(reference="LIQ-2")
    other = await one_way.raises(by=LENA, to=BEN)

    mine = await one_way.types(ASHA, "list")
    assert first in mine
    assert second in mine
    assert other not in mine
    assert "to answer by Friday 6 March 2026 at 17:00" in mine
    assert ASKED["ask"] not in mine
    assert {first, second, other} == {
        r for r in (first, second, other) if r in await one_way.types(BEN, "list")
    }


async def test_without_any_challenge_the_list_says_how_to_raise_one(one_way: Story):
    assert "You are not on any challenge just now" in await one_way.types(LENA, "list")


@pytest.mark.parametrize("who", [ASHA, BEN])
async def test_show_draws_the_card_for_both_and_takes_lower_case(one_way: Story, who: str):
    reference = await one_way.raises()

    for typed in (f"show {reference}", f"show {reference.lower()}", f"SHOW   {reference} "):
        shown = await one_way.types(who, typed)
        assert f"Professional challenge {reference}" in shown
        assert ASKED["ask"] in shown


@pytest.mark.parametrize(
    ("word", "first"),
    [
        ("HELP", "*/challenge* raises"),
        ("raise the roof", "I do not know the word “raise”."),
        ("¿qué?", "I do not know the word “¿qué?”."),
        ("show", "Which challenge?"),
        ("report", "There is no learning report yet"),
    ],
)
async def test_help_and_any_unknown_word_say_what_there_is(one_way: Story, word: str, first: str):
    said = await one_way.types(LENA, word)

    assert said.startswith(first)
    for line in ("/challenge", "/challenge list", "/challenge show", "/challenge help"):
        assert line in said


# Nothing for anybody else


@pytest.mark.parametrize(
    "who", [LENA, MO, NIA, GRACE, KOFI], ids=["bystander", "manager", "guest", "lead", "scrutineer"]
)
async def test_outsiders_read_the_same_for_an_existing_and_a_missing_reference(
    one_way: Story, who: str
):
    reference = await one_way.raises()

    existing = await one_way.types(who, f"show {reference}")
    assert existing.startswith(NOTHING)
    assert reference not in existing
    for missing in ("PC-2026-0999", "PC-1999-0001", "nonsense", "' OR 1=1 --", "x" * 3000):
        assert await one_way.types(who, f"show {missing}") == existing
    assert reference not in await one_way.types(who, "list")
    home = await one_way.looks_home(who)
    assert reference not in home.words


async def test_somebody_no_longer_active_reads_the_same_for_existing_and_missing(
    telling: Telling,
):
    async with telling(listed=directory_toml(gone=[PIA])) as story:
        reference = await story.raises()

        existing = await story.types(PIA, f"show {reference}")
        assert existing.startswith(NOTHING)
        assert await story.types(PIA, "show PC-2026-0999") == existing


async def test_a_manager_reads_it_once_asked_and_not_before(one_way: Story):
    reference = await one_way.raises()
    assert (await one_way.types(ELIF, f"show {reference}")).startswith(NOTHING)

    await one_way.asks_for_more(ASHA, reference)
    for who in (ELIF, FINN, CARA):
        assert ASKED["ask"] in await one_way.types(who, f"show {reference}")
    assert (await one_way.types(HUGO, f"show {reference}")).startswith(NOTHING)


# The App Home


async def test_the_home_says_what_awaits_me(two_ways: Story):
    reference = await two_ways.raises()

    ben = (await two_ways.looks_home(BEN)).words
    assert ben.index("What awaits me") < ben.index(reference) < ben.index("My other open")
    asha = (await two_ways.looks_home(ASHA)).words
    assert asha.index("My other open challenges") < asha.index(reference)
    assert "Nothing awaits you just now." in asha
    assert ASKED["ask"] not in ben
    for words in ("How to challenge well.", "How to be challenged well.", "call 999 now"):
        assert words in asha


@pytest.mark.parametrize("who", [ELIF, FINN], ids=["the manager", "the deputy"])
async def test_whoever_may_accept_does_so_from_the_home(one_way: Story, who: str):
    reference = await one_way.raises()
    await one_way.asks_for_more(ASHA, reference)
    home = await one_way.looks_home(who)
    assert home.words.index("What awaits me") < home.words.index(reference)
    seat = one_way.person(who)
    await seat.presses("Accept escalation")
    assert seat.view.title == "Accept escalation"
    await one_way.answers(who, line="I will ring both today.")

    assert [one.person for one in (await one_way.challenge(reference)).accepted] == [who]


async def test_a_closed_challenge_is_shown_among_the_closed_ones_once_it_is_signed(one_way: Story):
    reference = await one_way.raises()
    await one_way.settles(reference)
    home = (await one_way.looks_home(BEN)).words
    assert "For you to do:* sign the record." in home[: home.index("What I agreed to do")]
    assert "Tick an action off" in one_way.person(BEN).home.buttons

    await one_way.person(BEN).presses("Sign the record")
    await one_way.answers(BEN, agrees="Yes, I sign it")

    home = (await one_way.looks_home(BEN)).words
    assert reference in home[home.index("Closed lately") :]


# Canaries


def recipients(story: Story, call: Any) -> Iterator[str]:
    """Everyone who could read what that call carried."""
    given = call.payload
    if given.get("user"):  # an ephemeral message
        yield str(given["user"])
    elif given.get("user_id"):  # an App Home
        yield str(given["user_id"])
    elif given.get("channel"):
        where = str(given["channel"])
        yield from [where] if where.startswith("U") else story.sandbox.channel(where).members
    elif given.get("trigger_id"):
        yield from (
            str(r.payload["user"]["id"] if "user" in r.payload else r.payload["user_id"])
            for r in story.sandbox.wire
            if r.direction == TO_BOT and r.payload.get("trigger_id") == given["trigger_id"]
        )
    elif given.get("view_id"):
        yield from (
            str(r.payload["user"]["id"])
            for r in story.sandbox.wire
            if r.direction == TO_BOT and (r.payload.get("view") or {}).get("id") == given["view_id"]
        )
    else:
        yield "nobody knows"


async def test_what_is_typed_never_leaves_for_anybody_not_on_it(
    two_ways: Story, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
):
    caplog.set_level("DEBUG")
    fields = ("decision", "why", "meanwhile", "ask", "reference")
    words: dict[str, Any] = {name: canary(name) for name in fields}
    reference = await two_ways.raises(**words)
    ts = await two_ways.says(ASHA, reference, canary("said"))
    await two_ways.person(ASHA).edits(two_ways.channel(reference).id, ts, canary("edited"))
    await two_ways.says(BEN, reference, canary("reply"), thread_ts=ts)
    await two_ways.opens(ASHA, reference, "Ask for the next stage")
    await two_ways.answers(ASHA, because=canary("because"))
    for who in (FINN, ELIF):
        await two_ways.opens(who, reference, "I am not the right person")
        await two_ways.answers(who, because=canary("declined"))
    await two_ways.accepts(HUGO, reference, canary("line"))
    await two_ways.opens(CARA, reference, "Someone may be at risk")
    await two_ways.answers(CARA, because=canary("risk"), done=canary("done"))
    await two_ways.opens(BEN, reference, "Propose how it is settled")
    await two_ways.answers(BEN, outcome="We agreed a plan", how=canary("how"))
    await two_ways.answers(BEN, **{"what.1": canary("what"), "who.1": BEN, "by.1": "2026-03-20"})
    await two_ways.answers(BEN)
    for who in (ASHA, BEN, LENA, IMANI, JOAN):
        await two_ways.looks_home(who)
        await two_ways.types(who, "list")
        await two_ways.types(who, f"show {reference}")
    await two_ways.presses(ASHA, reference, "Confirm it is settled")

    challenge = await two_ways.challenge(reference)
    allowed = {*challenge.everyone, FINN, ELIF, two_ways.sandbox.bot_user_id}
    carried = 0
    for call in (r for r in two_ways.sandbox.wire if r.direction == TO_SLACK):
        if CANARY in json.dumps(call.payload):
            carried += 1
            assert set(recipients(two_ways, call)) <= allowed, call
            assert not str(call.payload.get("channel", "")).startswith(("U", "D")), call
            assert CANARY not in str(call.payload.get("metadata"))
            assert call.method not in {"conversations.create", "conversations.setTopic"}
    assert carried

    for record in (r for r in two_ways.sandbox.wire if r.direction == TO_BOT and r.answer):
        if CANARY in json.dumps(record.answer):
            who = record.payload.get("user_id") or record.payload["user"]["id"]
            assert who in allowed
    for channel in two_ways.sandbox.channels():
        assert CANARY not in f"{channel.name} {channel.topic} {channel.purpose}"
    for seat in two_ways.sandbox.people():
        if seat.id not in allowed:
            assert CANARY not in str(seat.snapshot())
        assert CANARY not in "".join(m.words for m in seat.direct_messages() if not m.is_ephemeral)
    printed = capfd.readouterr()
    assert CANARY not in printed.out + printed.err
    assert CANARY not in caplog.text


async def test_what_is_typed_is_not_in_a_log_when_the_bot_errs(
    each_database: Story, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
):
    caplog.set_level("DEBUG")
    reference = await each_database.raises(decision=canary("decision"))
    await each_database.opens(BEN, reference, "Propose how it is settled")
    async with each_database.trouble():
        view = await each_database.answers(BEN, outcome="We agreed a plan", how=canary("how"))
    async with each_database.trouble("entry"):
        seat = each_database.person(ASHA)
        await seat.says(each_database.channel(reference).id, canary("said"))

    assert "something went wrong on our side" in "".join(view.errors.values())
    await each_database.settled()
    printed = capfd.readouterr()
    assert CANARY not in printed.out + printed.err
    assert CANARY not in caplog.text
