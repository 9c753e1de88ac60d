"""Values of the model's shapes: at their limits, beyond them, of wrong types, at random.

Derived from the service model alone, its own lengths, patterns and enums: none of the library's
checks is asked, as they are what is put to the test. What a value means to the world is left to
``cases``.
"""

from __future__ import annotations

import re
import string
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random
from typing import Any, Final

Shape = Any
Named = tuple[str, Any]
"""What a value is, in words, and the value."""

_ALNUM: Final = string.ascii_letters + string.digits
_UUID: Final = "0a1b2c3d-0000-4000-8000-00000000000"
_ROLE: Final = "arn:aws:iam::123456789012:role/"
_ARN: Final = "arn:aws:kms:us-east-1:123456789012:key/"
_TEXT: Final = _ALNUM + " -_.,:;/!?äöüßé世界🚀\"'\\{}[]<>&\t\n"
_TAG_TEXT: Final = _ALNUM + " .:/=+-@é世"


@dataclass(frozen=True, slots=True)
class Pattern:
    """Strings that match a pattern: the shortest, one of a length, any; and near misses."""

    shortest: str
    of_length: Callable[[int], str]
    random: Callable[[Random], str]
    misses: tuple[str, ...]


def _some(random: Random, alphabet: str, least: int, most: int) -> str:
    return "".join(random.choices(alphabet, k=random.randint(least, most)))


def _role(length: int) -> str:
    # A role's name has 64 characters at most, a part of its path 512.
    rest = length - len(_ROLE)
    parts = []
    while rest > 64:
        part = min(rest - 2, 512)
        parts.append("p" * part + "/")
        rest -= part + 1
    return _ROLE + "".join(parts) + "r" * rest


_NAME: Final = Pattern(
    "n",
    lambda length: "n" * length,
    lambda r: r.choice(_ALNUM) + _some(r, _ALNUM + "_-", 5, 40),
    ("-a", "_a", "a.b", "a b", " a", "a/b", "ä", "a\n", "a$"),
)
_ID: Final = Pattern(
    _UUID + "0",
    lambda length: _UUID + "0" * (length - len(_UUID)),
    lambda r: "-".join(_some(r, "0123456789abcdef", k, k) for k in (8, 4, 4, 4, 12)),
    (_UUID, _UUID + "00", _UUID + "g", (_UUID + "0").upper(), (_UUID + "0").replace("-", ""), "x"),
)
_ROLE_PATTERN: Final = Pattern(
    _ROLE + "r",
    _role,
    lambda r: _ROLE + _some(r, _ALNUM + "_+=,.@-", 1, 64),
    (
        "r",
        "arn:aws:iam::123456789012:user/r",
        "arn:aws:iam:us-east-1:123456789012:role/r",
        "arn:aws:iam::12345678901:role/r",
        "arn:aws:iam::123456789012:role/",
        "arn:aws-iso:iam::123456789012:role/r",
        _ROLE + "r" * 65,
        _ROLE + "a b",
    ),
)

