"""Values as sealed bytes, and back: the form in which a challenge and its entries are kept."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Row

from challenge.aftercare import Confidence
from challenge.model import Challenge, Entry, Happened, PersonId, Recorded
from challenge.procedure import Procedure
from storage.vault import CaseKey, Vault, WrappedKey

_CHALLENGE = TypeAdapter(Challenge)
_CONFIDENCE = TypeAdapter(Confidence)
_KEYS_IN_MEMORY = 4_096
_PROCEDURES_IN_MEMORY = 64


class Locksmith:
    """Opens case keys, and remembers the latest.

    It goes by the wrapped key, not by the challenge: so what a transaction that was undone left
    in memory opens nothing, and a key destroyed in the database is not found here.
    """

    def __init__(self, vault: Vault) -> None:
        self.vault = vault
        self._opened = lru_cache(maxsize=_KEYS_IN_MEMORY)(vault.unwrap)

    def key(self, key_id: str, wrapped: bytes) -> CaseKey:
        return self._opened(WrappedKey(key_id, wrapped))


class Procedures:
    """Procedures by key, read once; a key is the version and a fingerprint of every word."""

    def __init__(self) -> None:
        self._by_key: dict[str, Procedure] = {}
        self._keys: dict[int, tuple[Procedure, str]] = {}

    def key(self, procedure: Procedure) -> str:
        known = self._keys.get(id(procedure))
        if known is None:
            if len(self._keys) >= _PROCEDURES_IN_MEMORY:
                self._keys.clear()
            # The procedure is kept beside its key, so that its id is not given to another.
            known = self._keys[id(procedure)] = procedure, _procedure_key(procedure)
        return known[1]

    def known(self, key: str) -> Procedure | None:
        return self._by_key.get(key)

    def remember(self, key: str, plain: str) -> None:
        self._by_key[key] = Procedure.read(json.loads(plain))


def procedure_text(procedure: Procedure) -> str:
    """One spelling for the same procedure, whatever the order in its file."""
    return json.dumps(procedure.plain, sort_keys=True, separators=(",", ":"))


def _procedure_key(procedure: Procedure) -> str:
    fingerprint = hashlib.sha256(procedure_text(procedure).encode()).hexdigest()[:12]
    return f"{procedure.version}#{fingerprint}"


def seal_challenge(challenge: Challenge, key: CaseKey) -> bytes:
    plain = _CHALLENGE.dump_python(challenge, mode="json", exclude={"procedure"})
    return key.seal(_json(plain), f"challenge|{challenge.id}")


def open_challenge(
    sealed: bytes, challenge_id: int, procedure: Procedure, key: CaseKey
) -> Challenge:
    plain = json.loads(key.open(sealed, f"challenge|{challenge_id}"))
    return _CHALLENGE.validate_python({**_as_now(plain), "procedure": procedure})


def _as_now(plain: dict[str, Any]) -> dict[str, Any]:
    """As it would be kept today: an opinion used to hold one action, and no list of them."""
    opinion = plain.get("opinion")
    if opinion and "action" in opinion:
        return plain | {"opinion": opinion | {"actions": [opinion["action"]]}}
    return plain


def seal_entry(entry: Entry, challenge_id: int, number: int, key: CaseKey) -> bytes:
    """Who, when and of what kind stand beside it in the open: they hold no words of people's."""
    plain = {
        "summary": entry.summary,
        "words": dict(entry.words),
        "message": entry.message,
        "said": entry.said.isoformat() if entry.said else None,
    }
    return key.seal(_json(plain), f"entry|{challenge_id}|{number}")


def open_entry(row: Row[Any], key: CaseKey) -> Recorded:
    plain = json.loads(key.open(row.sealed, f"entry|{row.challenge_id}|{row.number}"))
    entry = Entry(
        kind=Happened(row.kind),
        by=PersonId(row.by) if row.by is not None else None,
        summary=plain["summary"],
        words=plain["words"],
        message=plain["message"],
        said=datetime.fromisoformat(plain["said"]) if plain["said"] else None,
    )
    return Recorded(row.seq, row.number, row.at, entry)


def seal_confidence(confidence: Confidence, challenge_id: int, key: CaseKey) -> bytes:
    """Under the challenge's key, so that it goes when the challenge is forgotten."""
    plain = _CONFIDENCE.dump_python(confidence, mode="json", exclude={"id"})
    return key.seal(_json(plain), f"confidence|{challenge_id}|{confidence.id}")


def open_confidence(row: Row[Any], key: CaseKey) -> Confidence:
    plain = json.loads(key.open(row.sealed, f"confidence|{row.challenge_id}|{row.id}"))
    return _CONFIDENCE.validate_python({**plain, "id": row.id})


def seal_draft(vault: Vault, draft: str, by: PersonId, answers: Mapping[str, Any]) -> bytes:
    return vault.seal(_json(dict(answers)), f"draft|{draft}|{by}")


def open_draft(vault: Vault, draft: str, by: PersonId, sealed: bytes) -> dict[str, Any]:
    answers: dict[str, Any] = json.loads(vault.open(sealed, f"draft|{draft}|{by}"))
    return answers


def _json(plain: Mapping[str, Any]) -> str:
    # As ASCII: half of a surrogate pair, which Slack may send, has no other spelling.
    return json.dumps(plain, separators=(",", ":"))
