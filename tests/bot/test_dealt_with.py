"""A question that is dealt with loses its buttons in Slack, whatever Slack makes of it."""

import pytest

from bot.wiring import Bot
from challenge import agreement
from challenge.model import Challenge, Notice, Told
from sandbox import Channel, Message, Sandbox
from tests.bot.conftest import (
    ON_BOTH,
    all_sent,
    channel_of,
    posted_in,
    put_off,
    raised,
    risk,
    tell,
)
from tests.bot.dying import followed_by_an_heir
from tests.bot.waiting import eventually
from tests.makers import U_CHALLENGED, U_RAISER, a_concern


async def asked(bot: Bot, sandbox: Sandbox) -> tuple[Challenge, Channel, Message]:
    """A challenge with a date proposed in its channel."""
    challenge = await raised(bot)
    await all_sent(bot)
    proposed = await proposes(bot, challenge)
    await all_sent(bot)
    channel = channel_of(sandbox, challenge)
    return proposed, channel, posted_in(channel)[-1]


async def proposes(bot: Bot, challenge: Challenge) -> Challenge:
    return await bot.casework.carry_out(
        agreement.propose_date, challenge.id, by=U_RAISER, day=challenge.due.date()
    )


async def answered(bot: Bot, challenge: Challenge) -> None:
    await bot.casework.carry_out(agreement.accept_date, challenge.id, by=U_CHALLENGED)


def buttons(channel: Channel, ts: str) -> list[str]:
    message = channel.find(ts)
    assert message is not None
    rows = [block for block in message.blocks if block["type"] == "actions"]
    return [element["text"]["text"] for row in rows for element in row["elements"]]


def updates(sandbox: Sandbox, ts: str) -> int:
    return sum(call.payload["ts"] == ts for call in sandbox.calls("chat.update"))


async def test_what_was_asked_stays_readable_and_cannot_be_pressed(bot, sandbox):
    challenge, channel, question = await asked(bot, sandbox)
    before = question.text
    assert "Accept the date" in buttons(channel, question.ts)

    await answered(bot, challenge)
    await all_sent(bot)

    assert buttons(channel, question.ts) == []
    assert question.text.startswith(f"{before} This waits no longer:")
    assert updates(sandbox, question.ts) == 1
    assert await bot.outbox.questions(challenge.id) == []


async def test_a_question_whose_post_was_doubtful_and_was_found_loses_its_buttons_too(bot, sandbox):
    challenge = await raised(bot)
    await all_sent(bot)
    sandbox.faults.add("chat.postMessage", "drop_after")

    await proposes(bot, challenge)
    await all_sent(bot)
    await answered(bot, challenge)
    await all_sent(bot)

    channel = channel_of(sandbox, challenge)
    assert "This waits no longer" in "".join(m.text for m in posted_in(channel))
    assert [buttons(channel, m.ts) for m in posted_in(channel)[1:]] == [[], []]


async def test_of_a_doubtful_post_no_word_is_kept_that_anybody_wrote(bot, sandbox):
    challenge = await raised(bot, concern=a_concern(ask="Call the grandmother", meanwhile=""))
    await all_sent(bot)
    channel = channel_of(sandbox, challenge)
    sandbox.faults.add("chat.postMessage", "drop_after")

    await tell(bot, challenge, Notice(Told.REMINDER, mark=U_CHALLENGED))
    await all_sent(bot)

    [reminder] = [m for m in posted_in(channel) if m.text.startswith("Reminder")]
    assert "Call the grandmother" in reminder.text
    [question] = await bot.outbox.questions(challenge.id)
    assert question.ts == reminder.ts
    assert question.said.startswith("Reminder about")
    assert "grandmother" not in question.said


async def test_a_question_that_still_waits_is_left_alone(bot, sandbox):
    challenge, channel, question = await asked(bot, sandbox)

    await tell(bot, challenge, risk())
    await all_sent(bot)

    assert updates(sandbox, question.ts) == 0
    assert "Accept the date" in buttons(channel, question.ts)


async def test_a_question_that_is_asked_again_waits_in_the_newest_message_alone(bot, sandbox):
    challenge, channel, question = await asked(bot, sandbox)

    await tell(bot, challenge, Notice(Told.DATE_PROPOSED, about=U_RAISER))
    await all_sent(bot)

    newest = posted_in(channel)[-1]
    assert buttons(channel, question.ts) == []
    assert "Accept the date" in buttons(channel, newest.ts)


async def test_a_question_whose_message_is_gone_is_no_failure(bot, sandbox):
    challenge, channel, question = await asked(bot, sandbox)
    await bot.client.chat_delete(channel=channel.id, ts=question.ts)

    await answered(bot, challenge)
    await all_sent(bot)

    assert await bot.outbox.dead() == []
    assert await bot.outbox.questions(challenge.id) == []


async def test_a_question_to_somebody_whose_account_is_closed_holds_nothing_up(bot, sandbox):
    challenge, _, _ = await asked(bot, sandbox)
    await tell(bot, challenge, Notice(Told.DATE_PROPOSED, to=U_CHALLENGED, about=U_RAISER))
    await all_sent(bot)
    question = sandbox.person(U_CHALLENGED).direct_messages()[-1]
    sandbox.faults.add(
        "chat.update", "answer", error="account_inactive", channel=question.channel, times=None
    )

    await answered(bot, challenge)
    await all_sent(bot)

    assert bot.courier.stuck_on is None
    assert await bot.outbox.questions(challenge.id) == []


async def test_while_an_old_message_cannot_be_altered_new_ones_go_out(bot, sandbox):
    challenge, channel, question = await asked(bot, sandbox)
    sandbox.faults.add("chat.update", "error", status=503, times=None)
    posted = len(posted_in(channel))

    await tell(bot, challenge, risk())
    await eventually(lambda: len(posted_in(channel)) > posted)
    await bot.casework.carry_out(agreement.accept_date, challenge.id, by=U_CHALLENGED)
    await put_off(bot, Told.DEALT_WITH)
    assert buttons(channel, question.ts)
    sandbox.faults.clear()
    await all_sent(bot)

    assert buttons(channel, question.ts) == []
    assert await bot.outbox.dead() == []


@pytest.mark.parametrize("point", ["out.before_post", "out.after_post"])
@ON_BOTH
async def test_the_buttons_go_although_the_courier_died(another_bot, sandbox, point):
    bot = another_bot()
    await bot.start()
    challenge, channel, question = await asked(bot, sandbox)
    async with followed_by_an_heir(bot, point):
        await answered(bot, challenge)

    assert buttons(channel, question.ts) == []
    assert len({m.ts for m in posted_in(channel)}) == len(posted_in(channel)) == 3
