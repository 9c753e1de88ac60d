"""ListServiceInstances: filters, orders and pages.

The cost of a page depends on its size, not on the number of instances: for each combination of
filtered names or statuses and sort key there is an order (``listing.Orders``), made at its first
use. Instances are checked one by one only within one service, and within the shortest time span of
a filter if the list is sorted by something else.

Rules: section 6.9.1 of docs/behaviour.md.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Final, TypeAlias

from moto_proton.proton.account.listing import (
    Order,
    Orders,
    Page,
    PageKey,
    PageRequest,
    Place,
    Span,
    microseconds,
    page_of,
)
from moto_proton.proton.account.requests import Request
from moto_proton.proton.exceptions import ValidationError
from moto_proton.proton.services.instance import ServiceInstance
from moto_proton.proton.services.service import Service
from moto_proton.proton.services.services import Services
from moto_proton.proton.templates.numbers import Version
from moto_proton.proton.templates.service_templates import ServiceTemplates

Keyed: TypeAlias = tuple[PageKey, ServiceInstance]

# RFC 3339 in UTC: a Z, no offset; the fraction is optional (service model, filter documentation).
_TIME: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z\Z", re.ASCII)
_SHOWN_WITHIN: Final = 1_000
"""Microseconds: the largest difference between a time and the same time shown in milliseconds."""

_SORT_VALUES: Final[dict[str, Callable[[ServiceInstance], str | int]]] = {
    "name": lambda i: i.name,
    "deploymentStatus": lambda i: i.deployment_status.value,
    "templateName": lambda i: i.template_name,
    "serviceName": lambda i: i.service_name,
    "environmentName": lambda i: i.environment_name,
    "lastDeploymentAttemptedAt": lambda i: _moment(i.last_deployment_attempted_at),
    "createdAt": lambda i: _moment(i.created_at),
}
_TIMES: Final[dict[str, Callable[[ServiceInstance], datetime | None]]] = {
    "createdAt": lambda i: i.created_at,
    "lastDeploymentAttemptedAt": lambda i: i.last_deployment_attempted_at,
}


def page_service_instances(
    services: Services, templates: ServiceTemplates, page: PageRequest, request: Request
) -> Page[ServiceInstance]:
    """A page of the instances that pass every filter, of one service or of all.

    ``request`` holds ``service_name``, ``filters``, ``sort_by`` and ``sort_order``, each optional.
    Raises ResourceNotFoundError for an unknown service, :class:`ValidationError` for a filter
    without key or value, or with an invalid time.

    Rules 6.9.1-1 to 6.9.1-4 and 6.9.1-6.
    """
    wanted = _read(request.get("filters", ()))
    service = services.get(request["service_name"]) if "service_name" in request else None
    if service is not None:
        wanted.equal("serviceName", service.name)
    sort_by = request.get("sort_by", "serviceName")
    descending = request.get("sort_order") == "DESCENDING"
    if wanted.nothing:
        return Page([])
    if service is None and "serviceName" in wanted.values:
        service = services.find(wanted.values["serviceName"])
        if service is None:
            return Page([])
    keep = _test(templates, wanted)
    if sort_by == "serviceName" and (service is not None or wanted.everything):
        start = str(page.after[1]) if page.after is not None else None
        shown = [service] if service else services.by_name(start, descending=descending)
        return page_of(_by_name(shown, page.after, descending), page.limit, keep)
    if service is not None:
        found = filter(keep, service.instances.values())
        return page_of(_sorted(found, sort_by, page.after, descending), page.limit)
    return _Search(services, templates, wanted, sort_by, descending, page, keep).page()


def key_form(request: Request) -> tuple[type, ...]:
    """The types of the parts of such a page's key: the value it is sorted by, and two names."""
    return (int if request.get("sort_by") in _TIMES else str, str, str)


