"""Customer tags and the tags that Proton manages itself.

What any tags may be. Which resources have tags is in ``across.tagging``; when a resource gets or
loses its own, in the room of that resource. Rules: section 10.2 of docs/behaviour.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from moto_proton.proton.exceptions import ValidationError

# Rules 10.1-9 and 10.2-1.
MAX_CUSTOMER_TAGS: Final = 50
_RESERVED_PREFIX: Final = "aws:"
# The guide names letters, digits, spaces and these marks; "letters" is read as Unicode letters, as
# AWS tagging has it elsewhere (Rule 10.2-20).
_ALLOWED: Final = re.compile(r"[\w *.:/=+\-@]*\Z")


def read_tags(tags: Iterable[Mapping[str, str]] | None) -> dict[str, str]:
    """The tags of a request (``{"key": ..., "value": ...}`` each) as a mapping, in their order.

    Raises :class:`ValidationError` for a reserved key, a character that tags cannot hold, or a key
    that is given twice.

    Rules 10.2-2, 10.2-3 and 10.2-5.
    """
    read: dict[str, str] = {}
    for tag in tags or ():
        key, value = tag["key"], tag["value"]
        _check_key(key)
        if not _ALLOWED.match(key):
            raise ValidationError(f"The tag key {key!r} has characters that are not allowed")
        if not _ALLOWED.match(value):
            raise ValidationError(
                f"The value of the tag {key!r} has characters that are not allowed"
            )
        if key in read:
            raise ValidationError(f"The tag key {key!r} is given more than once")
        read[key] = value
    return read


def merge_tags(current: Mapping[str, str], added: Mapping[str, str]) -> dict[str, str]:
    """Customer tags with others added or overwritten; refuses more than 50 in all (Rule 10.2-1)."""
    merged = {**current, **added}
    if len(merged) > MAX_CUSTOMER_TAGS:
        raise ValidationError(
            f"A resource can have {MAX_CUSTOMER_TAGS} tags at most, and would have {len(merged)}"
        )
    return merged


def without_tags(current: Mapping[str, str], keys: Sequence[str]) -> dict[str, str]:
    """Customer tags without some keys; a key that is not there is no error.

    Rule 6.14-1.
    """
    for key in keys:
        _check_key(key)
    return {key: value for key, value in current.items() if key not in keys}


def wire_tags(managed: Mapping[str, str], customer: Mapping[str, str]) -> list[dict[str, Any]]:
    """Managed tags, then customer tags, as ListTagsForResource shows them."""
    return [{"key": key, "value": value} for key, value in {**managed, **customer}.items()]


def _check_key(key: str) -> None:
    # Rule 10.2-4.
    if key.lower().startswith(_RESERVED_PREFIX):
        raise ValidationError(f"The tag key {key!r} is reserved: {_RESERVED_PREFIX} is for AWS")
