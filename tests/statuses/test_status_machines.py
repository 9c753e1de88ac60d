"""The tables of statuses are machines in which nothing gets lost, and code goes by them."""

from __future__ import annotations

from collections.abc import Mapping, Set
from enum import Enum
from typing import Any, Final

import pytest

from moto_proton.proton.account.status_machine import IllegalStepError, StatusMachine
from moto_proton.proton.connections.connection import CONNECTION
from moto_proton.proton.deployments.status import BUSY, DEPLOYMENT, DeploymentStatus
from moto_proton.proton.services.status import SERVICE, ServiceStatus
from moto_proton.proton.templates.status import TEMPLATE_VERSION

MACHINES: Final[Mapping[str, StatusMachine[Any]]] = {
    "deployment": DEPLOYMENT,
    "service": SERVICE,
    "template version": TEMPLATE_VERSION,
    "connection": CONNECTION,
}
every_machine = pytest.mark.parametrize("machine", MACHINES.values(), ids=MACHINES)


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
