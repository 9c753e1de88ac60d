"""Every input of the corpus is accepted or refused in time; so are a few of the fuzzer's."""

from __future__ import annotations

import pytest

from scripts.fuzz.targets import CORPUS, KINDS, Corpus, Kind, Target, corpus, target_of
from scripts.fuzz.watchdog import TooSlowError, time_limit

FILES = [(kind, name) for kind in KINDS for name in corpus(kind)]


@pytest.mark.parametrize("kind", KINDS)
def test_every_input_is_taken_or_refused_and_so_are_a_few_of_the_fuzzer(kind: Kind) -> None:
    """All in one world, which what came before has changed.

    A finding is told by the name of its file or by its number; for one of the corpus, the test
    below shows the traceback.
    """
    target = target_of(kind)
    inputs = corpus(kind)

    verdicts = {name: verdict(target, data) for name, data in inputs.items()}

    assert findings(verdicts) == {}
    accepted = [data for name, data in inputs.items() if verdicts[name] == "accepted"]
    assert len(inputs) >= 30
    assert 3 <= len(accepted) < len(inputs)
    found = Corpus(list(inputs.values()), accepted)
    made = [found.input(2026, kind, number, target) for number in range(60)]
    assert made == [found.input(2026, kind, number, target) for number in range(60)]
    assert findings({str(number): verdict(target, data) for number, data in enumerate(made)}) == {}


@pytest.mark.proof
@pytest.mark.parametrize(("kind", "name"), FILES, ids=[f"{kind}/{name}" for kind, name in FILES])
def test_an_input_of_the_corpus_is_taken_or_refused_in_a_fresh_world(kind: Kind, name: str) -> None:
    target = target_of(kind, fresh=True)

    with time_limit():
        answer = target((CORPUS / kind / name).read_bytes())

    assert answer in ("accepted", "refused")


def verdict(target: Target, data: bytes) -> str:
    """What the target answers in time, or the exception that it raises: a finding."""
    try:
        with time_limit():
            return target(data)
    except Exception as error:
        return repr(error)


def findings(verdicts: dict[str, str]) -> dict[str, str]:
    return {
        name: verdict
        for name, verdict in verdicts.items()
        if verdict not in ("accepted", "refused")
    }


def test_an_input_that_takes_too_long_is_stopped() -> None:
    def take_long(seconds: float) -> None:
        with time_limit(seconds):
            while True:
                pass

    with pytest.raises(TooSlowError, match="0\\.01 seconds"):
        take_long(0.01)
