"""The value of one YAML scalar: YAML 1.1's implicit types and the tags that name them.

It reads scalars as PyYAML's safe loader does, with four differences, all choices: a date stays a
string, because the schema of a template has no type for it; ``=`` is a string, not an error;
``0b_`` and ``0x_`` are strings, because they hold no digit; and a number is at most 300 characters
long, so that converting it can't take long or exceed Python's limit for digits. Source of the
forms: the type repository of YAML 1.1.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Final

MAX_NUMBER_CHARACTERS: Final = 300
# Cached because the entries of a spec have the same keys and many of the same values.
_REMEMBERED_SCALARS: Final = 512
_LONGEST_REMEMBERED: Final = 100


class ScalarError(ValueError):
    """A scalar that cannot be read; the message says why."""


Scalar = str | int | float | bool | None


def _in_three_cases(words: Mapping[str, bool | None]) -> dict[str, bool | None]:
    return {
        form: meaning
        for word, meaning in words.items()
        for form in (word, word.capitalize(), word.upper())
    }


_BOOLEANS: Final = _in_three_cases(
    {"yes": True, "no": False, "true": True, "false": False, "on": True, "off": False}
)
_NULLS: Final = {"": None, "~": None, **_in_three_cases({"null": None})}
_WORDS: Final[Mapping[str, bool | None]] = {**_BOOLEANS, **_NULLS}

_INTEGER = re.compile(
    r"(?P<sign>[-+]?)"
    r"(?:0b(?P<binary>_*[01][01_]*)"
    r"|0x(?P<hexadecimal>_*[0-9a-fA-F][0-9a-fA-F_]*)"
    r"|0(?P<octal>[0-7_]+)"
    r"|(?P<decimal>0|[1-9][0-9_]*)"
    r"|(?P<sexagesimal>[1-9][0-9_]*(?::[0-5]?[0-9])+))"
)
_FLOAT = re.compile(
    r"(?P<decimal>(?:[-+]?[0-9][0-9_]*\.[0-9_]*|\.[0-9][0-9_]*)(?:[eE][-+][0-9]+)?)"
    r"|(?P<sign>[-+]?)(?:(?P<sexagesimal>[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*)"
    r"|(?P<infinity>\.(?:inf|Inf|INF)))"
    r"|(?P<nan>\.(?:nan|NaN|NAN))"
)
_NUMBERS_START_WITH = frozenset("-+.0123456789")
# The same object for all of them: containers compare members by identity first, so a spec that
# contains a not-a-number still equals itself.
_NAN: Final = math.nan

_TAG_PREFIX = "tag:yaml.org,2002:"


def plain_scalar(text: str) -> Scalar:
    """The value of an unquoted, untagged scalar. ScalarError for a number that is too long."""
    return _remembered_scalar(text) if len(text) <= _LONGEST_REMEMBERED else _plain_scalar(text)


def _plain_scalar(text: str) -> Scalar:
    if text in _WORDS:
        return _WORDS[text]
    if text[0] in _NUMBERS_START_WITH:
        number = _number(text)
        if number is not None:
            return number
    return text


_remembered_scalar: Final = lru_cache(maxsize=_REMEMBERED_SCALARS)(_plain_scalar)


def tagged_scalar(tag: str, text: str) -> Scalar:
    """The value of a scalar with an explicit tag. ScalarError for a tag or a text that is
    refused.
    """
    read = _READERS.get(tag)
    if read is None:
        raise ScalarError(f"the tag {tag[:60]!r} is not allowed")
    try:
        return read(text)
    except (KeyError, TypeError, OverflowError):
        name = tag.removeprefix(_TAG_PREFIX)
        raise ScalarError(f"{text[:60]!r} is not of the type that its tag {name!r} says") from None


def _number(text: str) -> int | float | None:
    number = _integer(text)
    return _float(text) if number is None else number


def _integer(text: str) -> int | None:
    found = _INTEGER.fullmatch(text)
    if found is None:
        return None
    _check_length(text)
    form = found.lastgroup or "decimal"
    digits = found[form].replace("_", "")
    sign = -1 if found["sign"] == "-" else 1
    if form == "sexagesimal":
        return sign * _base_sixty([int(part) for part in digits.split(":")])
    if form == "octal" and not digits:  # "0_"
        return 0
    return sign * int(digits, {"binary": 2, "octal": 8, "hexadecimal": 16}.get(form, 10))


def _float(text: str) -> float | None:
    found = _FLOAT.fullmatch(text)
    if found is None:
        return None
    _check_length(text)
    sign = -1.0 if found["sign"] == "-" else 1.0
    if found["nan"]:
        return _NAN
    if found["infinity"]:
        return sign * math.inf
    if found["sexagesimal"]:
        parts = found["sexagesimal"].replace("_", "").split(":")
        return sign * (
            60 * float(_base_sixty([int(part) for part in parts[:-1]])) + float(parts[-1])
        )
    return float(text.replace("_", ""))


def _base_sixty(digits: list[int]) -> int:
    value = 0
    for digit in digits:
        value = value * 60 + digit
    return value


def _check_length(number: str) -> None:
    if len(number) > MAX_NUMBER_CHARACTERS:
        raise ScalarError(f"a number has more than {MAX_NUMBER_CHARACTERS} characters")


def _tagged_integer(text: str) -> int:
    number = _integer(text)
    if number is None:
        raise TypeError
    return number


def _tagged_float(text: str) -> float:
    number = _float(text)
    return float(_tagged_integer(text)) if number is None else number


_READERS: Final[Mapping[str, Callable[[str], Scalar]]] = {
    f"{_TAG_PREFIX}str": str,
    f"{_TAG_PREFIX}int": _tagged_integer,
    f"{_TAG_PREFIX}float": _tagged_float,
    f"{_TAG_PREFIX}bool": _BOOLEANS.__getitem__,
    f"{_TAG_PREFIX}null": _NULLS.__getitem__,
}
