"""Reading and judging the content of a message: text, blocks, metadata."""

from typing import Any

from sandbox import block_kit
from sandbox.refusals import SlackRefusal
from sandbox.views import number_blocks
from sandbox.wire import JSON, Wire
from sandbox.workspace import texts_in

LONGEST_TEXT = 40_000
ADVISED_TEXT = 4_000
LONGEST_MARKDOWN = 12_000


def checked(given: JSON, wire: Wire, method: str) -> JSON:
    """The content to keep, or a refusal; complains where Slack only advises."""
    text, blocks = given.get("text") or "", given.get("blocks") or []
    markdown, attachments = given.get("markdown_text"), given.get("attachments") or []
    if markdown and (text or blocks):
        raise SlackRefusal("markdown_text_conflict")
    if not (text or blocks or attachments or markdown):
        raise SlackRefusal("no_text")
    _judge_lengths(text, markdown or "", wire)
    content: JSON = {"text": text or markdown or ""}
    if blocks:
        check_blocks(blocks, "message", wire)
        content["blocks"] = number_blocks(blocks)
        _judge_fallback(text, blocks, wire, method)
    if attachments:
        content["attachments"] = attachments
    if given.get("metadata"):
        content["metadata"] = check_metadata(given["metadata"])
    return content


def check_blocks(blocks: Any, surface: str, wire: Wire) -> None:
    if not isinstance(blocks, list):
        raise SlackRefusal("invalid_blocks_format")
    problems = block_kit.problems_in_blocks(blocks, surface)
    if problems:
        wire.complain("blocks_refused", " ".join(problems))
        raise SlackRefusal("invalid_blocks", *problems, errors=problems)


def check_metadata(metadata: Any) -> JSON:
    """Message metadata: an event_type and a payload of plain values."""
    if not isinstance(metadata, dict):
        raise SlackRefusal("invalid_metadata_format")
    payload = metadata.get("event_payload")
    if not isinstance(metadata.get("event_type"), str) or not isinstance(payload, dict):
        raise SlackRefusal("invalid_metadata_schema")
    if set(metadata) - {"event_type", "event_payload"}:
        raise SlackRefusal("invalid_metadata_schema")
    return metadata


def without_payload(raw: JSON) -> JSON:
    """A message as history gives it unless include_all_metadata is asked for."""
    if "metadata" not in raw:
        return raw
    return raw | {"metadata": {"event_type": raw["metadata"]["event_type"]}}


def _judge_lengths(text: str, markdown: str, wire: Wire) -> None:
    if len(markdown) > LONGEST_MARKDOWN or len(text) > LONGEST_TEXT:
        raise SlackRefusal("msg_too_long")
    if len(text) > ADVISED_TEXT:
        wire.complain("long_text", f"text has {len(text)} characters; Slack may split it")


def _judge_fallback(text: str, blocks: list[JSON], wire: Wire, method: str) -> None:
    if not text.strip():
        begins = " ".join(texts_in(blocks))[:60]
        wire.complain("no_fallback_text", f"{method}: a card has no text beside it: {begins}")
