"""A text that is nested too deeply is refused by our own limit, whatever its parser's is."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
import yaml

from moto_proton.api import MalformedBody, decode_body
from moto_proton.bundle import BundleError
from moto_proton.bundle.jinja_tokens import MOST_BRACKETS
from moto_proton.bundle.templates import check_cloudformation
from moto_proton.fault_route import from_json
from moto_proton.nesting import MAX_DEPTH, TooDeep, check_json
from moto_proton.provision.provisioner import ProvisioningError
from moto_proton.provision.reading import read
from moto_proton.spec import SpecError
from moto_proton.spec.document import load
from moto_proton.yamltext.events import PurePythonParser, check_depth, with_events

OURS = "nested.* deep"
READERS: dict[str, tuple[Callable[[str], object], type[Exception], tuple[str, ...]]] = {
    "a spec": (lambda text: load(text, "Service"), SpecError, ("yaml", "json")),
    "a template of a bundle": (
        lambda text: check_cloudformation(text, "template"),
        BundleError,
        ("yaml", "json"),
    ),
    "a template that is deployed": (read, ProvisioningError, ("yaml", "json")),
    "what is given to PyYAML": (check_depth, TooDeep, ("yaml", "json")),
    "a request": (decode_body, MalformedBody, ("json",)),
    "a fault": (from_json, ValueError, ("json",)),
}


def yaml_of(levels: int, inside: str = "Resources: ") -> str:
    """A mapping of so many levels, of lists; in one line, as parsers look ahead in one."""
    return inside + "[" * (levels - 1) + "]" * (levels - 1)


def json_of(levels: int) -> str:
    """The same in JSON."""
    return f'{{"Resources": {yaml_of(levels, "")}}}'


TEXTS = {"yaml": yaml_of, "json": json_of}


@pytest.mark.parametrize("levels", [MAX_DEPTH + 1, 900, 1100, 20_000])
@pytest.mark.parametrize(
    ("reader", "language"),
    [(reader, language) for reader, found in READERS.items() for language in found[2]],
)
@pytest.mark.costly
def test_a_text_that_is_too_deep_is_refused_in_our_words(
    reader: str, language: str, levels: int
) -> None:
    read_text, refusal, _ = READERS[reader]

    with pytest.raises(refusal, match=OURS):
        read_text(TEXTS[language](levels))


@pytest.mark.parametrize("language", TEXTS)
def test_what_is_as_deep_as_may_be_is_read(language: str) -> None:
    text = TEXTS[language](MAX_DEPTH)
    check_depth(text)

    assert load(text, "Service") is not None


@pytest.mark.parametrize("piece", ["[", "{a: ", "- ", "? ", "[[],"])
@pytest.mark.costly
def test_every_way_to_nest_counts(piece: str) -> None:
    with pytest.raises(TooDeep, match="nested deeper than 100 levels"):
        check_depth(piece * 5_000)


def test_a_parser_with_a_limit_of_its_own_is_not_asked_twice_about_other_errors(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Only where it stops among many brackets does the slower parser begin again."""
    begun: list[str] = []

    class Slow(PurePythonParser):
        def __init__(self, text: str) -> None:
            begun.append(text)
            super().__init__(text)

    monkeypatch.setattr("moto_proton.yamltext.events.PurePythonParser", Slow)
    monkeypatch.setattr("moto_proton.yamltext.events.event_source", PurePythonParser)
    with pytest.raises(yaml.MarkedYAMLError):
        with_events("a: b: c", lambda event: [event() for _ in range(20)])

    assert begun == []


@pytest.mark.parametrize("callers", [0, 250])
def test_brackets_of_jinja_may_be_nested_as_deeply_whoever_calls(callers: int) -> None:
    def check(levels: int, further: int = callers) -> None:
        if further:
            return check(levels, further - 1)
        brackets = f"{'(' * levels}{callers}{')' * levels}"  # a text that is not remembered
        return check_cloudformation(f"Resources: {{}}\n# {{{{ {brackets} }}}}", "template")

    check(MOST_BRACKETS)
    with pytest.raises(BundleError, match=r"line 2.* brackets are nested deeper than 40 levels"):
        check(MOST_BRACKETS + 1)


def test_brackets_in_strings_are_no_levels() -> None:
    check_json(json.dumps({"text": '\\"' + "[" * 500 + '"{', "list": ["[" * 300, '{"'] * 90}))


def test_lists_beside_one_another_are_no_levels() -> None:
    check_json(json.dumps([[{}]] * 500))


def test_the_line_is_told() -> None:
    with pytest.raises(TooDeep) as refused:
        check_json("[\n" * 500)

    assert refused.value.line == MAX_DEPTH + 1
