"""The scribe: many people's words in one transaction, and nobody's lost for another's sake."""

import asyncio
from collections.abc import Sequence

import pytest

from challenge.model import Entry, Happened, PersonId
from challenge.scribe import MOST_AT_ONCE, Note, Scribe


class Unreadable(Exception):
    """What a database might raise."""


class Book:
    """Where notes go in these tests: opens when it is told to, and cannot bear some of them."""

    def __init__(self, *poison: str, is_open: bool = True) -> None:
        self.poison = set(poison)
        self.pages: list[list[str]] = []
        self.refused = 0
        self.begun, self.opened = asyncio.Event(), asyncio.Event()
        if is_open:
            self.opened.set()

    async def open(self) -> None:
        self.opened.set()

    async def write(self, notes: Sequence[Note]) -> None:
        self.begun.set()
        await self.opened.wait()
        if any(note.heard in self.poison for note in notes):
            self.refused += 1
            raise Unreadable
        self.pages.append([note.heard for note in notes])

    @property
    def written(self) -> list[str]:
        return [heard for page in self.pages for heard in page]


def a_note(heard: str) -> Note:
    return Note(heard, 7, Entry(Happened.SAID, PersonId("URAISER"), "", {"Message": heard}))


async def note_all(scribe: Scribe, *heard: str) -> list[BaseException | None]:
    return await asyncio.gather(
        *(scribe.note(a_note(one)) for one in heard), return_exceptions=True
    )


async def test_whoever_notes_hears_back_once_it_is_written():
    book = Book(is_open=False)
    waiting = asyncio.create_task(Scribe(book.write).note(a_note("one")))
    await book.begun.wait()
    assert not waiting.done()

    book.opened.set()
    await waiting

    assert book.written == ["one"]


async def test_what_arrives_while_a_page_is_written_goes_onto_the_next_together():
    book = Book(is_open=False)
    scribe = Scribe(book.write)
    first = asyncio.create_task(scribe.note(a_note("first")))
    await book.begun.wait()

    await asyncio.gather(first, *(scribe.note(a_note(one)) for one in "abc"), book.open())

    assert book.pages == [["first"], ["a", "b", "c"]]


async def test_no_page_is_longer_than_the_most_at_once():
    book = Book()
    heard = [str(number) for number in range(2 * MOST_AT_ONCE + 1)]

    await note_all(Scribe(book.write), *heard)

    assert [len(page) for page in book.pages] == [MOST_AT_ONCE, MOST_AT_ONCE, 1]
    assert book.written == heard


async def test_one_poison_note_does_not_keep_the_others_out():
    book = Book("poison")

    answers = await note_all(Scribe(book.write), "a", "poison", "b")

    assert book.written == ["a", "b"]
    assert [type(answer) for answer in answers] == [type(None), Unreadable, type(None)]
    assert book.refused == 2


async def test_a_poison_note_alone_is_tried_once_and_refused():
    book = Book("poison")

    with pytest.raises(Unreadable):
        await Scribe(book.write).note(a_note("poison"))

    assert book.refused == 1


async def test_after_a_failure_the_scribe_goes_on():
    book = Book("poison")
    scribe = Scribe(book.write)
    await note_all(scribe, "poison")

    await scribe.note(a_note("after"))

    assert book.written == ["after"]


async def test_a_word_repeated_by_slack_is_handed_on_and_both_callers_are_answered():
    book = Book()

    answers = await note_all(Scribe(book.write), "same", "same")

    assert answers == [None, None]
    assert book.written == ["same", "same"]


@pytest.mark.parametrize("poison", [(), ("given up",)])
async def test_whoever_stops_waiting_keeps_nobody_else_from_hearing(poison):
    book = Book(*poison, is_open=False)
    scribe = Scribe(book.write)
    gone = asyncio.create_task(scribe.note(a_note("given up")))
    stays = asyncio.create_task(scribe.note(a_note("stays")))
    await book.begun.wait()
    gone.cancel()

    book.opened.set()
    await stays

    assert "stays" in book.written
    with pytest.raises(asyncio.CancelledError):
        await gone
