"""ListServiceInstances: filters, orders and pages.

Source: service model, ListServiceInstances, its filter keys and sort orders. How filters combine
and match, and how ties are broken, is inferred; so are the values of
``deployedTemplateVersionStatus``, which no source lists.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Final, TypeAlias

from moto_proton.proton.exceptions import ValidationError
from moto_proton.proton.models.collection import Page, PageKey, PageRequest, microseconds, page_of
from moto_proton.proton.models.idempotency import Request
from moto_proton.proton.models.service import Service, ServiceInstance
from moto_proton.proton.models.versions import Version, recommended

if TYPE_CHECKING:
    from moto_proton.proton.models.store import ProtonStore

Test: TypeAlias = Callable[[ServiceInstance], bool]

# RFC 3339 in UTC: a Z, no offset; the fraction is optional (service model, filter documentation).
_TIME: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z\Z", re.ASCII)

_SORT_VALUES: Final[dict[str, Callable[[ServiceInstance], str | int]]] = {
    "name": lambda i: i.name,
    "deploymentStatus": lambda i: i.deployment_status.value,
    "templateName": lambda i: i.template_name,
    "serviceName": lambda i: i.service_name,
    "environmentName": lambda i: i.environment_name,
    "lastDeploymentAttemptedAt": lambda i: _moment(i.last_deployment_attempted_at),
    "createdAt": lambda i: _moment(i.created_at),
}


def page_service_instances(
    store: ProtonStore, page: PageRequest, request: Request
) -> Page[ServiceInstance]:
    """A page of the instances that pass every filter, of one service or of all.

    ``request`` holds ``service_name``, ``filters``, ``sort_by`` and ``sort_order``, each optional.
    Raises ResourceNotFoundError for an unknown service, :class:`ValidationError` for a filter
    without key or value, or with a time that is none.
    """
    tests = [_test(store, entry) for entry in request.get("filters", ())]
    only = store.services.get(request["service_name"]) if "service_name" in request else None
    sort_by = request.get("sort_by", "serviceName")
    descending = request.get("sort_order") == "DESCENDING"
    value_of = _SORT_VALUES[sort_by]

    def keyed(services: Iterable[Service]) -> Iterator[tuple[PageKey, ServiceInstance]]:
        for service in services:
            instances = service.instances.values()
            for i in reversed(instances) if descending else instances:
                if all(test(i) for test in tests):
                    yield (value_of(i), i.service_name, i.name), i

    if sort_by == "serviceName":
        # Kept in this order, so that a page costs what is on it, not what there is in all.
        start = str(page.after[1]) if page.after is not None else None
        services = [only] if only else store.services.by_name(start, descending=descending)
        ordered: Iterable[tuple[PageKey, ServiceInstance]] = keyed(services)
    else:
        everything = keyed([only] if only else store.services)
        ordered = sorted(everything, key=lambda pair: pair[0], reverse=descending)
    return page_of(_after(ordered, page.after, descending), page.limit)


def _after(
    keyed: Iterable[tuple[PageKey, ServiceInstance]], after: PageKey | None, descending: bool
) -> Iterator[tuple[PageKey, ServiceInstance]]:
    for key, instance in keyed:
        if after is None or (key < after if descending else key > after):
            yield key, instance


def _test(store: ProtonStore, entry: dict[str, str]) -> Test:
    key, value = entry.get("key"), entry.get("value")
    if key is None or value is None:
        raise ValidationError("A filter of service instances needs both a key and a value")
    if key == "deployedTemplateVersionStatus":
        return lambda i: _staleness(store, i) == value
    if key in ("createdAtBefore", "createdAtAfter"):
        return _time_test(key, value, lambda i: i.created_at)
    if key in ("lastDeploymentAttemptedAtBefore", "lastDeploymentAttemptedAtAfter"):
        return _time_test(key, value, lambda i: i.last_deployment_attempted_at)
    attribute = _SORT_VALUES[key]
    return lambda i: attribute(i) == value


def _time_test(key: str, value: str, time_of: Callable[[ServiceInstance], datetime | None]) -> Test:
    limit = _parse_time(key, value).timestamp()
    if key.endswith("Before"):
        return lambda i: (moment := _shown_moment(time_of(i))) is not None and moment < limit
    return lambda i: (moment := _shown_moment(time_of(i))) is not None and moment > limit


def _shown_moment(moment: datetime | None) -> float | None:
    """A time as responses show it, to the millisecond: what a caller saw is what it filters by."""
    return round(moment.timestamp(), 3) if moment is not None else None


def _parse_time(key: str, value: str) -> datetime:
    # Python 3.10 reads neither a Z nor any number of digits of a second.
    if _TIME.match(value):
        whole, _, fraction = value[:-1].partition(".")
        padded = fraction[:6].ljust(6, "0")
        try:
            return datetime.fromisoformat(f"{whole}.{padded}+00:00")
        except ValueError:
            pass
    raise ValidationError(
        f"The value {value!r} of the filter {key} is no time in UTC such as 1985-04-12T23:20:50.52Z"
    )


def _staleness(store: ProtonStore, instance: ServiceInstance) -> str | None:
    """How an instance's version compares with the recommended one; None without a version."""
    template = store.service_templates.find(instance.template_name)
    best = recommended(template.all_versions()) if template is not None else None
    if instance.deployed is None or best is None:
        return None
    return staleness(instance.deployed.version, best)


def staleness(version: Version, best: Version) -> str:
    """UP_TO_DATE, BEHIND_MINOR or BEHIND_MAJOR: the dashboard's classes (names inferred)."""
    if version.major < best.major:
        return "BEHIND_MAJOR"
    if version.major == best.major and version.minor < best.minor:
        return "BEHIND_MINOR"
    return "UP_TO_DATE"


def _moment(moment: datetime | None) -> int:
    return microseconds(moment) if moment is not None else 0
