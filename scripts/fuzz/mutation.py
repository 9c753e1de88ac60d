"""Small damage to bytes and texts: what a typing error, a bad disk or an attacker would do.

It does not know what the bytes mean; the inserted words are those that are special to our parsers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random
from typing import Final, TypeAlias

Mutation: TypeAlias = Callable[[bytes, Random], bytes]

MOST_BYTES: Final = 60_000
"""How large an input may grow: a little more than Proton's limit for a spec."""

WORDS: Final[Sequence[bytes]] = (
    b"",
    b"\x00",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"\xed\xa0\x80",
    "\u2028".encode(),
    "\u202eevil".encode(),
    "\U0001f600".encode(),
    b"\t",
    b"\r\n",
    b"\n\n---\n",
    b"...\n",
    b"%YAML 9.9\n---\n",
    b"null",
    b"~",
    b"true",
    b".nan",
    b"-.inf",
    b"1e999",
    b"0x7fffffffffffffff",
    b"-1",
    b"0b1_0",
    b"1:60:60",
    b"2026-13-45",
    b"9" * 500,
    b"${Proton::CURRENT_VAL}",
    b"&a ",
    b"*a",
    b"&a [*a]",
    b"<<: *a",
    b"<<: [*a, *a]",
    b"!!python/object/apply:os.system [id]",
    b"!!set {a, b}",
    b"!!binary 'AA='",
    b"!Ref x",
    b"!Sub '${x}'",
    b"? [a, {b: c}] : d",
    b"{{ ",
    b" }}",
    b"{% for i in range(9999999) %}{% endfor %}",
    b"{{ ''.__class__.__mro__ }}",
    b"{{ environment | string * 99999999 }}",
    b"{% raw %}",
    b"{#",
    b"Fn::Transform",
    b"Fn::Sub",
    b"../../etc/passwd",
    b"[" * 300,
    b"{a: " * 300,
    b"(" * 300,
    b"a" * 5000,
    b"(a+)+$",
    b'"\\ud800"',
    b'"\\u0000"',
    b"proton",
    b"instances",
    b"name",
    b"spec",
    b"__proto__",
    b"=",
)


def mutated(data: bytes, random: Random, others: Sequence[bytes] = ()) -> bytes:
    """The bytes after one to six small damages; ``others`` are inputs to cross with."""
    for _ in range(random.choice((1, 1, 1, 1, 1, 2, 2, 3, 6))):
        if others and random.random() < 0.08:
            data = _crossed(data, random.choice(others), random)
        else:
            data = random.choice(_MUTATIONS)(data, random)
        data = data[:MOST_BYTES]
    return data


def _place(data: bytes, random: Random) -> int:
    return random.randrange(len(data) + 1)


def _span(data: bytes, random: Random) -> tuple[int, int]:
    start = _place(data, random)
    return start, min(len(data), start + random.choice((1, 1, 2, 4, 8, 16, 64, 256)))


def _flip(data: bytes, random: Random) -> bytes:
    if not data:
        return data
    place = random.randrange(len(data))
    return data[:place] + bytes([data[place] ^ (1 << random.randrange(8))]) + data[place + 1 :]


def _cut(data: bytes, random: Random) -> bytes:
    start, end = _span(data, random)
    return data[:start] + data[end:]


def _cut_off(data: bytes, random: Random) -> bytes:
    return data[: _place(data, random)]


def _repeat(data: bytes, random: Random) -> bytes:
    start, end = _span(data, random)
    return data[:start] + data[start:end] * random.choice((2, 3, 20, 200)) + data[end:]


def _insert_word(data: bytes, random: Random) -> bytes:
    place = _place(data, random)
    return data[:place] + random.choice(WORDS) + data[place:]


def _overwrite(data: bytes, random: Random) -> bytes:
    start, end = _span(data, random)
    return data[:start] + random.choice(WORDS) + data[end:]


def _replace_token(data: bytes, random: Random) -> bytes:
    """Put a word in place of a whole token: the damage that keeps the rest well-formed."""
    tokens = data.split()
    if not tokens:
        return data
    token = random.choice(tokens)
    return data.replace(token, random.choice((*WORDS, *tokens)), 1)


def _swap_lines(data: bytes, random: Random) -> bytes:
    lines = data.split(b"\n")
    one, other = random.randrange(len(lines)), random.randrange(len(lines))
    lines[one], lines[other] = lines[other], lines[one]
    return b"\n".join(lines)


def _repeat_line(data: bytes, random: Random) -> bytes:
    lines = data.split(b"\n")
    place = random.randrange(len(lines))
    lines[place:place] = [lines[place]] * random.choice((1, 1, 2, 30))
    return b"\n".join(lines)


def _indent(data: bytes, random: Random) -> bytes:
    lines = data.split(b"\n")
    place = random.randrange(len(lines))
    lines[place] = random.choice((b" ", b"  ", b"\t", b"- ", b"")) + lines[place].lstrip(b" ")
    return b"\n".join(lines)


def _crossed(data: bytes, other: bytes, random: Random) -> bytes:
    return data[: _place(data, random)] + other[_place(other, random) :]


_MUTATIONS: Final[Sequence[Mutation]] = (
    _flip,
    _cut,
    _cut_off,
    _repeat,
    _insert_word,
    _insert_word,
    _overwrite,
    _replace_token,
    _replace_token,
    _replace_token,
    _swap_lines,
    _repeat_line,
    _indent,
)
