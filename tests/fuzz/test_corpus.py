"""Every input of the corpus is accepted or refused in time; so are a few of the fuzzer's."""

from __future__ import annotations

import pytest

from scripts.fuzz.targets import CORPUS, KINDS, Corpus, Kind, corpus, target_of
from scripts.fuzz.watchdog import TooSlowError, time_limit

FILES = [(kind, name) for kind in KINDS for name in corpus(kind)]


@pytest.mark.parametrize(("kind", "name"), FILES, ids=[f"{kind}/{name}" for kind, name in FILES])
def test_an_input_of_the_corpus_is_taken_or_refused(kind: Kind, name: str) -> None:
    target = target_of(kind, fresh=True)

    with time_limit():
        verdict = target((CORPUS / kind / name).read_bytes())

    assert verdict in ("accepted", "refused")


@pytest.mark.parametrize("kind", KINDS)
def test_the_corpus_has_inputs_of_both_verdicts(kind: Kind) -> None:
    target = target_of(kind)

    found = Corpus.of(kind, target)

    assert len(found.inputs) >= 30
    assert 3 <= len(found.accepted) < len(found.inputs)


@pytest.mark.parametrize("kind", KINDS)
def test_a_few_inputs_of_the_fuzzer_are_taken_or_refused(kind: Kind) -> None:
    target = target_of(kind)
    found = Corpus.of(kind, target)
    made = [found.input(2026, kind, number, target) for number in range(60)]
    assert made == [found.input(2026, kind, number, target) for number in range(60)]

    for data in made:
        with time_limit():
            assert target(data) in ("accepted", "refused")


def test_an_input_that_takes_too_long_is_stopped() -> None:
    def take_long(seconds: float) -> None:
        with time_limit(seconds):
            while True:
                pass

    with pytest.raises(TooSlowError, match="0\\.01 seconds"):
        take_long(0.01)
