"""YAML text to plain data: what is read, what is refused and where, and that nothing runs away."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from contextlib import suppress
from types import MappingProxyType
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from moto_proton.nesting import MAX_DEPTH
from moto_proton.spec import SpecError
from moto_proton.spec.document import load
from moto_proton.spec.positions import position
from moto_proton.yamltext.events import PurePythonParser
from moto_proton.yamltext.scalars import ScalarError, plain_scalar

pytestmark = pytest.mark.usefixtures("each_parser")


def thawed(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: thawed(item) for key, item in value.items()}
    return [thawed(item) for item in value] if isinstance(value, tuple) else value


def refusal(text: str) -> SpecError:
    with pytest.raises(SpecError) as caught:
        load(text, "Service")
    return caught.value


@pytest.mark.rule("4.1-2")
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("a: 1\nb: two", {"a": 1, "b": "two"}, id="block style"),
        pytest.param("{a: [1, {b: c}], d: []}", {"a": [1, {"b": "c"}], "d": []}, id="flow style"),
        pytest.param("---\na: 1\n...\n", {"a": 1}, id="document markers"),
        pytest.param("\ufeffa: 1", {"a": 1}, id="byte order mark"),
        pytest.param("a: größe 😀", {"a": "größe 😀"}, id="non-ASCII"),
        pytest.param('a: "\\0\\e"', {"a": "\0\x1b"}, id="escaped control characters"),
        pytest.param(
            "a: |\n  x\n  y\nb: >\n  x\n  y\n", {"a": "x\ny\n", "b": "x y\n"}, id="blocks"
        ),
        pytest.param("a: &x [1]\nb: *x", {"a": [1], "b": [1]}, id="alias"),
        pytest.param("&k a: 1\nb: *k", {"a": 1, "b": "a"}, id="alias of a key"),
        pytest.param("&k a: 1\nb: {*k : 2}", {"a": 1, "b": {"a": 2}}, id="alias as a key"),
        pytest.param("a: &x 1\nb: &x 2\nc: *x", {"a": 1, "b": 2, "c": 2}, id="anchor set again"),
        pytest.param("a: 2024-01-31", {"a": "2024-01-31"}, id="date stays a string"),
        pytest.param("a: =", {"a": "="}, id="equals sign"),
        pytest.param('"<<": {b: 1}', {"<<": {"b": 1}}, id="quoted merge key is a key"),
        pytest.param("a: !!str 1", {"a": "1"}, id="tagged string"),
        pytest.param("a: !!int '12'", {"a": 12}, id="tagged integer"),
        pytest.param("a: !!float 3", {"a": 3.0}, id="tagged float"),
        pytest.param("a: !!bool 'no'\nb: !!null ''", {"a": False, "b": None}, id="tagged others"),
        pytest.param("a: !!map {b: !!seq [1]}", {"a": {"b": [1]}}, id="tagged collections"),
        pytest.param("null", None, id="null"),
    ],
)
def test_reads_the_text(text: str, expected: object) -> None:
    value = thawed(load(text, "Service"))

    assert value == expected
    assert repr(value) == repr(expected)  # types and the order of keys


@pytest.mark.parametrize(
    "text",
    [
        "a: &a {x: 1, y: 2}\nb: {<<: *a, y: 3, z: 4}",
        "a: &a {x: 1}\nb: &b {x: 2, y: 3}\nc: {z: 0, <<: [*a, *b]}",
        "a: &a {x: 1}\nb: &b {<<: *a, y: 3}\nc: {<<: *b, x: 5}",
        "a: {<<: {x: 1}}",
        "a: {<<: []}",
    ],
)
def test_merge_keys_work_as_in_yaml_1_1(text: str) -> None:
    value = thawed(load(text, "Service"))

    assert repr(value) == repr(yaml.safe_load(text))


def test_values_cannot_be_changed() -> None:
    value = load("a: {b: [1, 2]}", "Service")

    assert isinstance(value, MappingProxyType)
    assert isinstance(value["a"], MappingProxyType)
    assert value["a"]["b"] == (1, 2)


def test_a_document_with_not_a_number_equals_itself() -> None:
    assert load("a: [.nan, .inf]", "Service") == load("a: [.NaN, .Inf]", "Service")


@given(st.text(alphabet="+-.:_0123456789abefinxoXyYtrueTRUElsN~=<", max_size=12))
def test_plain_scalars_mean_what_the_safe_loader_says(text: str) -> None:
    loader: Any = yaml.SafeLoader("")
    node = yaml.ScalarNode(loader.resolve(yaml.ScalarNode, text, (True, False)), text)
    if node.tag.endswith((":timestamp", ":value", ":merge")):
        expected: object = text
    else:
        try:
            expected = loader.construct_object(node)
        except ValueError:  # "0x_", where the loader fails
            expected = text

    value = plain_scalar(text)

    assert type(value) is type(expected)
    if isinstance(expected, float) and isinstance(value, float):
        assert value == pytest.approx(expected, rel=1e-12, nan_ok=True)
    else:
        assert value == expected


@pytest.mark.parametrize(
    "text",
    ["9" * 5000, "-" + "9" * 301, "0x" + "f" * 5000, "1" + ":59" * 200, "1." + "0" * 5000],
    ids=["decimal", "negative", "hexadecimal", "sexagesimal", "float"],
)
def test_refuses_a_number_that_python_could_not_print(text: str) -> None:
    with pytest.raises(ScalarError):
        plain_scalar(text)

    error = refusal(f"a:\n  b: {text}")

    assert error.explanation == "a.b: a number has more than 300 characters"
    assert (error.line, error.column) == (2, 6)


def test_reads_the_longest_numbers() -> None:
    assert load("9" * 300, "Service") == int("9" * 300)
    assert load("1.0e+999", "Service") == math.inf


@pytest.mark.rule("4.1-12")
@pytest.mark.parametrize(
    ("text", "explanation", "line", "column"),
    [
        ("", "the document is empty", 1, 1),
        ("# only a comment\n", "the document is empty", 2, 1),
        ("a: 1\n---\nb: 2", "there is more than one document", 2, 1),
        ("a: {b: 1,\n  b: 2}", 'a: the key "b" stands here twice', 2, 3),
        ("a: {<<: {b: 1}, <<: {c: 2}}", "a: the key '<<' stands here twice", 1, 17),
        ("a: {<<: 1}", "a: a merge takes a mapping or a list of mappings", 1, 9),
        ("a: {<<: [{}, 1]}", "a: a merge takes a mapping or a list of mappings", 1, 15),
        ("- a\n- {80: x}", "[1]: a key must be a string", 2, 4),
        ("on: push", "a key must be a string", 1, 1),
        ("? [a]\n: b", "a key must be a string", 1, 3),
        ("a: &a 1\n*a : 2", "a key must be a string", 2, 1),
        ("a: *b", "a: the alias 'b' has no anchor before it", 1, 4),
        ("a: &a [1, *a]", "a[1]: the alias 'a' stands for what it is part of", 1, 11),
        (
            "a: !!python/name:os.system x",
            "a: the tag 'tag:yaml.org,2002:python/name:os.system' is not allowed",
            1,
            4,
        ),
        ("a: !!binary AAAA", "a: the tag 'tag:yaml.org,2002:binary' is not allowed", 1, 4),
        ("a: !!set {b}", "a: the tag 'tag:yaml.org,2002:set' is not allowed", 1, 4),
        ("a: !mine [b]", "a: the tag '!mine' is not allowed", 1, 4),
        (
            "a: !!timestamp 2024-01-31",
            "a: the tag 'tag:yaml.org,2002:timestamp' is not allowed",
            1,
            4,
        ),
        ("a: !!int x", "a: 'x' is not of the type that its tag 'int' says", 1, 4),
        ("a: !!bool 1", "a: '1' is not of the type that its tag 'bool' says", 1, 4),
        (
            f"a: !!float 0x{'f' * 290}",
            f"a: '0x{'f' * 58}' is not of the type that its tag 'float' says",
            1,
            4,
        ),
        ("a: b\nc: \x01", "the character U+0001 is not allowed in YAML", 2, 4),
        ("a: \ud800", "the character U+D800 is not allowed in YAML", 1, 4),
        ("\x00", "the character U+0000 is not allowed in YAML", 1, 1),
    ],
)
def test_refuses_and_says_where(text: str, explanation: str, line: int, column: int) -> None:
    error = refusal(text)

    assert (error.explanation, error.line, error.column) == (explanation, line, column)


@pytest.mark.parametrize(
    "text",
    ["{", "a: [", "a:\n\tb: 1", "a: b: c", "'", '"\\q"', "%YAML 3.0\n---\na: 1", "@", "- a\nb: c"],
)
def test_refuses_what_is_not_yaml(text: str) -> None:
    error = refusal(text)

    assert error.detail.startswith("this is not YAML: ")
    assert "\n" not in str(error)
    assert error.line is not None


@pytest.mark.parametrize(
    "text", ['"\\ud800"', '"\\ud83d\\ude00"', '"\\U00110000"', f"%YAML 1.{'9' * 5000}\n---\na"]
)
def test_refuses_impossible_escapes_and_versions(text: str) -> None:
    assert refusal(text).kind == "Service"


def test_every_path_has_a_position() -> None:
    text = "a: &x\n  - {b: 1, c: [2]}\nd: *x\ne: 3\n"

    assert position(text, ("a", 0, "c", 0)) == (2, 16)
    assert position(text, ("a", 0, "c"), of_key=True) == (2, 12)
    assert position(text, ("d", 0, "b")) == (2, 9)  # where the anchor stands
    assert position(text, ("e",)) == (4, 4)
    assert position(text, ("a", 0, "missing")) == (2, 5)  # the innermost that exists
    assert position("just text", ()) == (1, 1)


class CountingParser(PurePythonParser):
    """Counts the events that were asked for, so that a bound can be seen without a clock."""

    count = 0

    def get_event(self) -> Any:
        type(self).count += 1
        return super().get_event()  # type: ignore[no-untyped-call]


@pytest.mark.parametrize("piece", ["[", "- ", "{a: ", "- - - - ", "&a [", "[[],", "? ", "- ? "])
@pytest.mark.costly
def test_gives_up_on_deep_nesting_at_once(piece: str, monkeypatch: pytest.MonkeyPatch) -> None:
    text = (piece * 51_200)[:51_200]
    assert refusal(text).line == 1
    monkeypatch.setattr(CountingParser, "count", 0)
    monkeypatch.setattr("moto_proton.yamltext.events.event_source", CountingParser)

    refusal(text)

    assert CountingParser.count <= 4 * MAX_DEPTH


def test_reads_the_deepest_nesting_that_is_allowed() -> None:
    value = load("[" * MAX_DEPTH + "]" * MAX_DEPTH, "Service")

    assert json.dumps(value) == "[" * MAX_DEPTH + "]" * MAX_DEPTH
    assert refusal("[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1)).column == MAX_DEPTH + 1


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            "a0: &a0 [x]\n"
            + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 30)),
            id="billion laughs",
        ),
        pytest.param(
            "a0: &a0 {x: y}\n"
            + "".join(f"a{n}: &a{n} {{l: *a{n - 1}, r: *a{n - 1}}}\n" for n in range(1, 60)),
            id="doubling mappings",
        ),
        pytest.param(f"a: &a {'x' * 20_000}\nb: [{', '.join(['*a'] * 2000)}]", id="one long text"),
        pytest.param(
            "a: &a {" + ", ".join(f"k{n}: 1" for n in range(1000)) + "}\n"
            "b: [" + ", ".join(["{<<: *a}"] * 100) + "]",
            id="merges",
        ),
        pytest.param("&a [" + "*a, " * 5000 + "]", id="recursive"),
    ],
)
def test_refuses_aliases_that_stand_for_too_much(text: str) -> None:
    assert "alias" in refusal(text).detail


def test_twenty_instances_may_share_their_inputs() -> None:
    text = "a: &a {" + ", ".join(f"key{n}: value" for n in range(50)) + "}\nb: ["
    text += ", ".join(["{<<: *a}"] * 20) + "]"

    value = load(text, "Service")

    assert isinstance(value, Mapping)
    assert value["b"] == (value["a"],) * 20


@given(st.text(max_size=60) | st.text(alphabet="[]{}&*!|>'\"%@`#-:?, \n\tab1<~\\", max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    for parser_text in (text, f"a: {text}"):
        with suppress(SpecError):
            load(parser_text, "Service")
