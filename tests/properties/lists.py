"""Every list, with each filter and sort, equals what is computed afresh from the same state.

The lists are answered from orders and indexes that are kept up to date with every change; here each
is worked out from the resources as get operations show them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timezone
from typing import Any, Final, TypeAlias

from tests.properties.looking import Account, Seen, listed, of_kind

Resource: TypeAlias = dict[str, Any]
Keep: TypeAlias = Callable[[Resource], bool]

PARTS: Final = {
    "name": "name",
    "deploymentStatus": "deploymentStatus",
    "templateName": "templateName",
    "serviceName": "serviceName",
    "environmentName": "environmentName",
}
"""The filters of service instances that ask for the value of a member."""
TIMES: Final = ("createdAt", "lastDeploymentAttemptedAt")
SORTS: Final = (*PARTS, *TIMES)


def check_lists(own: Account, other: Account, seen: Seen) -> None:
    """Ask for every list in every way, and compare."""
    _check_instances(own, seen)
    _check_environments(own, seen)
    _check_components(own, seen)
    _check_deployments(own, seen)
    _check_versions(own, seen)
    _check_connections(own, other, seen)
    for operation, kind in (
        ("list_services", "service"),
        ("list_environment_templates", "environment-template"),
        ("list_service_templates", "service-template"),
        ("list_repositories", "repository"),
    ):
        member = "templates" if kind.endswith("template") else operation.partition("_")[2]
        found = _ask(own, operation, member)
        assert _arns(found) == set(of_kind(seen, kind)), operation
        if kind != "repository":
            _check_newest_first(operation, found)


def _ask(own: Account, operation: str, member: str, **members: Any) -> list[Resource]:
    """A list, which has to be the same in pages of one."""
    whole = list(listed(own, operation, member, **members))
    assert list(listed(own, operation, member, maxResults=1, **members)) == whole, operation
    return whole


def _arns(found: list[Resource]) -> set[str]:
    arns = {each["arn"] for each in found}
    assert len(arns) == len(found), "something is listed twice"
    return arns


def _check_newest_first(operation: str, found: list[Resource]) -> None:
    times = [each["createdAt"] for each in found]
    assert times == sorted(times, reverse=True), operation


def _check(
    own: Account,
    operation: str,
    member: str,
    resources: dict[str, Resource],
    keep: Keep,
    **members: Any,
) -> list[Resource]:
    found = _ask(own, operation, member, **members)
    wanted = {arn for arn, resource in resources.items() if keep(resource)}
    assert _arns(found) == wanted, (operation, members)
    for each in found:
        shown = resources[each["arn"]]
        assert each.items() <= shown.items(), (operation, members)
    return found


# --- service instances ---


def _check_instances(own: Account, seen: Seen) -> None:
    resources = of_kind(seen, "service-instance")
    name, member = "list_service_instances", "serviceInstances"
    for key, value, keep in _instance_filters(seen, resources):
        filters = [{"key": key, "value": value}]
        _check(own, name, member, resources, keep, filters=filters)
        for service in {"shop", "cart"} & {each["name"] for each in _values(seen, "service")}:
            both = _both(keep, _has("serviceName", service))
            _check(own, name, member, resources, both, filters=filters, serviceName=service)
    for sort in SORTS:
        for order in ("ASCENDING", "DESCENDING"):
            how = {"sortBy": sort, "sortOrder": order}
            found = _check(own, name, member, resources, lambda _: True, **how)
            ways = [(each[sort], each["serviceName"], each["name"]) for each in found]
            first = [way[0] for way in ways]
            assert first == sorted(first, reverse=order == "DESCENDING"), how
            if sort not in TIMES:
                assert ways == sorted(ways, reverse=order == "DESCENDING"), how


def _instance_filters(
    seen: Seen, resources: dict[str, Resource]
) -> Iterator[tuple[str, str, Keep]]:
    for key, part in PARTS.items():
        for value in sorted({each[part] for each in resources.values()}):
            yield key, value, _has(part, value)
    for stale in ("UP_TO_DATE", "BEHIND_MINOR", "BEHIND_MAJOR"):
        yield "deployedTemplateVersionStatus", stale, _is_stale(seen, stale)
    for part in TIMES:
        for time in sorted({each[part] for each in resources.values()})[:2]:
            # A time that stands between two that are shown, which have milliseconds.
            between = time + 0.0005
            written = datetime.fromtimestamp(between, timezone.utc).strftime(
                "%Y-%m-%dT%H:%M:%S.%fZ"
            )
            yield f"{part}Before", written, _before(part, between, earlier=True)
            yield f"{part}After", written, _before(part, between, earlier=False)


def _before(part: str, time: float, *, earlier: bool) -> Keep:
    return lambda resource: (resource[part] < time) is earlier


def _is_stale(seen: Seen, status: str) -> Keep:
    recommended = {
        each["name"]: tuple(map(int, each["recommendedVersion"].split(".")))
        for each in _values(seen, "service-template")
        if "recommendedVersion" in each
    }

    def keep(resource: Resource) -> bool:
        best = recommended.get(resource["templateName"])
        if best is None or "templateMajorVersion" not in resource:
            return False
        major, minor = int(resource["templateMajorVersion"]), int(resource["templateMinorVersion"])
        if (major, minor) == best:
            return status == "UP_TO_DATE"
        if major < best[0]:
            return status == "BEHIND_MAJOR"
        return (major, minor) < best and status == "BEHIND_MINOR"

    return keep


# --- the others ---


def _check_environments(own: Account, seen: Seen) -> None:
    resources = of_kind(seen, "environment")
    for name in {each["templateName"] for each in resources.values()}:
        for major in ("1", "2"):
            of = {"templateName": name, "majorVersion": major}

            def runs(resource: Resource, name: str = name, major: str = major) -> bool:
                version = resource["templateName"], resource.get("templateMajorVersion")
                return version == (name, major)

            found = _check(
                own,
                "list_environments",
                "environments",
                resources,
                runs,
                environmentTemplates=[of],
            )
            _check_newest_first("list_environments", found)


def _check_components(own: Account, seen: Seen) -> None:
    resources = of_kind(seen, "component")
    ways: list[dict[str, str]] = [{}]
    ways += [{"environmentName": each["name"]} for each in _values(seen, "environment")]
    for instance in _values(seen, "service-instance"):
        service = {"serviceName": instance["serviceName"]}
        ways += [service, {**service, "serviceInstanceName": instance["name"]}]
    for members in ways:
        found = _check(
            own, "list_components", "components", resources, _has_all(members), **members
        )
        _check_newest_first("list_components", found)


def _check_deployments(own: Account, seen: Seen) -> None:
    resources = of_kind(seen, "deployment")
    ways: list[dict[str, str]] = [{}]
    ways += [{"environmentName": each["name"]} for each in _values(seen, "environment")]
    ways += [{"componentName": each["name"]} for each in _values(seen, "component")]
    for instance in _values(seen, "service-instance"):
        service = {"serviceName": instance["serviceName"]}
        name = {"serviceInstanceName": instance["name"]}
        ways += [service, {**service, **name}]
        ways.append({**service, "environmentName": instance["environmentName"]})
    for members in ways:
        found = _check(
            own, "list_deployments", "deployments", resources, _has_all(members), **members
        )
        _check_newest_first("list_deployments", found)


def _check_versions(own: Account, seen: Seen) -> None:
    for kind in ("environment", "service"):
        resources = of_kind(seen, f"{kind}-template-version")
        operation = f"list_{kind}_template_versions"
        for template in _values(seen, f"{kind}-template"):
            of = {"templateName": template["name"]}
            own_versions = [each for each in resources.values() if _has_all(of)(each)]
            majors = sorted({int(each["majorVersion"]) for each in own_versions}, reverse=True)
            found = _ask(own, operation, "templateVersions", **of)
            assert [int(each["majorVersion"]) for each in found] == majors
            for major in majors:
                of_major = {**of, "majorVersion": str(major)}
                minors = _check(
                    own, operation, "templateVersions", resources, _has_all(of_major), **of_major
                )
                numbers = [int(each["minorVersion"]) for each in minors]
                assert numbers == sorted(numbers, reverse=True)


def _check_connections(own: Account, other: Account, seen: Seen) -> None:
    resources = of_kind(seen, "environment-account-connection")
    for side, requested_by in ((own, "MANAGEMENT_ACCOUNT"), (other, "ENVIRONMENT_ACCOUNT")):
        ways: list[tuple[dict[str, Any], Keep]] = [({}, lambda _: True)]
        for status in ("PENDING", "CONNECTED", "REJECTED"):
            ways.append(({"statuses": [status]}, _has("status", status)))
        for name in {each["environmentName"] for each in resources.values()}:
            ways.append(({"environmentName": name}, _has("environmentName", name)))
        for members, keep in ways:
            _check(
                side,
                "list_environment_account_connections",
                "environmentAccountConnections",
                resources,
                keep,
                requestedBy=requested_by,
                **members,
            )


def _values(seen: Seen, kind: str) -> list[Resource]:
    return list(of_kind(seen, kind).values())


def _has(part: str, value: object) -> Keep:
    return lambda resource: resource.get(part) == value


def _has_all(members: dict[str, str]) -> Keep:
    return lambda resource: all(resource.get(part) == value for part, value in members.items())


def _both(one: Keep, other: Keep) -> Keep:
    return lambda resource: one(resource) and other(resource)
