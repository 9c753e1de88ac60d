"""Rows 27 to 31: the description."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import pytest
from freezegun import freeze_time

if TYPE_CHECKING:
    from mypy_boto3_proton import ProtonClient

CREATED = datetime(2024, 5, 1, 12, tzinfo=timezone.utc)
EDITED = CREATED + timedelta(hours=1)


@pytest.mark.rule("3.2-7", "3.7-2", "5.7-1", "5.7-2", "5.7-3", "5.7-4", "5.7-5")
@pytest.mark.row(27)
def test_a_description_is_replaced_and_nothing_is_deployed(
    make_svc: Callable[..., dict[str, Any]],
    update: Callable[..., dict[str, Any]],
    get: Callable[[], dict[str, Any]],
    instance: Callable[[str], dict[str, Any]],
) -> None:
    with freeze_time(CREATED) as clock:
        before = make_svc()
        instances = [instance("a"), instance("b")]
        clock.move_to(EDITED)

        updated = update(description="Edit by updating description")

        assert updated == {
            **before,
            "description": "Edit by updating description",
            "lastModifiedAt": EDITED,
        }
        assert updated["status"] == "ACTIVE"
        assert get() == updated
        assert [instance("a"), instance("b")] == instances


@pytest.mark.row(28)
def test_an_empty_description_clears_it(
    proton: ProtonClient,
    update: Callable[..., dict[str, Any]],
    get: Callable[[], dict[str, Any]],
) -> None:
    assert "description" not in update(description="")
    assert "description" not in get()


@pytest.mark.row(29)
def test_an_equal_description_counts_as_a_modification(
    make_svc: Callable[..., dict[str, Any]], update: Callable[..., dict[str, Any]]
) -> None:
    with freeze_time(CREATED) as clock:
        before = make_svc()
        clock.move_to(EDITED)

        updated = update(description=before["description"])

    assert updated == {**before, "lastModifiedAt": EDITED}


@pytest.mark.rule("3.7-3", "5.7-2", "5.7-3", "5.7-4")
@pytest.mark.row(30)
def test_the_response_to_both_edits_has_the_new_description(
    make_svc: Callable[..., dict[str, Any]],
    update: Callable[..., dict[str, Any]],
    get: Callable[[], dict[str, Any]],
    spec: Callable[..., str],
) -> None:
    with freeze_time(CREATED) as clock:
        make_svc()
        clock.move_to(EDITED)

        updated = update(description="new", spec=spec("a", "b", "c"))

        assert updated["status"] == "UPDATE_IN_PROGRESS"
        assert updated["description"] == "new"
        assert updated["lastModifiedAt"] == EDITED
        assert get()["description"] == "new"


@pytest.mark.row(31)
@pytest.mark.usefixtures("proton")
def test_a_refused_spec_keeps_the_description(
    refused: Callable[..., None], get: Callable[[], dict[str, Any]], spec: Callable[..., str]
) -> None:
    refused(
        "update_service",
        "ResourceNotFoundException",
        "nowhere",
        name="svc",
        description="new",
        spec=spec("a", "b", c="nowhere"),
    )

    assert get()["description"] == "The shop"
