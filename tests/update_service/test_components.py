"""Rows 78 to 80: instances with an attached component."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from mypy_boto3_proton import ProtonClient

    from moto_proton.seed import Seed


@pytest.fixture(autouse=True)
def cache(proton: ProtonClient, seed: Seed) -> dict[str, Any]:
    """A component attached to ``b``."""
    return seed.component("cache", attach_to=("svc", "b"))


@pytest.mark.row(78)
def test_an_instance_with_a_component_must_not_go(
    refused: Callable[..., None], spec: Callable[..., str]
) -> None:
    refused(
        "update_service",
        "ConflictException",
        " b ",
        "cache",
        name="svc",
        spec=spec("a", "c"),
        description="new",
    )


@pytest.mark.row(79)
def test_an_instance_with_a_component_may_stay(
    proton: ProtonClient,
    cache: dict[str, Any],
    update: Callable[..., dict[str, Any]],
    statuses: Callable[[], dict[str, str]],
    spec: Callable[..., str],
) -> None:
    assert update(spec=spec("b", "c"))["status"] == "UPDATE_IN_PROGRESS"

    assert statuses() == {"b": "SUCCEEDED", "c": "SUCCEEDED"}
    assert proton.get_component(name="cache")["component"] == cache


@pytest.mark.row(80)
def test_an_instance_may_go_once_its_component_is_detached(
    proton: ProtonClient,
    update: Callable[..., dict[str, Any]],
    statuses: Callable[[], dict[str, str]],
    spec: Callable[..., str],
) -> None:
    proton.update_component(
        name="cache", deploymentType="CURRENT_VERSION", serviceName="", serviceInstanceName=""
    )

    assert update(spec=spec("a"))["status"] == "UPDATE_IN_PROGRESS"

    assert statuses() == {"a": "SUCCEEDED"}
    assert proton.get_component(name="cache")["component"]["environmentName"] == "env"
