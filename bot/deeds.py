"""Deeds: what each kind of parcel makes happen in Slack; doing it twice does no harm."""

import re
import secrets
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Protocol, TypeVar

import structlog
from slack_sdk.errors import SlackApiError, SlackRequestError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from blocks import card, invitation, notices
from blocks.layout import Message
from blocks.occasion import Occasion
from bot.alarm import Clock
from challenge import space
from challenge.aftercare import listener
from challenge.casework import Casework, Shelf
from challenge.directory import Directory
from challenge.invitation import for_calendars
from challenge.model import Challenge, Entry, PersonId, Told
from challenge.moment import Moment
from challenge.refusals import AlreadyHeard
from storage.outbox import Outbox, Parcel, Question

log = structlog.get_logger()

Call = Callable[..., Awaitable[AsyncSlackResponse]]
"""One of the client's methods."""

# A post whose outcome is unknown is looked for from a little before it was first tried, because
# Slack's clock is not ours.
SKEW = timedelta(seconds=60)
# How Slack's ids of people begin; a channel's begin otherwise.
A_PERSON = ("U", "W")
WAIT_FOR_THE_LINK = timedelta(seconds=15)
PAGE = 200
Drawn = TypeVar("Drawn")
RATE_LIMITED = frozenset({"ratelimited", "rate_limited"})
IN_ALREADY = frozenset({"already_in_channel", "cant_invite_self"})
# Slack could not say whether it was done.
DOUBTFUL = frozenset(
    {"internal_error", "fatal_error", "service_unavailable", "request_timeout", "service_timeout"}
)
# Nothing about this message: somebody has to put the app's installation right.
OPERATOR = frozenset(
    {
        "invalid_auth",
        "not_authed",
        "token_revoked",
        "token_expired",
        "account_inactive",
        "org_login_required",
        "team_added_to_org",
        "accesslimited",
    }
)
CARD_GONE = frozenset(
    {
        "message_not_found",
        "cant_update_message",
        "cant_update",
        "edit_window_closed",
        "block_mismatch",
    }
)
NOT_INVITED = {
    "cant_invite": "Slack does not allow this person to be invited",
    "user_is_restricted": "they are a guest, and guests cannot be added to this channel",
    "ura_max_channels": "they are a guest who may be in one channel only",
    "user_not_found": "Slack does not know this person",
    "no_user": "Slack does not know this person",
    "user_disabled": "their Slack account is closed",
    "user_team_not_in_channel": "they belong to another workspace",
    "user_team_not_in_grid": "they belong to another organisation's Slack",
    "org_user_not_in_team": "they are not in this workspace yet",
    "org_user_cannot_join_channel": "their organisation's Slack does not allow it",
    "invitee_cant_see_channel": "they cannot see channels of this workspace",
    "no_external_invite_permission": "they are outside this workspace, and it may not invite them",
    "external_channel_migrating": "Slack is moving this channel at the moment",
    "no_permission": "the workspace does not let the bot invite people",
    "restricted_action": "the workspace does not let the bot invite people",
    "not_in_channel": "the bot is no longer in the channel",
    "channel_not_found": "the bot is no longer in the channel",
    "is_archived": "the channel is archived",
    "too_many_members": "the channel is full",
}
# What Slack says of somebody who is in the channel no more.
OUT_ALREADY = frozenset({"not_in_channel", "user_not_found"})
NOT_TAKEN_OUT = {
    "cant_kick_self": "the bot does not put itself out",
    "cant_kick_from_general": "nobody can be taken out of this channel",
    "cant_kick_owner": "they own this workspace, so Slack does not allow it",
    "restricted_action": "the workspace does not let the bot take people out",
    "no_permission": "the workspace does not let the bot take people out",
    "missing_scope": "the app was installed without the right to take people out",
    "not_supported": "Slack does not allow it in this channel",
    "method_not_supported_for_channel_type": "Slack does not allow it in this channel",
    "channel_not_found": "the bot is no longer in the channel",
    "is_archived": "the channel is archived",
}
_KNOWN_NAME = "{base}(-[0-9a-f]{{4}})?"


