"""Makes and reads page tokens; a token is valid only for the list that it was made for.

The collections decide which rows are on a page. Rules: section 6.0.4 of docs/behaviour.md.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import math
from collections.abc import Sequence
from typing import Final

# AWS does not document the default. Rule 6.0.4-2.
DEFAULT_PAGE_SIZE: Final = 100

# Increased when the format of tokens changes, so that an old token is refused and not misread.
_FORM: Final = b"moto_proton page token 1"
_CHECKSUM_BYTES: Final = 16

PageKey = tuple[str | int | float, ...]


class InvalidToken(ValueError):
    """A token that was not made here, was altered, or belongs to another list."""


def encode_token(scope: str, key: Sequence[str | int | float]) -> str:
    """An opaque base64 token that stands for ``key`` within ``scope``.

    ``scope`` names all that must be the same on the next page: operation, account, region, filters.
    The same arguments always give the same token, so that tokens outlive the process (choice).
    Raises TypeError for anything in the key but strings and finite numbers.

    Rule 6.0.4-3.
    """
    if isinstance(key, str | bytes) or not all(map(_is_key_part, key)):
        raise TypeError(f"A page key holds strings and finite numbers only, not {key!r:.200}")
    payload = json.dumps(list(key), separators=(",", ":")).encode()
    return base64.b64encode(_checksum(scope, payload) + payload).decode()


def decode_token(scope: str, token: str) -> PageKey:
    """The key that a token of this scope was made from. Raises InvalidToken.

    Rule 6.0.4-4.
    """
    try:
        raw = base64.b64decode(token, validate=True)
    except (binascii.Error, ValueError):
        raise InvalidToken("not a page token") from None
    checksum, payload = raw[:_CHECKSUM_BYTES], raw[_CHECKSUM_BYTES:]
    # The second test: several base64 texts may stand for the same bytes, and we make only one of
    # them.
    if checksum != _checksum(scope, payload) or base64.b64encode(raw).decode() != token:
        raise InvalidToken("not a page token of this list")
    try:
        key = json.loads(payload)
    except (ValueError, RecursionError):
        raise InvalidToken("not a page token of this list") from None
    # The checksum is not secret: a valid token may still have been made by somebody else.
    if not isinstance(key, list) or not all(map(_is_key_part, key)):
        raise InvalidToken("not a page token of this list")
    return tuple(key)


def _checksum(scope: str, payload: bytes) -> bytes:
    digest = hashlib.sha256(_FORM)
    # The scope is hashed on its own first, so that no part of it can be mistaken for the payload.
    digest.update(hashlib.sha256(scope.encode("utf-8", "surrogatepass")).digest())
    digest.update(payload)
    return digest.digest()[:_CHECKSUM_BYTES]


def _is_key_part(part: object) -> bool:
    if isinstance(part, float):
        return math.isfinite(part)
    return isinstance(part, str | int) and not isinstance(part, bool)