PATTERNS: Final[dict[str, Pattern]] = {
    r"^[0-9A-Za-z]+[0-9A-Za-z_\-]*$": _NAME,
    r"(^$)|^[0-9A-Za-z]+[0-9A-Za-z_\-]*$": _NAME,
    r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$": _ID,
    r"^[!-~]*$": Pattern(
        "",
        lambda length: "~" * length,
        lambda r: _some(r, _ALNUM + string.punctuation, 1, 64),
        ("a b", "ä", "a\n", "\x7f"),
    ),
    r"^arn:(aws|aws-cn|aws-us-gov):iam::\d{12}:role/([\w+=,.@-]{1,512}[/:])*([\w+=,.@-]{1,64})$": (
        _ROLE_PATTERN
    ),
    r"(^$)|(^arn:(aws|aws-cn|aws-us-gov):iam::\d{12}:role/"
    r"([\w+=,.@-]{1,512}[/:])*([\w+=,.@-]{1,64})$)": _ROLE_PATTERN,
    r"^arn:(aws|aws-cn|aws-us-gov):[a-zA-Z0-9-]+:[a-zA-Z0-9-]*:\d{12}:"
    r"([\w+=,.@-]+[/:])*[\w+=,.@-]+$": Pattern(
        "arn:aws:s::123456789012:r",
        lambda length: _ARN + "k" * (length - len(_ARN)),
        lambda r: _ARN + _some(r, _ALNUM + "-_", 1, 64),
        (
            "r",
            "arn:aws:s::123456789012:",
            "arn:aws:s::12345678901:r",
            "arn:aws-iso:s::123456789012:r",
            "arn:aws:s_s::123456789012:r",
            "arn:aws:s::123456789012:a b",
            "arn:aws:s::123456789012:a//b",
        ),
    ),
    r"[A-Za-z0-9_.-].*/[A-Za-z0-9_.-].*": Pattern(
        "a/b",
        lambda length: "o/" + "r" * (length - 2),
        lambda r: _some(r, _ALNUM + "-_.", 1, 30) + "/" + _some(r, _ALNUM + "-_.", 1, 30),
        ("a", "a/", "/a", "a\n/b"),
    ),
    r"^(0|([1-9]{1}\d*))$": Pattern(
        "9",
        lambda length: "9" * length,
        lambda r: str(r.randint(100, 10**19)),
        ("01", "-1", "1.0", "a", " 1", "1\n", "٣"),
    ),
    r"^\d{12}$": Pattern(
        "3" * 12,
        lambda length: "3" * length,
        lambda r: _some(r, "3456789", 12, 12),
        ("3" * 11, "3" * 13, "3" * 11 + "a", "٣" * 12),
    ),
    r"^[a-z0-9]+[a-z0-9-\.]+[a-z0-9]+$": Pattern(
        "b-3",
        lambda length: "b" * length,
        lambda r: _some(r, string.ascii_lowercase + string.digits, 3, 63),
        ("Bucket", "-ab", "ab-", "a_b", "a b"),
    ),
    r"^[A-Za-z0-9+=/]+$": Pattern(
        "A",
        lambda length: "A" * length,
        lambda r: _some(r, _ALNUM + "+/", 4, 60) + "==",
        ("-", "a b", "a\n", "ä"),
    ),
}
"""By the model's own words. A pattern that is not here stops the suite, so that it gets in."""


def limits(shape: Shape) -> tuple[int | None, int | None]:
    """The least and the greatest length or value."""
    return shape.metadata.get("min"), shape.metadata.get("max")


def permits(shape: Shape, value: object) -> bool:
    """Whether the model permits a value of the right type, by its limits, pattern and enum."""
    least, most = limits(shape)
    if isinstance(value, (str, list)):
        size = len(value)
    elif isinstance(value, int):
        size = value
    else:
        return True
    if (least is not None and size < least) or (most is not None and size > most):
        return False
    if not isinstance(value, str):
        return True
    pattern = shape.metadata.get("pattern")
    if pattern is not None:
        # Java's `$` of the model as the very end, its dot and digits as Java has them.
        java = re.sub(r"(?<!\\)\$", r"\\Z", pattern)
        if re.search(java, value, re.ASCII) is None:
            return False
    return not shape.enum or value in shape.enum


# --- at the limits ------------------------------------------------------------------------------


def text_of_length(shape: Shape, length: int) -> str:
    """A string of a shape, with so many characters."""
    pattern = shape.metadata.get("pattern")
    if pattern is not None:
        return "" if length == 0 else PATTERNS[pattern].of_length(length)
    return "x" * length


def boundaries(shape: Shape) -> Iterator[Named]:
    """Values at the limits of a string, integer or list shape (a list: how many elements)."""
    least, most = limits(shape)
    if shape.type_name == "integer":
        yield from ((f"the minimum {least}", least), (f"the maximum {most}", most))
    elif shape.type_name == "list":
        yield f"{least or 0} elements", least or 0
        yield f"{most or 3} elements", most or 3
    elif shape.type_name == "string" and not shape.enum:
        pattern = shape.metadata.get("pattern")
        if pattern is not None or least is not None:
            shortest = "" if least == 0 else PATTERNS[pattern].shortest if pattern else "x"
            yield f"the shortest, {len(shortest)} characters", shortest
        if most:
            yield f"the longest, {most} characters", text_of_length(shape, most)