# --- filters ------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Wanted:
    """The combined conditions of all filters of a request.

    ``values`` and ``staleness`` have to be equal; ``spans`` hold the microseconds between which a
    time has to be, slightly widened, and ``limits`` the exact bounds in seconds. ``nothing`` says
    that they contradict each other.
    """

    values: dict[str, str] = field(default_factory=dict)
    staleness: str | None = None
    spans: dict[str, tuple[int | None, int | None]] = field(default_factory=dict)
    limits: list[tuple[str, bool, float]] = field(default_factory=list)
    nothing: bool = False

    @property
    def everything(self) -> bool:
        """Whether there are no filters at all."""
        return not (self.values or self.staleness is not None or self.limits)

    def equal(self, key: str, value: str) -> None:
        """Require a value of an attribute."""
        self.nothing |= self.values.setdefault(key, value) != value

    def on_one_side(self, key: str, *, before: bool, moment: datetime) -> None:
        """Require a time before or after another one."""
        self.limits.append((key, before, moment.timestamp()))
        least, greatest = self.spans.get(key, (None, None))
        limit = microseconds(moment)
        if before:
            latest = limit + _SHOWN_WITHIN
            greatest = latest if greatest is None else min(greatest, latest)
        else:
            earliest = limit - _SHOWN_WITHIN
            least = earliest if least is None else max(least, earliest)
        self.spans[key] = (least, greatest)

    def span(self, key: str) -> Span:
        """The part of an order by ``key`` that holds all matching instances."""
        least, greatest = self.spans.get(key, (None, None))
        return (
            (least,) if least is not None else None,
            (greatest,) if greatest is not None else None,
        )


def _read(filters: Iterable[dict[str, str]]) -> _Wanted:
    # Rules 6.9.1-7 to 6.9.1-13, 6.9.1-16 and 6.9.1-17.
    wanted = _Wanted()
    for entry in filters:
        key, value = entry.get("key"), entry.get("value")
        if key is None or value is None:
            raise ValidationError("A filter of service instances needs both a key and a value")
        if key == "deployedTemplateVersionStatus":
            wanted.nothing |= wanted.staleness not in (None, value)
            wanted.staleness = value
        elif key in _SORT_VALUES:
            wanted.equal(key, value)
        else:
            before = key.endswith("Before")
            attribute = key.removesuffix("Before" if before else "After")
            wanted.on_one_side(attribute, before=before, moment=_parse_time(key, value))
    return wanted


def _test(templates: ServiceTemplates, wanted: _Wanted) -> Callable[[ServiceInstance], bool]:
    """The test that every instance found has to pass."""
    best_of = cache(templates.recommended)

    def test(instance: ServiceInstance) -> bool:
        return (
            all(_SORT_VALUES[key](instance) == value for key, value in wanted.values.items())
            and all(
                _is_beyond(_TIMES[key](instance), before, limit)
                for key, before, limit in wanted.limits
            )
            and (
                wanted.staleness is None
                or _staleness(instance, best_of(instance.template_name)) == wanted.staleness
            )
        )

    return test


def _is_beyond(moment: datetime | None, before: bool, limit: float) -> bool:
    # Rules 6.9.1-14 and 6.9.1-15.
    if moment is None:
        return False
    # To the millisecond, as responses show it, because callers filter by the times that they have
    # seen.
    shown = round(moment.timestamp(), 3)
    return shown < limit if before else shown > limit


def _parse_time(key: str, value: str) -> datetime:
    # Rules 6.9.1-14 and 6.9.1-16.
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


# --- orders -------------------------------------------------------------------------------------


def _by_name(
    services: Iterable[Service], after: PageKey | None, descending: bool
) -> Iterator[Keyed]:
    """The instances of services that are sorted by name, in that order."""
    for service in services:
        # A service keeps its instances sorted by name.
        bounds: tuple[str | None, str | None] = (None, None)
        if after is not None and service.name == after[1]:
            name = str(after[2])
            bounds = (None, name) if descending else (name, None)
        for name in service.instances.irange(*bounds, inclusive=(False, False), reverse=descending):
            instance = service.instances[name]
            yield _key(instance, "serviceName"), instance


def _sorted(
    instances: Iterable[ServiceInstance], sort_by: str, after: PageKey | None, descending: bool
) -> Iterator[Keyed]:
    keyed = ((_key(instance, sort_by), instance) for instance in instances)
    for key, instance in sorted(keyed, key=lambda pair: pair[0], reverse=descending):
        if after is None or (key < after if descending else key > after):
            yield key, instance


