"""Rows 81 to 84: how many instances a service may have."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from moto_proton import faults, mock_proton

if TYPE_CHECKING:
    from mypy_boto3_proton import ProtonClient

NAMES = [f"i{number:02}" for number in range(1, 22)]


@pytest.mark.rule("5.2-9")
@pytest.mark.row(81)
def test_a_21st_instance_is_over_the_quota(
    make_svc: Callable[..., dict[str, Any]],
    refused: Callable[..., None],
    spec: Callable[..., str],
) -> None:
    make_svc(*NAMES[:20])

    refused(
        "update_service",
        "ServiceQuotaExceededException",
        "service instances per service",
        "20",
        "21",
        name="svc",
        spec=spec(*NAMES),
        description="new",
    )


@pytest.mark.rule("5.4-2")
@pytest.mark.row(81)
def test_the_quota_is_adjustable(
    make_svc: Callable[..., dict[str, Any]],
    update: Callable[..., dict[str, Any]],
    refused: Callable[..., None],
    spec: Callable[..., str],
) -> None:
    make_svc("a", "b")

    with mock_proton(config={"proton": {"quotas": {"service_instances_per_service": 3}}}):
        refused(
            "update_service", "ServiceQuotaExceededException", "3", name="svc", spec=spec(*"abcd")
        )
        assert update(spec=spec(*"abc"))["status"] == "UPDATE_IN_PROGRESS"


@pytest.fixture
def one_that_stays_behind(
    make_svc: Callable[..., dict[str, Any]],
    update: Callable[..., dict[str, Any]],
    statuses: Callable[[], dict[str, str]],
    spec: Callable[..., str],
) -> Callable[[int], None]:
    """Makes a service with so many live instances, and one whose deletion failed."""

    def make(live: int) -> None:
        make_svc("stuck", *NAMES[:live])
        faults.fail_deletion("service/svc/service-instance/stuck")
        update(spec=spec(*NAMES[:live]))
        assert statuses()["stuck"] == "DELETE_FAILED"

    return make


@pytest.mark.rule("5.2-9")
@pytest.mark.row(82)
def test_an_instance_whose_deletion_failed_counts(
    one_that_stays_behind: Callable[[int], None],
    refused: Callable[..., None],
    spec: Callable[..., str],
) -> None:
    one_that_stays_behind(19)

    refused(
        "update_service",
        "ServiceQuotaExceededException",
        "20",
        "21",
        name="svc",
        spec=spec(*NAMES[:20]),
    )


@pytest.mark.row(83)
def test_the_quota_itself_is_allowed(
    one_that_stays_behind: Callable[[int], None],
    update: Callable[..., dict[str, Any]],
    get: Callable[[], dict[str, Any]],
    spec: Callable[..., str],
) -> None:
    one_that_stays_behind(18)

    assert update(spec=spec(*NAMES[:19]))["status"] == "UPDATE_IN_PROGRESS"

    assert get()["status"] == "ACTIVE"


@pytest.mark.row(84)
def test_only_what_remains_counts(
    make_svc: Callable[..., dict[str, Any]],
    empty: ProtonClient,
    update: Callable[..., dict[str, Any]],
    statuses: Callable[[], dict[str, str]],
    spec: Callable[..., str],
) -> None:
    make_svc(*NAMES[:20])

    assert update(spec=spec(*NAMES[1:]))["status"] == "UPDATE_IN_PROGRESS"

    assert sorted(statuses()) == NAMES[1:]
