"""Every operation, with every variant that the service model gives: see docs/conformance.md."""

from __future__ import annotations

import pytest

from moto_proton import api
from tests.conformance.rules import RULES, TOKEN
from tests.conformance.running import Runner
from tests.conformance.variants import KINDS, RANDOM_PER_OPERATION, members_that_succeed

OPERATIONS = sorted(api.operation_names())


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize(
    "every",
    [
        pytest.param(1, id="all", marks=pytest.mark.proof),
        pytest.param(5, id="some"),
    ],
)
def test_an_operation_takes_what_the_model_permits_and_nothing_else(
    runner: Runner, operation: str, every: int
) -> None:
    result = runner.run(operation, every)

    if result.failures:
        told = "\n".join(result.failures)
        pytest.fail(
            f"{len(result.failures)} failures in {result.total} variants of {operation}:\n{told}",
            pytrace=False,
        )
    assert result.passed == result.sent


@pytest.mark.parametrize("operation", OPERATIONS)
def test_every_member_is_part_of_a_request_that_succeeds(runner: Runner, operation: str) -> None:
    variants = runner.variants(operation)

    top = {member.path[0] for member in variants.members}
    assert members_that_succeed(variants) >= top


@pytest.mark.parametrize("operation", OPERATIONS)
def test_every_operation_meets_random_requests_that_succeed(runner: Runner, operation: str) -> None:
    random = [each for each in runner.variants(operation) if each.kind == "random"]

    assert len(random) >= RANDOM_PER_OPERATION >= 20
    assert all(each.expected == "OK" for each in random)


def test_there_are_thousands_of_variants_of_all_kinds(runner: Runner) -> None:
    variants = [each for operation in OPERATIONS for each in runner.variants(operation)]

    assert len(OPERATIONS) == 87
    assert len(variants) >= 7_000
    assert {each.kind for each in variants} == set(KINDS)
    assert len([each for each in variants if each.expected == "OK"]) >= 2_800


def test_every_rule_decides_about_something(runner: Runner) -> None:
    used = {each.rule for operation in OPERATIONS for each in runner.variants(operation)}

    assert used - {None} == {TOKEN, *RULES}


def test_the_same_seed_gives_the_same_variants(runner: Runner) -> None:
    derived = runner.variants("CreateService")

    again = derived.again()

    assert [each.body for each in derived] == [each.body for each in again]
