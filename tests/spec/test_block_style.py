"""The style that is read without a YAML parser: means what the parser says, or is left to it."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from moto_proton.spec import SpecError, block_style, document
from moto_proton.spec.values import Value, same_value


def as_parsed(text: str) -> Value | SpecError:
    """What the YAML parser makes of a text."""
    try:
        return document.parsed(text, "Service")
    except SpecError as error:
        return error


def in_order(value: Value | SpecError) -> str:
    """A value in full, the order of its mappings included."""
    return repr(value)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("a: 1\nb: two\n", id="mapping"),
        pytest.param("a:\n  b:\n    c: 1\nd:\n", id="nested mappings, and no value"),
        pytest.param("a:\n- x\n- 2\nb: c\n", id="list in the column of its key"),
        pytest.param("a:\n  - name: x\n    env: y\n  -   name: z\n", id="list of mappings"),
        pytest.param("a:\n  - b:\n    - c:\n      - d\n    e: f\n  - g: h\n", id="lists in lists"),
        pytest.param("a: 1\n\n  # between\nb: 2 # behind\n#c: 3", id="blank lines and comments"),
        pytest.param("a: 'it is: # x'\nb: \"{}\"\nc: ''\nd: '1'", id="quoted"),
        pytest.param("a: x y  z\nb: http://x:80/a,b\nc: a - b\nd: -1", id="plain scalars"),
        pytest.param("a: ${Proton::CURRENT_VAL}\n", id="placeholder"),
        pytest.param("---\na: 1\n", id="document marker"),
        pytest.param("a: echo 'it' | grep \"x\" > [&*] !\n", id="signs in a plain scalar"),
        pytest.param("a: no\nb: ~\nc: 0x1F\nd: 1:30\ne: .5\nf: 1_000", id="implicit types"),
    ],
)
def test_is_read_as_the_parser_reads_it(text: str) -> None:
    value = block_style.read(text)

    assert value is not None
    assert in_order(value) == in_order(as_parsed(text))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("# only a comment\n", id="comment alone"),
        pytest.param("a\n", id="scalar alone"),
        pytest.param("- a\n", id="list alone"),
        pytest.param("---\na: 1\n---\n", id="two document markers"),
        pytest.param("--- \na: 1\n", id="document marker with more behind it"),
        pytest.param("a: {b: 1}\n", id="flow mapping"),
        pytest.param("a: [1]\n", id="flow list"),
        pytest.param("a: |\n  x\n", id="block scalar"),
        pytest.param("a: x\n  y\n", id="scalar on two lines"),
        pytest.param("a: x\n  b: y\n", id="mapping behind a scalar"),
        pytest.param("a: &x 1\nb: *x\n", id="anchor and alias"),
        pytest.param("a: !!str 1\n", id="tag"),
        pytest.param("<<: 1\n", id="merge key"),
        pytest.param('a: "\\n"\n', id="escape"),
        pytest.param("a: 'it''s'\n", id="doubled quote"),
        pytest.param("a: 'x' y\n", id="text behind quotes"),
        pytest.param("a: ü\n", id="beyond ASCII"),
        pytest.param("a:\t1\n", id="tab"),
        pytest.param("a: 1\r\nb: 2\r\n", id="carriage return"),
        pytest.param("a: 1\na: 2\n", id="key twice"),
        pytest.param("no: 1\n", id="key that is no string"),
        pytest.param("  a: 1\nb: 2\n", id="further left than the first"),
        pytest.param("a:\n    b: 1\n  c: 2\n", id="between two columns"),
        pytest.param("a: 1\n  - b\n", id="list behind a scalar"),
        pytest.param("a:\n  - - b\n", id="list right in a list"),
        pytest.param("a:\n  -\n  - \n", id="items without a value"),
        pytest.param("a: b: c\n", id="two keys on a line"),
        pytest.param("a:b\n", id="no space behind the key"),
        pytest.param(f"a: {'9' * 301}\n", id="number too long"),
        pytest.param("".join(f"{' ' * n}a:\n" for n in range(60)), id="deep"),
    ],
)
def test_is_left_to_the_parser(text: str) -> None:
    assert block_style.read(text) is None


_SCALARS = (
    *("1", "no", "~", "x y", "x  y", "a:b", "a::b", ":a", "a:", "a: b", "-1", "-", "--", "-a"),
    *("'q'", '"z"', "''", "'it''s'", "'a' b", '"\\n"', "a #c", "a#c", "# c", "{a: 1}", "[1]", "|"),
    *("${Proton::CURRENT_VAL}", "=", "<<", "@a", "a@b", "a, b", "a}", ".5", "1e3", "1:30", "*a"),
    *("&a 1", "!!str 1", "...", "---", "é", "a\tb", "x ", "+1", "/", "?", "? a", "%a", "a%"),
    *("a 'b", 'a "b"', "a [b", "a{b", "a &b *c", "a !b", "a |", "a >", "a \\b", "a `b", "a ?"),
)
_LINES = st.builds(
    "{}{}{}{}".format,
    st.sampled_from(["", "", "  ", "    ", "   "]),
    st.sampled_from(["", "", "- ", "-   ", "- - ", "-"]),
    st.sampled_from(["a: ", "b: ", "c:", "a:  ", "d : ", "no: ", "'e': ", ""]),
    st.sampled_from(["", *_SCALARS]) | st.text("ab:-# '\"{\n", max_size=6),
)


@given(st.lists(_LINES, max_size=8).map("\n".join))
@example("a: b\n  # c\nd: e\n")
@example("a:\n# c\n  b: 1\n")
@example("a:\n- b: 1\n  - c\n")
@example("a: - b\n")
@example("a:\n- b\n c: 1\n")
def test_never_means_anything_else(text: str) -> None:
    value = block_style.read(text)

    if value is not None:
        parsed = as_parsed(text)
        assert not isinstance(parsed, SpecError)
        assert same_value(value, parsed)
        assert in_order(value) == in_order(parsed)


@pytest.mark.parametrize(
    "line",
    [
        pytest.param(" " * 100_000 + "%", id="indent"),
        pytest.param("- " + " " * 100_000 + "%", id="behind a dash"),
        pytest.param("a: " + " " * 100_000 + "%", id="behind a key"),
        pytest.param("a: b" + " " * 100_000 + "\t", id="behind a scalar"),
        pytest.param("a: " + "b " * 50_000 + "\t", id="words"),
        pytest.param("a: b" + ":" * 100_000, id="colons"),
        pytest.param("a" * 100_000, id="key"),
        pytest.param("a: '" + "b" * 100_000, id="quotes"),
        pytest.param("a: b #" + " " * 100_000 + "\t", id="comment"),
    ],
)
def test_is_given_up_without_looking_again_and_again(line: str) -> None:
    # A pattern that goes back for every space would be at it for hours.
    assert block_style.read(line) is None


def test_reads_a_spec_as_people_write_them(shop: str) -> None:
    value = block_style.read(shop)

    assert value is not None
    assert in_order(value) == in_order(as_parsed(shop))
