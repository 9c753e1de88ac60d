"""Sends the variants of an operation and reports the answers that are not as expected."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

from moto_proton import api
from moto_proton.proton.state import fingerprint
from tests.conformance.cases import Plan, plans
from tests.conformance.rules import Rule, Tokens, filters_of
from tests.conformance.variants import Variant, Variants
from tests.conformance.visible import Seen, visible
from tests.conformance.wire import Answer, send
from tests.conformance.world import World, hold, let_go

READS: Final = ("Get", "List")
SHOWN_LATER: Final = frozenset(
    {"serviceSpec", "spec", "templateMajorVersion", "templateMinorVersion"}
)
"""What an update shows once it has succeeded, and not before."""

_SHOWN: Final = 300
_REFUSED_AT: Final = re.compile(r" at '([^']*)' failed to satisfy constraint: ")


@dataclass
class Result:
    """What the variants of one operation came to; ``failures`` are in words."""

    operation: str
    passed: Counter[str] = field(default_factory=Counter)
    sent: Counter[str] = field(default_factory=Counter)
    succeeding: int = 0
    invalid: int = 0
    by_rule: Counter[Rule] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)
    _bodies: set[str] = field(default_factory=set)

    def note_body(self, body: dict[str, Any]) -> None:
        """Take note of a request, to tell whether it comes again."""
        self._bodies.add(json.dumps(body, sort_keys=True))

    @property
    def distinct(self) -> int:
        """How many different requests they were."""
        return len(self._bodies)

    @property
    def total(self) -> int:
        """How many variants there were."""
        return self.sent.total()


class Runner:
    """Runs operation after operation in one world, which each finds as it was made."""

    def __init__(self) -> None:
        self._world = World()
        self.plans: dict[str, Plan] = plans(self._world)
        self.seen_at_first: Seen = visible()
        self.restore()
        self._before = fingerprint()
        self._variants: dict[str, Variants] = {}

    @cached_property
    def _tokens(self) -> dict[str, Tokens]:
        return {
            operation: {
                case["nextToken"]: filters_of(case) for case in plan.cases if case.get("nextToken")
            }
            for operation, plan in self.plans.items()
        }

    def variants(self, operation: str) -> Variants:
        """The variants of an operation, derived once."""
        if operation not in self._variants:
            plan, tokens = self.plans[operation], self._tokens[operation]
            self._variants[operation] = Variants(operation, plan, tokens)
        return self._variants[operation]

    def restore(self) -> None:
        """Put the world back as it was made."""
        self._world.restore()

    def seen(self) -> Seen:
        """All that a caller can see."""
        return visible()

    def run(self, operation: str, every: int = 1) -> Result:
        """Send the variants of an operation: all refused ones, and every so-manieth other one."""
        result = Result(operation)
        reads = operation.startswith(READS)
        variants = list(self.variants(operation))
        self._run_refused(operation, [each for each in variants if each.expected != "OK"], result)
        succeeding = [each for each in variants if each.expected == "OK"]
        for variant in succeeding[::every]:
            problems = self._send(operation, variant)
            if not reads:
                problems += self._come_to_an_end()
                self._world.restore()
            self._note(result, variant, problems)
        if reads and fingerprint() != self._before:
            result.failures += self._changes("what is visible changed though all was only read")
        return result

    def _run_refused(self, operation: str, refused: list[Variant], result: Result) -> None:
        self._world.restore()
        problems = [self._send(operation, variant) for variant in refused]
        if fingerprint() != self._before:
            result.failures += self._changes("what is visible changed though all was refused")
            problems = [self._send_alone(operation, variant) for variant in refused]
            self._world.restore()
        for variant, found in zip(refused, problems, strict=True):
            self._note(result, variant, found)

    def _send_alone(self, operation: str, variant: Variant) -> list[str]:
        """Send a variant that must be refused, to find the one that changed something."""
        self._world.restore()
        problems = self._send(operation, variant)
        if fingerprint() != self._before:
            problems.append("refused, and yet something changed")
        return problems

    def count(self, operation: str) -> Result:
        """What the variants of an operation come to if all of them pass; sends none."""
        result = Result(operation)
        for variant in self.variants(operation):
            self._note(result, variant, [])
        return result

    def _note(self, result: Result, variant: Variant, problems: list[str]) -> None:
        result.note_body(variant.body)
        result.sent[variant.kind] += 1
        result.passed[variant.kind] += not problems
        if variant.rule is not None:
            result.by_rule[variant.rule] += 1
        elif variant.member is not None:
            result.invalid += 1
        else:
            result.succeeding += 1
        if problems:
            body = json.dumps(variant.body)
            shown = body if len(body) <= _SHOWN else f"{body[:_SHOWN]}..."
            told = "; ".join(problems)
            result.failures.append(f"{variant.kind}, {variant.words}: {told}\n    {shown}")

    def _send(self, operation: str, variant: Variant) -> list[str]:
        try:
            answer = send(operation, variant.body)
        except Exception as error:  # whatever it is, it must not get out of the mock
            return [f"raised {error!r}"]
        return problems_of(operation, variant, answer)

    def _come_to_an_end(self) -> list[str]:
        """Let what a call started come to its end."""
        let_go()
        try:
            answer = send("GetResourcesSummary", {})
        except Exception as error:
            return [f"what it started ended with {error!r}"]
        finally:
            hold()
        return [] if answer.status == 200 else [f"the next call was answered {answer.body}"]

    def _changes(self, words: str) -> list[str]:
        now = visible()
        return [f"{words}: {difference}" for difference in differences(self.seen_at_first, now)]


def differences(before: Seen, now: Seen) -> list[str]:
    """The requests that are answered in another way."""
    return sorted(key for key in before.keys() | now.keys() if before.get(key) != now.get(key))


def problems_of(operation: str, variant: Variant, answer: Answer) -> list[str]:
    """What is wrong with the answer to a variant."""
    problems: list[str] = []
    if answer.content_type != api.CONTENT_TYPE:
        problems.append(f"the content type is {answer.content_type}")
    if answer.code != variant.expected:
        rule = f" ({variant.rule.words})" if variant.rule is not None else ""
        told = str(answer.body)[:_SHOWN]
        return [*problems, f"{answer.code} instead of {variant.expected}{rule}: {told}"]
    if answer.status == 200:
        problems += api.check_response(operation, answer.body)
        return problems + _unlike(variant.body, answer.body, operation.startswith("Update"))
    return problems + _problems_of_refusal(operation, variant, answer)


def _unlike(asked: dict[str, Any], answered: dict[str, Any], updated: bool) -> list[str]:
    """The members of the one resource in an answer that are other than was asked for."""
    resources = [value for value in answered.values() if isinstance(value, dict)]
    if len(resources) != 1:
        return []
    return [
        f"{name} is {resources[0][name]!r:.100}, asked for was {value!r:.100}"
        for name, value in asked.items()
        if isinstance(value, str)
        and resources[0].get(name, value) != value
        and not (updated and name in SHOWN_LATER)
    ]


def _problems_of_refusal(operation: str, variant: Variant, answer: Answer) -> list[str]:
    problems: list[str] = []
    body: dict[str, Any] = answer.body
    if answer.status != 400:
        problems.append(f"the HTTP status is {answer.status}")
    if set(body) != {"__type", "message"} or not body["message"]:
        problems.append(f"the members of the error are {sorted(body)}")
    if answer.code not in api.error_codes(operation):
        problems.append(f"{answer.code} is not in the list of the operation")
    if variant.member is not None:
        named = _REFUSED_AT.findall(body["message"])
        if variant.member not in named:
            problems.append(f"the message does not name {variant.member}: {body['message']:.300}")
        if variant.words != "all left out" and set(named) - {variant.member}:
            problems.append(f"the message blames other members, too: {named}")
    elif _REFUSED_AT.search(body["message"]):
        problems.append(f"the message blames the model: {body['message']:.300}")
    return problems
