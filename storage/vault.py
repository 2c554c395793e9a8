"""The vault: each challenge's text is sealed under its own key, and that key under the master's.

CHALLENGE_KEY ─derives─> wrapping key ─wraps─> each challenge's own key ─seals─> its text
              └derives─> drafts key   ─seals─> small things that have no challenge yet

Losing the master key loses everything; destroying one wrapped key destroys one challenge's text.
"""

import base64
import binascii
import hashlib
import secrets
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap
from typing_extensions import override

KEY_BYTES = 32
VERSION = b"\x01"
NONCE_BYTES = 12
TAG_BYTES = 16
ID_BYTES = 4
CANARY = b"The canary sings."
CANARY_PLACE = "canary"


class BadKey(ValueError):
    """CHALLENGE_KEY is not usable; the message says what to type and never shows the key."""


class KeyMissing(LookupError):
    """Something was sealed under a master key that CHALLENGE_KEY does not hold."""


class SealBroken(ValueError):
    """A sealed text was altered, cut short, or moved from the place it was sealed for."""


def new_master_key() -> str:
    return base64.urlsafe_b64encode(secrets.token_bytes(KEY_BYTES)).decode()


@dataclass(frozen=True)
class WrappedKey:
    """A challenge's key as the database holds it, with the name of the master key that opens it."""

    key_id: str
    wrapped: bytes = field(repr=False)


class CaseKey:
    """One challenge's own key, open; keep it in memory only and only as long as it is needed."""

    __slots__ = ("_cipher",)

    def __init__(self, raw: bytes) -> None:
        self._cipher = AESGCM(raw)

    @override
    def __repr__(self) -> str:
        return "CaseKey(hidden)"

    def seal(self, plain: str | bytes, bound_to: str) -> bytes:
        """The text sealed so that it opens only where it belongs, for example "entry|42|text"."""
        return VERSION + _seal(self._cipher, plain, bound_to)

    def open(self, sealed: bytes, bound_to: str) -> bytes:
        if sealed[:1] != VERSION:
            raise SealBroken(_BROKEN)
        return _open(self._cipher, sealed[1:], bound_to)


class Vault:
    """The master keys, newest first: the newest seals, every one of them opens."""

    def __init__(self, keys: str) -> None:
        masters = [_Master(_key_bytes(key.strip())) for key in keys.split(",")]
        self._newest = masters[0]
        self._masters = {master.key_id: master for master in masters}

    @override
    def __repr__(self) -> str:
        return f"Vault({', '.join(self._masters)})"

    @property
    def newest(self) -> str:
        """The id of the key that seals from now on; whatever names another wants rewrapping."""
        return self._newest.key_id

    def new_case_key(self) -> WrappedKey:
        return self._newest.wrap(secrets.token_bytes(KEY_BYTES))

    def unwrap(self, key: WrappedKey) -> CaseKey:
        return CaseKey(self._master(key.key_id).unwrap(key.wrapped))

    def rewrap(self, key: WrappedKey) -> WrappedKey:
        """The same challenge's key under the newest master key; no sealed text has to change."""
        return self._newest.wrap(self._master(key.key_id).unwrap(key.wrapped))

    def seal(self, plain: str | bytes, bound_to: str) -> bytes:
        """For small things with no challenge yet; the master key's id travels in the header."""
        header = VERSION + bytes.fromhex(self._newest.key_id)
        return header + _seal(self._newest.drafts, plain, bound_to)

    def open(self, sealed: bytes, bound_to: str) -> bytes:
        version, key_id, body = sealed[:1], sealed[1 : 1 + ID_BYTES], sealed[1 + ID_BYTES :]
        if version != VERSION or len(key_id) != ID_BYTES:
            raise SealBroken(_BROKEN)
        return _open(self._master(key_id.hex()).drafts, body, bound_to)

    def canary(self) -> bytes:
        """A known text, stored at the first start, so that a wrong key is noticed at the next."""
        return self.seal(CANARY, CANARY_PLACE)

    def check(self, canary: bytes) -> None:
        """Refuses a key that does not open this database, before anything is sealed under it."""
        if self.open(canary, CANARY_PLACE) != CANARY:
            raise SealBroken(_BROKEN)

    def _master(self, key_id: str) -> "_Master":
        if key_id not in self._masters:
            raise KeyMissing(_MISSING.format(key_id=key_id))
        return self._masters[key_id]


class _Master:
    """One master key as the two keys derived from it, so that no key does two jobs."""

    __slots__ = ("_wrapping", "drafts", "key_id")

    def __init__(self, raw: bytes) -> None:
        self.key_id = hashlib.sha256(b"challenge bot: key id" + raw).digest()[:ID_BYTES].hex()
        self._wrapping = _derived(raw, b"challenge bot: wrapping")
        self.drafts = AESGCM(_derived(raw, b"challenge bot: drafts"))

    def wrap(self, case_key: bytes) -> WrappedKey:
        return WrappedKey(self.key_id, aes_key_wrap(self._wrapping, case_key))

    def unwrap(self, wrapped: bytes) -> bytes:
        try:
            return aes_key_unwrap(self._wrapping, wrapped)
        except InvalidUnwrap as problem:
            raise SealBroken(_BROKEN) from problem


def _seal(cipher: AESGCM, plain: str | bytes, bound_to: str) -> bytes:
    nonce = secrets.token_bytes(NONCE_BYTES)
    text = plain.encode() if isinstance(plain, str) else plain
    return nonce + cipher.encrypt(nonce, text, bound_to.encode())


def _open(cipher: AESGCM, sealed: bytes, bound_to: str) -> bytes:
    if len(sealed) < NONCE_BYTES + TAG_BYTES:
        raise SealBroken(_BROKEN)
    try:
        return cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], bound_to.encode())
    except InvalidTag as problem:
        raise SealBroken(_BROKEN) from problem


def _derived(raw: bytes, purpose: bytes) -> bytes:
    # No salt: the master key is already random, and a salt would be one more thing to lose.
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=purpose).derive(raw)


def _key_bytes(key: str) -> bytes:
    raw = _decoded(key)
    # A key copied from an example has few different bytes; a random one never does.
    if len(raw) != KEY_BYTES or len(set(raw)) < KEY_BYTES // 4:
        raise BadKey(_BAD if key else _ABSENT)
    return raw


def _decoded(key: str) -> bytes:
    padded = key + "=" * (-len(key) % 4)
    try:
        return base64.b64decode(padded, altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        # Not chained: the original error would carry the key into a traceback.
        raise BadKey(_BAD) from None


_ABSENT = (
    "CHALLENGE_KEY is empty: type `python -m bot key new` for a fresh key, "
    "or put back the one this database was written with."
)
_BAD = (
    "CHALLENGE_KEY is not a master key: each must be 32 random bytes as printed by "
    "`python -m bot key new`, newest first, separated by commas."
)
_MISSING = (
    "This database was sealed under master key {key_id}, which CHALLENGE_KEY does not hold: "
    "put that key back (after the newest, separated by a comma); a fresh one cannot open it."
)
_BROKEN = (
    "A sealed text does not open: it was altered, cut short or moved since it was written; "
    "compare with a backup before anything is changed."
)
