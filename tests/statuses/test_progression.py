"""moto's state manager decides when a status ends: after some calls, after some time, or
at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import pytest
from freezegun import freeze_time
from moto.moto_api import state_manager

if TYPE_CHECKING:
    from mypy_boto3_proton import ProtonClient

    from moto_proton.seed import Seed

NOON = datetime(2024, 5, 1, 12, tzinfo=timezone.utc)


def shown_twice(model: str) -> None:
    state_manager.set_transition(f"proton::{model}", {"progression": "manual", "times": 2})


def seconds(model: str, number: int) -> None:
    state_manager.set_transition(f"proton::{model}", {"progression": "time", "seconds": number})


# --- manual: after so many calls that show the resource ------------------------------------------


@pytest.mark.rule("3-1")
def test_a_service_is_shown_twice_before_it_is_active(
    proton: ProtonClient,
    update: Callable[..., dict[str, Any]],
    get: Callable[[], dict[str, Any]],
    spec: Callable[..., str],
) -> None:
    shown_twice("service")

    update(spec=spec("a", "c"))

    assert [get()["status"] for _ in range(3)] == ["UPDATE_IN_PROGRESS", "ACTIVE", "ACTIVE"]


def test_a_list_shows_as_a_get_does(
    proton: ProtonClient, update: Callable[..., dict[str, Any]], spec: Callable[..., str]
) -> None:
    shown_twice("service")

    update(spec=spec("a", "c"))

    seen = [proton.list_services()["services"][0]["status"] for _ in range(2)]
    assert seen == ["UPDATE_IN_PROGRESS", "ACTIVE"]


@pytest.mark.parametrize("operation", ["list_environments", "get_account_settings"])
def test_calls_that_do_not_show_it_do_not_count(
    proton: ProtonClient,
    update: Callable[..., dict[str, Any]],
    get: Callable[[], dict[str, Any]],
    spec: Callable[..., str],
    operation: str,
) -> None:
    shown_twice("service")
    update(spec=spec("a", "c"))

    for _ in range(5):
        getattr(proton, operation)()

    assert get()["status"] == "UPDATE_IN_PROGRESS"


def test_showing_a_service_shows_what_it_waits_for(
    proton: ProtonClient,
    update: Callable[..., dict[str, Any]],
    get: Callable[[], dict[str, Any]],
    spec: Callable[..., str],
) -> None:
    for model in ("service_instance", "service_pipeline"):
        shown_twice(model)

    update(spec=spec("a", "c"))

    # Two for the addition, two for the deletion, two for the pipeline.
    seen = [get()["status"] for _ in range(6)]
    assert seen == ["UPDATE_IN_PROGRESS"] * 5 + ["ACTIVE"]


@pytest.mark.parametrize("waiter", ["service_updated", "service_pipeline_deployed"])
def test_a_waiter_moves_the_service_on(
    proton: Any,
    update: Callable[..., dict[str, Any]],
    get: Callable[[], dict[str, Any]],
    spec: Callable[..., str],
    waiter: str,
) -> None:
    for model in ("service", "service_instance", "service_pipeline"):
        shown_twice(model)
    update(spec=spec("a", "c"))

    proton.get_waiter(waiter).wait(name="svc", WaiterConfig={"Delay": 0, "MaxAttempts": 20})

    assert get()["pipeline"]["deploymentStatus"] == "SUCCEEDED"


def test_an_environment_is_shown_twice_before_it_is_deployed(
    empty: ProtonClient, seed: Seed
) -> None:
    seed.environment_template()
    shown_twice("environment")

    first = seed.environment("dev")  # shows it once

    assert first["deploymentStatus"] == "IN_PROGRESS"
    assert empty.get_environment(name="dev")["environment"]["deploymentStatus"] == "SUCCEEDED"


@pytest.mark.proton(config={"require_bundles": False})
@pytest.mark.parametrize("kind", ["environment", "service"])
def test_a_template_version_is_shown_twice_before_it_is_a_draft(
    empty: Any, seed: Seed, kind: str
) -> None:
    getattr(seed, f"{kind}_template")("shop")
    shown_twice(f"{kind}_template_version")
    more = (
        {
            "compatibleEnvironmentTemplates": [
                {"templateName": "environment-template", "majorVersion": "1"}
            ]
        }
        if kind == "service"
        else {}
    )
    getattr(empty, f"create_{kind}_template_version")(
        templateName="shop", source={"s3": {"bucket": "bundles", "key": "shop.tar.gz"}}, **more
    )

    get = getattr(empty, f"get_{kind}_template_version")
    seen = [
        get(templateName="shop", majorVersion="2", minorVersion="0")[f"{kind}TemplateVersion"][
            "status"
        ]
        for _ in range(2)
    ]

    assert seen == ["REGISTRATION_IN_PROGRESS", "DRAFT"]


def test_a_deletion_that_ends_with_a_get_is_not_found(
    proton: ProtonClient, get: Callable[[], dict[str, Any]]
) -> None:
    shown_twice("service")
    proton.delete_service(name="svc")

    assert get()["status"] == "DELETE_IN_PROGRESS"

    with pytest.raises(proton.exceptions.ResourceNotFoundException):
        get()


# --- time ----------------------------------------------------------------------------------------


@pytest.fixture
def clock() -> Iterator[Any]:
    with freeze_time(NOON, ignore=["_pytest"]) as frozen:
        yield frozen


def test_a_creation_goes_step_by_step(
    clock: Any,
    seed: Seed,
    make_svc: Callable[..., dict[str, Any]],
    get: Callable[[], dict[str, Any]],
) -> None:
    seconds("service_instance", 30)
    seconds("service_pipeline", 45)

    assert make_svc()["status"] == "CREATE_IN_PROGRESS"

    clock.tick(74)
    assert get()["status"] == "CREATE_IN_PROGRESS"
    clock.tick(3600)
    service = get()
    assert service["status"] == "ACTIVE"
    assert service["createdAt"] == NOON
    assert service["lastModifiedAt"] == NOON + timedelta(seconds=75)


def test_the_time_of_the_service_itself_runs_beside_that_of_its_parts(
    clock: Any,
    make_svc: Callable[..., dict[str, Any]],
    get: Callable[[], dict[str, Any]],
) -> None:
    seconds("service_instance", 30)
    seconds("service", 60)
    make_svc()

    clock.tick(59)
    assert get()["status"] == "CREATE_IN_PROGRESS"
    clock.tick(1)
    assert get()["status"] == "ACTIVE"


def test_a_deletion_takes_as_long_as_its_slowest_part(
    clock: Any,
    make_svc: Callable[..., dict[str, Any]],
    empty: ProtonClient,
    get: Callable[[], dict[str, Any]],
    statuses: Callable[[], dict[str, str]],
) -> None:
    make_svc()
    seconds("service_instance", 30)
    seconds("service_pipeline", 60)
    empty.delete_service(name="svc")

    clock.tick(30)
    assert (get()["status"], statuses()) == ("DELETE_IN_PROGRESS", {})
    clock.tick(30)
    with pytest.raises(empty.exceptions.ResourceNotFoundException):
        get()


def test_a_step_that_was_held_goes_on_when_the_state_manager_says_so(
    proton: ProtonClient,
    hold: Callable[..., None],
    let_go: Callable[..., None],
    update: Callable[..., dict[str, Any]],
    get: Callable[[], dict[str, Any]],
    spec: Callable[..., str],
) -> None:
    hold("service")
    update(spec=spec("a", "c"))
    assert get()["status"] == "UPDATE_IN_PROGRESS"

    let_go("service")

    assert get()["status"] == "ACTIVE"