class NotYet(Exception):
    """Something has to happen first, or Slack asked to be left alone: wait that many seconds.

    `begun` when something was posted already, so that it is looked for and not posted again.
    """

    def __init__(self, seconds: float, why: str, *, begun: bool = False) -> None:
        super().__init__(why)
        self.seconds = seconds
        self.why = why
        self.begun = begun


class NotOurs(Exception):
    """Our hold on the parcel is over, or nearly: whoever holds it next does the deed."""


class NotDrawn(Exception):
    """A card could not be drawn: a mistake in our own code, which no repetition mends."""


class NoLongerKept(Exception):
    """The challenge is gone, so there is nothing to tell of it."""


@dataclass(frozen=True)
class Posted:
    """Where Slack put it; both are None for what is not a message.

    `said` when its buttons wait for an answer, and the version of the challenge it was `drawn`
    from. One that an earlier try left may be of any, so that is 0, and what it said is put in
    today's words, if it still asks: in Slack there may be more in it than words of our own.
    """

    channel: str | None = None
    ts: str | None = None
    said: str | None = None
    drawn: int = 0


@dataclass(frozen=True)
class Case:
    """Everything a parcel is drawn from, read at one moment."""

    challenge: Challenge
    directory: Directory
    entry: Entry | None
    moment: Moment

    @property
    def channel(self) -> str:
        """The challenge's own channel; raises NotYet until Slack has made it."""
        if self.challenge.space is None:
            raise NotYet(5, "the channel is not open yet")
        return self.challenge.space.channel


class Errand(Protocol):
    """One parcel under way: what the courier lends to the deed."""

    parcel: Parcel

    async def create(self, method: Call, **facts: Any) -> AsyncSlackResponse:
        """A call that makes something; raises NotOurs when our hold on the parcel is too short."""

    async def ask(self, method: Call, **facts: Any) -> AsyncSlackResponse:
        """A call that may be repeated."""


class Line:
    """The line to Slack: a method that Slack asked us to leave alone rests, and only that one."""

    def __init__(self) -> None:
        self._rests: dict[str, float] = {}

    async def call(self, method: Call, **facts: Any) -> AsyncSlackResponse:
        name = getattr(method, "__name__", "")
        left = self._rests.get(name, 0.0) - time.monotonic()
        if left > 0:
            raise NotYet(left, "ratelimited")
        try:
            return await method(**facts)
        except SlackApiError as no:
            if asks_for_rest(no):
                self._rests[name] = time.monotonic() + rest_asked(no)
            raise


