"""The tables of statuses are machines in which nothing gets lost, and code goes by them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Set
from enum import Enum
from typing import Any, Final

import pytest

from moto_proton.proton.account.status_machine import IllegalStepError, StatusMachine
from moto_proton.proton.connections.connection import CONNECTION
from moto_proton.proton.deployments.status import BUSY, DEPLOYMENT, DeploymentStatus
from moto_proton.proton.services.status import SERVICE, ServiceStatus
from moto_proton.proton.templates.status import TEMPLATE_VERSION
from scripts.rule_document import read_document

MACHINES: Final[Mapping[str, StatusMachine[Any]]] = {
    "deployment": DEPLOYMENT,
    "service": SERVICE,
    "template version": TEMPLATE_VERSION,
    "connection": CONNECTION,
}
every_machine = pytest.mark.parametrize("machine", MACHINES.values(), ids=MACHINES)


SECTIONS: Final = {"deployment": "3.1", "service": "3.2", "connection": "3.5"}
"""Of docs/behaviour.md, where a table of rules draws the steps of a machine."""
IN_WORDS: Final = {
    # The second half of Rule 3.2-5.
    ("CREATE_FAILED_CLEANUP_IN_PROGRESS", "CREATE_FAILED_CLEANUP_COMPLETE"),
    ("CREATE_FAILED_CLEANUP_IN_PROGRESS", "CREATE_FAILED_CLEANUP_FAILED"),
    # Rule 3.1-15: on the record of a deletion alone.
    ("DELETE_IN_PROGRESS", "DELETE_COMPLETE"),
    # Instances that an edit was to remove, which failed before it came to them.
    ("DELETE_IN_PROGRESS", "SUCCEEDED"),
    ("DELETE_IN_PROGRESS", "FAILED"),
    ("DELETE_IN_PROGRESS", "CANCELLED"),
}
"""Steps that no row draws."""


def reached_from(machine: StatusMachine[Any], start: Enum) -> Set[Enum]:
    reached = {start}
    unread = [start]
    while unread:
        for following in machine.follows[unread.pop()] - reached:
            reached.add(following)
            unread.append(following)
    return reached


@every_machine
def test_every_status_of_the_service_model_has_its_row(machine: StatusMachine[Any]) -> None:
    statuses: type[Enum] = type(machine.start)
    assert set(machine.follows) == set(statuses)


@every_machine
def test_every_status_is_reached_from_the_one_start(machine: StatusMachine[Any]) -> None:
    assert reached_from(machine, machine.start) == set(machine.follows)


@every_machine
def test_nothing_follows_a_final_status_and_something_every_other(
    machine: StatusMachine[Any],
) -> None:
    assert machine.final == {status for status, after in machine.follows.items() if not after}


@every_machine
def test_no_status_is_a_trap(machine: StatusMachine[Any]) -> None:
    ends = machine.final | machine.leaving
    traps = {status for status in machine.follows if not reached_from(machine, status) & ends}
    assert traps == set()


def test_a_resource_at_rest_waits_for_no_other_status_than_a_busy_one() -> None:
    for status, following in DEPLOYMENT.follows.items():
        if status not in BUSY:
            assert following <= BUSY


def test_a_step_that_the_table_has_not_is_refused() -> None:
    with pytest.raises(IllegalStepError, match="SUCCEEDED can't follow DELETE_COMPLETE"):
        DEPLOYMENT.step(DeploymentStatus.DELETE_COMPLETE, DeploymentStatus.SUCCEEDED)

    assert SERVICE.step(ServiceStatus.ACTIVE, ServiceStatus.ACTIVE) is ServiceStatus.ACTIVE


def steps_drawn(section: str) -> Iterator[tuple[str, str, str]]:
    """The number of each rule that draws steps, and the statuses from and to which they go."""
    for rule in read_document().rules.values():
        cells = rule.text.split(" | ")
        if rule.section == section and len(cells) > 2 and not rule.note.startswith("not built"):
            after = re.match(r"[A-Z_]+\b", cells[1])
            for before in re.findall(r"\b[A-Z_]{5,}\b", cells[0]):
                if after:
                    yield rule.number, before, after[0]


@pytest.mark.parametrize("kind", SECTIONS)
def test_the_steps_that_the_rules_draw_are_in_the_table(kind: str) -> None:
    machine = MACHINES[kind]
    status = type(machine.start)
    drawn = list(steps_drawn(SECTIONS[kind]))

    missing = [
        (number, before, after)
        for number, before, after in drawn
        if not machine.allows(status(before), status(after))
    ]
    assert drawn
    assert missing == []


@pytest.mark.parametrize("kind", SECTIONS)
def test_a_table_has_no_step_that_no_rule_draws(kind: str) -> None:
    drawn = {(before, after) for _, before, after in steps_drawn(SECTIONS[kind])}

    steps = {
        (before.value, after.value)
        for before, following in MACHINES[kind].follows.items()
        for after in following
        # Rules 3.1-11, 3.2-6 and 3.2-14: from any status that is not busy.
        if not after.value.endswith("_IN_PROGRESS") or before.value.endswith("_IN_PROGRESS")
    }
    assert steps - drawn - IN_WORDS == set()
