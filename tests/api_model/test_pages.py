"""Page tokens: a token gives its key back, and only for the list that it was made for."""

from __future__ import annotations

import base64
import hashlib
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moto_proton.api import InvalidToken, decode_token, encode_token

SCOPE = "ListServices 123456789012 us-east-1"
PARTS = st.text() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
KEYS = st.lists(PARTS, max_size=4)


@given(scope=st.text(), key=KEYS)
def test_a_token_leads_back_to_its_key(scope: str, key: list[str | int | float]) -> None:
    token = encode_token(scope, key)
    decoded = decode_token(scope, token)
    assert decoded == tuple(key)
    assert [type(part) for part in decoded] == [type(part) for part in key]
    assert re.fullmatch(r"[A-Za-z0-9+=/]+", token)
    assert token == encode_token(scope, tuple(key))


@given(key=KEYS, data=st.data())
def test_a_token_with_one_character_changed_is_refused(
    key: list[str | int | float], data: st.DataObject
) -> None:
    token = encode_token(SCOPE, key)
    position = data.draw(st.integers(0, len(token) - 1))
    other = data.draw(st.characters(exclude_characters=token[position]))
    with pytest.raises(InvalidToken):
        decode_token(SCOPE, token[:position] + other + token[position + 1 :])


@given(key=KEYS, scope=st.text(), other=st.text())
def test_a_token_of_another_list_is_refused(
    key: list[str | int | float], scope: str, other: str
) -> None:
    token = encode_token(scope, key)
    if scope != other:
        with pytest.raises(InvalidToken):
            decode_token(other, token)


@given(token=st.text() | st.binary().map(lambda raw: base64.b64encode(raw).decode()))
def test_a_token_that_was_not_made_here_is_refused(token: str) -> None:
    with pytest.raises(InvalidToken):
        decode_token(SCOPE, token)


@pytest.mark.parametrize("payload", [b"{}", b"[true]", b"[null]", b"[[1]]", b"[NaN]", b"[" * 9000])
def test_a_forged_checksum_buys_nothing_but_keys(payload: bytes) -> None:
    digest = hashlib.sha256(b"moto_proton page token 1" + hashlib.sha256(SCOPE.encode()).digest())
    digest.update(payload)
    token = base64.b64encode(digest.digest()[:16] + payload).decode()
    with pytest.raises(InvalidToken):
        decode_token(SCOPE, token)


@pytest.mark.parametrize(
    "key", ["shop", [None], [True], [b"x"], [["x"]], [float("nan")], [float("inf")]], ids=repr
)
def test_a_key_of_other_types_is_a_mistake(key: object) -> None:
    with pytest.raises(TypeError, match="page key"):
        encode_token(SCOPE, key)  # type: ignore[arg-type]


def test_tokens_outlive_the_process() -> None:
    # A literal from another run: whoever changes the form of tokens meets this line.
    assert decode_token(SCOPE, TOKEN_OF_ANOTHER_RUN) == ("shop", 3, 1.5)


TOKEN_OF_ANOTHER_RUN = "49arMK8LzYEo7e3DCO0vHlsic2hvcCIsMywxLjVd"