class Deeds:
    """Does what a parcel asks for; raises what Slack or the network said when it could not."""

    def __init__(
        self,
        casework: Casework,
        client: AsyncWebClient,
        clock: Clock,
        outbox: Outbox,
    ) -> None:
        self._casework = casework
        self._client = client
        self._clock = clock
        self._outbox = outbox
        self._own: str | None = None
        self._by_kind = {
            Told.OPEN_SPACE: self._open_space,
            Told.INVITE: self._invite,
            Told.TAKE_OUT: self._take_out,
            Told.ARCHIVE_SPACE: self._archive,
            Told.CARD: self._show_card,
            Told.DEALT_WITH: self._take_buttons_away,
            Told.OFFER_ACT: self._offer_act,
            Told.MEETING_FILE: self._share_file,
            Told.CONFIDED: self._tell_confided,
        }

    async def do(self, errand: Errand) -> Posted:
        case = await self._case(errand.parcel)
        return await self._by_kind.get(errand.parcel.kind, self._tell)(errand, case)

    async def say_undelivered(self, parcel: Parcel, why: str) -> None:
        """Puts on record that somebody could not be told, and tells the coordinators."""
        await self._once(parcel, space.undelivered, what=parcel.kind.value, why=why)

    async def send_back(self, parcel: Parcel) -> bool:
        """From now on the parcel goes to whoever confided it; False when it does already."""
        return await self._casework.return_confidence(parcel.challenge_id, parcel.mark)

    # What is told

    async def _tell(self, errand: Errand, case: Case) -> Posted:
        self._wait_for_the_link(errand.parcel, case)
        message = _drawn(notices.draw, errand.parcel.kind, _occasion(errand.parcel, case))
        where = errand.parcel.to or case.channel
        return await self._post(errand, where, message, case.challenge.version)

    def _wait_for_the_link(self, parcel: Parcel, case: Case) -> None:
        """A direct message leads to the channel, so it waits a moment for it; not for ever."""
        fresh = self._clock.now() - parcel.written < WAIT_FOR_THE_LINK
        if parcel.to and case.challenge.awaits_space and fresh:
            raise NotYet(0.5, "the channel is not open yet")

    async def _tell_confided(self, errand: Errand, case: Case) -> Posted:
        """To the listener; or to whoever confided it, once Slack has refused the listener.

        It is not kept where that was posted, for that would say who they are.
        """
        returned = await self._casework.returned(case.challenge.id)
        mine = next((one for one in returned if one.id == errand.parcel.mark), None)
        if mine is None:
            return await self._tell(errand, case)
        instead = listener(case.challenge, case.directory, returned) or ""
        told = replace(_occasion(errand.parcel, case), to=mine.by, about=mine.to, mark=instead)
        await self._post(errand, mine.by, _drawn(notices.draw, Told.CONFIDED_BACK, told))
        return Posted()

    async def _offer_act(self, errand: Errand, case: Case) -> Posted:
        """A private button in the channel; a direct message for someone who is not there."""
        parcel = errand.parcel
        message = _drawn(notices.draw, parcel.kind, _occasion(parcel, case))
        try:
            # Never looked for: it cannot be found again, and a second one does no harm.
            await errand.create(
                self._client.chat_postEphemeral,
                channel=case.channel,
                user=str(parcel.to),
                **_content(message),
            )
        except SlackApiError as no:
            if code_of(no) not in {"user_not_in_channel", "not_in_channel", "channel_not_found"}:
                raise
            return await self._post(errand, str(parcel.to), message, case.challenge.version)
        return Posted()

    async def _share_file(self, errand: Errand, case: Case) -> Posted:
        """The meeting's newest calendar file, put in the channel; one that is there will do."""
        meeting = for_calendars(case.challenge)
        if meeting is None or errand.parcel.mark not in {"", str(meeting.fixings)}:
            return Posted()
        name = invitation.file_name(case.challenge)
        if errand.parcel.unsure and await self._has_file(errand, case.channel, name):
            return Posted()
        await self._upload(errand, case, name)
        return Posted()

    async def _upload(self, errand: Errand, case: Case, name: str) -> None:
        content = _drawn(invitation.calendar_file, case.challenge, case.moment)
        try:
            await errand.create(
                self._client.files_upload_v2,
                channel=case.channel,
                filename=name,
                title=name,
                content=content,
            )
        except SlackRequestError:
            # The bytes did not arrive, so nothing was shared.
            raise NotYet(5, "the file did not arrive", begun=True) from None

    async def _has_file(self, errand: Errand, channel: str, name: str) -> bool:
        async for message in self._since_first_try(errand, channel):
            if any(file.get("name") == name for file in message.get("files") or ()):
                return True
        return False

    async def _show_card(self, errand: Errand, case: Case) -> Posted:
        """The one card of a challenge is brought up to date, or posted anew if it was deleted."""
        message = _drawn(card.draw, case.challenge, case.directory)
        last = await self._outbox.last_sent(case.challenge.id, Told.CARD)
        here = last is not None and last[0] == case.channel
        if last and here and await self._updated(errand, *last, message):
            return Posted(*last)
        posted = await self._post(errand, case.channel, message)
        await self._pin(errand, posted)
        return Posted(posted.channel, posted.ts)

    async def _take_buttons_away(self, errand: Errand, case: Case) -> Posted:
        """What is dealt with keeps its words and loses its buttons, wherever it stands."""
        asked = await self._outbox.questions(case.challenge.id)
        over = [one for one in asked if not _drawn_again(one, case, None).asks]
        entries = await self._entries(case.challenge.id) if over else {}
        for one in over:
            message = _drawn_again(one, case, entries.get(one.parcel.entry))
            await self._alter(errand, one, message)
            await self._outbox.dealt_with(one)
        return Posted()

    async def _alter(self, errand: Errand, asked: Question, message: Message) -> None:
        """To do it twice does no harm. Where Slack will not, nothing is left to be pressed."""
        place = {"channel": asked.channel, "ts": asked.ts}
        try:
            await errand.create(self._client.chat_update, **place, **_content(message))
        except SlackApiError as no:
            # The last is said of whoever's account is closed, too.
            closed = asked.parcel.to is not None and code_of(no) == "account_inactive"
            if not is_final(no) and not closed:
                raise
            log.info("left as it was", challenge=asked.parcel.challenge_id, why=word_for(no))

    async def _entries(self, challenge_id: int) -> dict[int | None, Entry]:
        chronology = await self._casework.chronology(challenge_id)
        return {kept.number: kept.entry for kept in chronology}

    async def _updated(self, errand: Errand, channel: str, ts: str, message: Message) -> bool:
        try:
            await errand.ask(self._client.chat_update, channel=channel, ts=ts, **_content(message))
        except SlackApiError as no:
            if code_of(no) in CARD_GONE:
                return False
            raise
        return True

    async def _pin(self, errand: Errand, posted: Posted) -> None:
        try:
            await errand.ask(
                self._client.pins_add, channel=str(posted.channel), timestamp=posted.ts
            )
        except NotYet as rest:
            raise NotYet(rest.seconds, rest.why, begun=True) from None
        except SlackApiError as no:
            if asks_for_rest(no) or status_of(no) >= 500:
                raise NotYet(rest_asked(no), word_for(no), begun=True) from None
            # A card that cannot be pinned is still a card.
            log.warning("card not pinned", challenge=errand.parcel.challenge_id, why=word_for(no))

    async def _post(self, errand: Errand, where: str, message: Message, drawn: int = 0) -> Posted:
        found = await self._find(errand, where, message) if errand.parcel.unsure else None
        if found:
            return found
        answer = await errand.create(
            self._client.chat_postMessage,
            channel=where,
            metadata={
                "event_type": "challenge_notice",
                "event_payload": {"key": errand.parcel.key},
            },
            unfurl_links=False,
            unfurl_media=False,
            **_content(message),
        )
        return Posted(str(answer["channel"]), str(answer["ts"]), message.asks or None, drawn)

    async def _find(self, errand: Errand, where: str, drawn: Message) -> Posted | None:
        """The message that an earlier try may have left, recognised by its key."""
        channel = where
        if where.startswith(A_PERSON):
            opened = await errand.ask(self._client.conversations_open, users=where)
            channel = str(opened["channel"]["id"])
        async for message in self._since_first_try(errand, channel, include_all_metadata=True):
            if _key_of(message) == errand.parcel.key:
                asks = _has_buttons(message) and not drawn.lasting
                return Posted(channel, str(message["ts"]), drawn.asks if asks else None)
        return None

    # The space

    async def _open_space(self, errand: Errand, case: Case) -> Posted:
        if not case.challenge.awaits_space:
            return Posted()
        made = await self._made_channel(errand, case.challenge)
        await self._name_topic(errand, made["id"], case.challenge)
        await self._once(errand.parcel, space.opened, channel=made["id"], name=made["name"])
        return Posted()

    async def _made_channel(self, errand: Errand, challenge: Challenge) -> dict[str, Any]:
        name = f"challenge-{challenge.reference.lower()}"
        if errand.parcel.unsure and (ours := await self._lost_channel(errand, name)):
            return ours
        try:
            return await self._new_channel(errand, name)
        except SlackApiError as no:
            if code_of(no) != "name_taken":
                raise
        # Somebody else's channel is never adopted, whatever it is called.
        return await self._lost_channel(errand, name) or await self._new_channel(
            errand, f"{name}-{secrets.token_hex(2)}"
        )

    async def _new_channel(self, errand: Errand, name: str) -> dict[str, Any]:
        answer = await errand.create(self._client.conversations_create, name=name, is_private=True)
        return dict(answer["channel"])

    async def _lost_channel(self, errand: Errand, name: str) -> dict[str, Any] | None:
        """A channel that we made and never heard of: ours, of that name, new, empty and unused."""
        pattern = re.compile(_KNOWN_NAME.format(base=re.escape(name)))
        async for page in self._pages(
            errand,
            self._client.users_conversations,
            types="private_channel",
            exclude_archived=True,
        ):
            for channel in page["channels"]:
                if pattern.fullmatch(channel["name"]) and await self._is_lost(errand, channel):
                    return dict(channel)
        return None

    async def _is_lost(self, errand: Errand, channel: dict[str, Any]) -> bool:
        answer = await errand.ask(
            self._client.conversations_info, channel=channel["id"], include_num_members=True
        )
        about = answer["channel"]
        return (
            about["creator"] == await self._ourselves(errand)
            and about["created"] >= self._tried_since(errand.parcel).timestamp()
            and about["num_members"] == 1
            and await self._casework.challenge_in(channel["id"]) is None
        )

    async def _name_topic(self, errand: Errand, channel: str, challenge: Challenge) -> None:
        topic = f"Professional challenge {challenge.reference}. What is said here is on the record."
        try:
            await errand.ask(self._client.conversations_setTopic, channel=channel, topic=topic)
        except (SlackApiError, NotYet) as no:
            # A channel without a topic is still the channel.
            log.warning("topic not set", challenge=challenge.id, why=word_for(no))

    async def _invite(self, errand: Errand, case: Case) -> Posted:
        person = errand.parcel.about
        if person in case.challenge.out:
            return Posted()  # set aside before they were let in
        try:
            await errand.create(
                self._client.conversations_invite, channel=case.channel, users=str(person)
            )
        except SlackApiError as no:
            if not await self._is_in(errand.parcel, person, no):
                return Posted()
        if person and space.awaits(case.challenge, person):
            await self._once(errand.parcel, space.reached, person=person)
        return Posted()

    async def _is_in(self, parcel: Parcel, person: PersonId | None, no: SlackApiError) -> bool:
        """Whether Slack said no because they are in already; else the no is put on record."""
        code = _persons_code(no)
        if code in IN_ALREADY:
            return True
        if code not in NOT_INVITED:
            raise no
        log.warning("not invited", challenge=parcel.challenge_id, why=code)
        await self._once(parcel, space.not_reached, person=person, why=NOT_INVITED[code])
        return False

    async def _take_out(self, errand: Errand, case: Case) -> Posted:
        """Unless they were asked anew meanwhile, and brought in again."""
        person = errand.parcel.about
        if person is None or person not in case.challenge.out:
            return Posted()
        try:
            channel = errand.parcel.mark or case.channel
            await errand.create(self._client.conversations_kick, channel=channel, user=person)
        except SlackApiError as no:
            if not await self._is_out(errand.parcel, person, no):
                return Posted()
        await self._once(errand.parcel, space.taken_out, person=person)
        return Posted()

    async def _is_out(self, parcel: Parcel, person: PersonId, no: SlackApiError) -> bool:
        """Whether Slack said no because they are out already; else the no is put on record."""
        code = code_of(no)
        if code in OUT_ALREADY:
            return True
        if code not in NOT_TAKEN_OUT:
            raise no
        log.warning("not taken out", challenge=parcel.challenge_id, why=code)
        await self._once(parcel, space.stays_in, person=person, why=NOT_TAKEN_OUT[code])
        return False

    async def _archive(self, errand: Errand, case: Case) -> Posted:
        try:
            # It names the channel, for the challenge may have been opened again in a new one.
            channel = errand.parcel.mark or case.channel
            await errand.create(self._client.conversations_archive, channel=channel)
        except SlackApiError as no:
            if code_of(no) != "already_archived":
                raise
        return Posted()

    # What deeds have in common

    async def _case(self, parcel: Parcel) -> Case:
        async with self._casework.files.shelf() as shelf:
            challenge = await shelf.challenge_by_id(parcel.challenge_id)
            if challenge is None:
                raise NoLongerKept
            directory = await shelf.directory()
            entry = await _entry(shelf, parcel)
        return Case(challenge, directory, entry, self._casework.moment(challenge.procedure))

    async def _once(self, parcel: Parcel, rule: Callable[..., Any], **facts: Any) -> None:
        """Carries the rule out for this parcel, however often the parcel comes."""
        heard = f"{parcel.key}:{rule.__name__}"
        try:
            await self._casework.carry_out(rule, parcel.challenge_id, heard=heard, **facts)
        except AlreadyHeard:
            return

    async def _ourselves(self, errand: Errand) -> str:
        if self._own is None:
            self._own = str((await errand.ask(self._client.auth_test))["user_id"])
        return self._own

    async def _pages(
        self, errand: Errand, method: Call, **facts: Any
    ) -> AsyncIterator[AsyncSlackResponse]:
        cursor = None
        while True:
            page = await errand.ask(method, limit=PAGE, cursor=cursor, **facts)
            yield page
            cursor = (page.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return

    async def _since_first_try(
        self, errand: Errand, channel: str, **facts: Any
    ) -> AsyncIterator[dict[str, Any]]:
        """What stands in the channel since this parcel was first tried."""
        oldest = f"{self._tried_since(errand.parcel).timestamp():.6f}"
        history = self._client.conversations_history
        async for page in self._pages(errand, history, channel=channel, oldest=oldest, **facts):
            for message in page["messages"]:
                yield message

    def _tried_since(self, parcel: Parcel) -> datetime:
        """On the clock on the wall, which is Slack's, however ours was moved."""
        return self._clock.on_the_wall(parcel.first_try or self._clock.now()) - SKEW


def kind_for(parcel: Parcel) -> str:
    """What a log may call it: that somebody confided something is called after-care, as is the
    question that both were asked."""
    kind = Told.AFTERCARE if parcel.kind is Told.CONFIDED else parcel.kind
    return kind.value


def code_of(no: SlackApiError) -> str:
    """Slack's word for what was wrong; empty when the answer was not Slack's."""
    data = getattr(no.response, "data", None)
    return str(data.get("error") or "") if isinstance(data, dict) else ""


def status_of(no: SlackApiError) -> int:
    return int(getattr(no.response, "status_code", 0) or getattr(no.response, "status", 0) or 0)


def asks_for_rest(no: SlackApiError) -> bool:
    return status_of(no) == 429 or code_of(no) in RATE_LIMITED


def rest_asked(no: SlackApiError) -> float:
    """Seconds that Slack asked for."""
    headers = getattr(no.response, "headers", None) or {}
    told = headers.get("Retry-After", "")
    return float(told) if str(told).isdigit() else 5.0


def is_final(no: SlackApiError) -> bool:
    """Whether Slack will say the same again, and means this very message or person."""
    unsure = status_of(no) >= 500 or asks_for_rest(no) or not code_of(no)
    return not unsure and code_of(no) not in DOUBTFUL | OPERATOR


def word_for(problem: Exception) -> str:
    """One word fit for a log: never what somebody wrote."""
    if isinstance(problem, SlackApiError):
        return code_of(problem) or f"http_{status_of(problem)}"
    return problem.why if isinstance(problem, NotYet) else type(problem).__name__


def _persons_code(no: SlackApiError) -> str:
    data = getattr(no.response, "data", None)
    errors = data.get("errors") if isinstance(data, dict) else None
    first = errors[0] if isinstance(errors, list) and errors else {}
    return str(first.get("error") or code_of(no))


def _drawn(draw: Callable[..., Drawn], *facts: Any) -> Drawn:
    try:
        return draw(*facts)
    # One bad card must not stop its whole lane.
    except Exception as mistake:
        raise NotDrawn from mistake


def _content(message: Message) -> dict[str, Any]:
    return {"text": message.text, "blocks": message.blocks}


def _occasion(parcel: Parcel, case: Case) -> Occasion:
    return Occasion(
        challenge=case.challenge,
        directory=case.directory,
        to=parcel.to,
        about=parcel.about,
        mark=parcel.mark,
        entry=case.entry,
        moment=case.moment,
    )


def _drawn_again(asked: Question, case: Case, entry: Entry | None) -> Message:
    """As it would be posted today, with the words it had then."""
    occasion = _occasion(asked.parcel, replace(case, entry=entry))
    again = replace(occasion, said=asked.said, asked_again=asked.again)
    return _drawn(notices.draw, asked.parcel.kind, again)


async def _entry(shelf: Shelf, parcel: Parcel) -> Entry | None:
    """The line of the chronology that this parcel tells of."""
    if parcel.entry is None:
        return None
    chronology = await shelf.chronology(parcel.challenge_id)
    return next((kept.entry for kept in chronology if kept.number == parcel.entry), None)


def _key_of(message: dict[str, Any]) -> str:
    payload = (message.get("metadata") or {}).get("event_payload") or {}
    return str(payload.get("key", ""))


def _has_buttons(message: dict[str, Any]) -> bool:
    blocks = message.get("blocks") or ()
    return any(block.get("type") == "actions" or block.get("accessory") for block in blocks)