def _key(instance: ServiceInstance, sort_by: str) -> PageKey:
    # Rule 6.9.1-5.
    return (_SORT_VALUES[sort_by](instance), instance.service_name, instance.name)


@dataclass(frozen=True, slots=True)
class _Search:
    """A page of the instances of all services, found through the orders."""

    services: Services
    templates: ServiceTemplates
    wanted: _Wanted
    sort_by: str
    descending: bool
    request: PageRequest
    keep: Callable[[ServiceInstance], bool]

    def page(self) -> Page[ServiceInstance]:
        """The page, read from its own order or from the order of a filtered time, whichever is
        shorter.
        """
        groups = self._groups()
        after, limit = self.request.after, self.request.limit
        order, span = self._order(self.sort_by), self.wanted.span(self.sort_by)
        walk = order.walk(groups, span, after=after, descending=self.descending)
        others = [key for key in self.wanted.spans if key != self.sort_by]
        if not others:
            return page_of(walk, limit, self.keep)
        counts = {key: self._order(key).count(groups, self.wanted.span(key)) for key in others}
        shortest = min(counts, key=lambda key: counts[key])
        found = self._first(walk, counts[shortest])
        if found is None:
            stretch = self._order(shortest).walk(groups, self.wanted.span(shortest))
            kept = filter(self.keep, (instance for _, instance in stretch))
            return page_of(_sorted(kept, self.sort_by, after, self.descending), limit)
        return page_of(iter(found), limit)

    def _first(self, walk: Iterator[Keyed], most: int) -> list[Keyed] | None:
        """The items that a page needs from a walk; None if that takes more than so many steps."""
        found: list[Keyed] = []
        for steps, (key, instance) in enumerate(walk):
            if steps == most:
                return None
            if self.keep(instance):
                found.append((key, instance))
                if len(found) > self.request.limit:
                    break
        return found

    def _order(self, sort_by: str) -> Order[ServiceInstance]:
        """The instances grouped by the filtered attributes, and sorted within each group."""
        attributes, by_version = (
            tuple(sorted(self.wanted.values)),
            self.wanted.staleness is not None,
        )
        orders: Orders[ServiceInstance] = self.services.instance_orders

        def place_of(instance: ServiceInstance) -> Place | None:
            if instance.service.instances.get(instance.name) is not instance:
                return None
            values = tuple(_SORT_VALUES[attribute](instance) for attribute in attributes)
            deployed = instance.deployed.version if by_version and instance.deployed else None
            version = (instance.template_name, deployed) if by_version else None
            return (values, version), _key(instance, sort_by)

        return orders.order((attributes, by_version, sort_by), self._instances, place_of)

    def _instances(self) -> Iterator[ServiceInstance]:
        for service in self.services:
            yield from service.instances.values()

    def _groups(self) -> list[Hashable]:
        """The groups of those orders that match the filters."""
        values = tuple(value for _, value in sorted(self.wanted.values.items()))
        if self.wanted.staleness is None:
            return [(values, None)]
        best_of = cache(self.templates.recommended)
        template = self.wanted.values.get("templateName")
        return [
            (values, (name, version))
            for name, version in self.services.template_versions_in_use()
            if template in (None, name)
            and (best := best_of(name)) is not None
            and staleness(version, best) == self.wanted.staleness
        ]


# --- staleness ----------------------------------------------------------------------------------


def _staleness(instance: ServiceInstance, best: Version | None) -> str | None:
    """How an instance's version compares with the recommended one; None without a version."""
    if instance.deployed is None or best is None:
        return None
    return staleness(instance.deployed.version, best)


def staleness(version: Version, best: Version) -> str:
    """UP_TO_DATE, BEHIND_MINOR or BEHIND_MAJOR: the dashboard's classes.

    Rule 6.9.1-13.
    """
    if version.major < best.major:
        return "BEHIND_MAJOR"
    if version.major == best.major and version.minor < best.minor:
        return "BEHIND_MINOR"
    return "UP_TO_DATE"


def _moment(moment: datetime | None) -> int:
    return microseconds(moment) if moment is not None else 0
