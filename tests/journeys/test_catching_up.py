"""What is said while the bot is away is on record once it is back, and only once."""

from pathlib import Path

from slack_sdk.web.async_client import AsyncWebClient

from bot.catch_up import A_PAGE, catch_up
from bot.wiring import build
from challenge.model import Happened
from handlers.messages import note_message
from tests.journeys.story import ASHA, BEN, Story, eventually


async def test_what_was_said_while_the_bot_was_away_is_read_from_the_channel(
    one_way: Story, tmp_path: Path
):
    story = one_way
    reference = await story.raises()
    channel = story.channel(reference).id
    first = await story.person(ASHA).says(channel, "Before.")
    await story.settled()
    await story.bot.stop()
    story.sandbox.faults.silence()
    await story.person(BEN).says(channel, "While it was away.")
    reply = await story.person(BEN).says(channel, "A reply, too.", thread_ts=first)
    await story.person(ASHA).edits(channel, first, "Before, and edited while away.")
    story.sandbox.faults.clear()

    story.bot = build(story.bot.settings, clock=story.clock, pace=0.0)
    await story.bot.start()

    async def is_all_there() -> bool:
        return len(await _said(story, reference)) >= 4

    await eventually(is_all_there)
    said = await _said(story, reference)
    assert said.count((Happened.SAID, "Before.")) == 1
    assert said.count((Happened.SAID, "While it was away.")) == 1
    assert said.count((Happened.EDITED, "Before, and edited while away.")) == 1
    assert said.count((Happened.SAID, "A reply, too.")) == 1
    assert reply


async def test_an_edit_read_back_does_not_stand_in_for_the_first_words(
    one_way: Story, tmp_path: Path
):
    story = one_way
    reference = await story.raises()
    channel = story.channel(reference).id
    await story.bot.stop()
    story.sandbox.faults.silence()
    written = await story.person(BEN).says(channel, "She was not seen.")
    await story.person(BEN).edits(channel, written, "She was seen.")
    story.sandbox.faults.clear()

    story.bot = build(story.bot.settings, clock=story.clock, pace=0.0)
    await story.bot.start()
    edit = (Happened.EDITED, "She was seen.")

    async def is_there() -> bool:
        return edit in await _said(story, reference)

    await eventually(is_there)
    first = {"channel": channel, "user": BEN, "ts": written, "text": "She was not seen."}
    await note_message(first, story.bot.casework)  # Slack repeats itself at last
    said = await _said(story, reference)
    assert said.count(edit) == 1
    assert said.count((Happened.SAID, "She was not seen.")) == 1
    assert (Happened.SAID, "She was seen.") not in said


async def test_new_words_to_an_old_message_are_read_back_however_many_there_are(one_way: Story):
    story = one_way
    reference = await story.raises()
    channel = story.channel(reference).id
    old = await story.says(ASHA, reference, "An old message.")
    other = await story.says(ASHA, reference, "Another old one.")
    await story.says(BEN, reference, "The last on record.")
    await story.bot.stop()
    story.sandbox.faults.silence()
    for number in range(A_PAGE + 1):
        await story.person(BEN).says(channel, f"Reply {number}", thread_ts=old)
    await story.person(ASHA).edits(channel, other, "Another old one, edited while away.")
    story.sandbox.faults.clear()

    story.bot = build(story.bot.settings, clock=story.clock, pace=0.0)
    slack = AsyncWebClient(token=story.sandbox.bot_token, base_url=story.sandbox.api_url)
    await catch_up(story.bot.casework, slack, overlap=0.0)

    said = await _said(story, reference)
    replies = [words for _, words in said if words.startswith("Reply ")]
    assert replies == [f"Reply {number}" for number in range(A_PAGE + 1)]
    assert said.count((Happened.EDITED, "Another old one, edited while away.")) == 1
    assert said.count((Happened.SAID, "An old message.")) == 1


async def _said(story: Story, reference: str) -> list[tuple[Happened, str]]:
    return [
        (r.entry.kind, r.entry.words["Message"])
        for r in await story.record(reference)
        if "Message" in r.entry.words
    ]