def beyond(shape: Shape) -> Iterator[Named]:
    """Values just outside of a shape (a list: how many elements)."""
    least, most = limits(shape)
    if shape.type_name == "integer":
        yield from ((f"below {least}", (least or 0) - 1), (f"above {most}", (most or 0) + 1))
    elif shape.type_name == "list":
        if least:
            yield f"{least - 1} elements", least - 1
        if most:
            yield f"{most + 1} elements", most + 1
    elif shape.type_name == "string" and not shape.enum:
        pattern = shape.metadata.get("pattern")
        if least:
            yield f"below {least} characters", text_of_length(shape, least - 1)
        elif pattern is not None and least is None:
            yield "no characters", ""
        if most is not None:
            yield f"above {most} characters", text_of_length(shape, most + 1)
        for miss in PATTERNS[pattern].misses if pattern is not None else ():
            yield f"against the pattern: {miss!r:.60}", miss


# --- wrong types --------------------------------------------------------------------------------

_JSON: Final[tuple[tuple[str, frozenset[str], object], ...]] = (
    ("a string", frozenset({"string"}), "1"),
    ("an integer", frozenset({"integer"}), 1),
    ("a float", frozenset(), 1.5),
    ("a boolean", frozenset({"boolean"}), True),
    ("a list", frozenset({"list"}), []),
    ("an object", frozenset({"structure"}), {}),
)


def wrong_types(shape: Shape) -> Iterator[Named]:
    """A value of each JSON type but the shape's own."""
    return ((words, value) for words, of, value in _JSON if shape.type_name not in of)


# --- any value ----------------------------------------------------------------------------------


def sample(shape: Shape, number: int = 0) -> Any:
    """A plain value; others for other numbers, as far as the shape has room for them."""
    if shape.type_name == "structure":
        return {name: sample(member, number) for name, member in shape.members.items()}
    if shape.type_name == "list":
        return [sample(shape.member, number)]
    if shape.type_name == "boolean":
        return True
    if shape.type_name == "integer":
        return limits(shape)[0]
    if shape.enum:
        return shape.enum[number % len(shape.enum)]
    if limits(shape)[1] == 0:
        return ""
    pattern = shape.metadata.get("pattern")
    if pattern is None or PATTERNS[pattern] is _NAME:
        return f"some-{number}"
    return PATTERNS[pattern].random(Random(number))


def _key(element: Any) -> Any:
    return repr(element.get("key", element)) if isinstance(element, dict) else element


def chance(shape: Shape, random: Random) -> Any:
    """A random value: any length that is allowed, most of them short."""
    if shape.type_name == "structure":
        if shape.metadata.get("union"):
            name = random.choice(list(shape.members))
            return {name: chance(shape.members[name], random)}
        return {name: chance(member, random) for name, member in shape.members.items()}
    if shape.type_name == "list":
        least, most = limits(shape)
        count = random.randint(least or 0, min(most or 5, 8))
        elements = [chance(shape.member, random) for _ in range(count)]
        # What has keys has each of them once.
        keyed = {
            repr(each.get("key")) if isinstance(each, dict) else each: each for each in elements
        }
        return list(keyed.values())
    if shape.type_name == "boolean":
        return random.random() < 0.5
    if shape.type_name == "integer":
        least, most = limits(shape)
        assert least is not None
        assert most is not None
        return random.randint(least, most)
    if shape.enum:
        return random.choice(list(shape.enum))
    least, most = limits(shape)
    pattern = shape.metadata.get("pattern")
    if pattern is not None:
        if least == 0 and random.random() < 0.1:
            return ""
        return PATTERNS[pattern].random(random)
    alphabet = _TAG_TEXT if shape.name in ("TagKey", "TagValue") else _TEXT
    least, most = least or 0, most if most is not None else 40
    longest = most if random.random() < 0.2 else min(most, 30)
    return _some(random, alphabet, least, longest)
