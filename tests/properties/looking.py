"""Reads everything that two accounts can see, from the handlers directly and without HTTP, for
speed.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any, Final, TypeAlias

from moto_proton import api
from moto_proton.proton.backend import proton_backends
from moto_proton.proton.exceptions import ResourceNotFoundError
from moto_proton.proton.responses import OPERATIONS
from moto_proton.proton.responses.call import Call
from tests.properties.calls import BRANCH, OTHER, SERVICE_TEMPLATES

Seen: TypeAlias = dict[str, Any]

MADE_OF: Final = {
    "environment": {"environmentName": "name"},
    "component": {"componentName": "name"},
    "servicePipeline": {"serviceName": "serviceName"},
    "serviceInstance": {"serviceName": "serviceName", "serviceInstanceName": "name"},
}
"""What has outputs and provisioned resources: the members of a request for them, and whence."""


class Account:
    """Asks the operations as a client does, by their names in snake case."""

    def __init__(self, account_id: str) -> None:
        self._id = account_id
        self._operations = {api.snake_case(name): name for name in OPERATIONS}

    def __call__(self, method: str, **members: Any) -> dict[str, Any]:
        """What an operation answers; raises ProtonError."""
        operation = self._operations[method]
        request = api.read_request(operation, members)
        store = proton_backends[self._id]["us-east-1"].store
        store.begin_request()
        answer: dict[str, Any] = api.write_response(
            operation, OPERATIONS[operation](Call(operation, request, store, self._id))
        )
        store.end_request()
        return answer


def everything(own: Account, other: Account) -> Seen:
    """All resources as their get operations show them, by ARN; and what has no ARN."""
    seen: Seen = {"settings": own("get_account_settings")["accountSettings"]}
    for key, resource in itertools.chain(_described(own), _connections(own, other)):
        assert key not in seen, f"{key} is listed twice"
        seen[key] = resource
    for repository in own("list_repositories")["repositories"]:
        seen[repository["arn"]] = repository
    _look_at_syncs(own, seen)
    for arn in [each for each in seen if each.startswith("arn:") and ":deployment/" not in each]:
        owner = other if f":{OTHER}:" in arn else own
        tags = owner("list_tags_for_resource", resourceArn=arn)["tags"]
        seen[f"tags of {arn}"] = {tag["key"]: tag["value"] for tag in tags}
    seen["counts"] = own("get_resources_summary")["counts"]
    return seen


def listed(own: Account, operation: str, member: str, **key: Any) -> Iterator[Any]:
    """The items of a list, page after page."""
    page = own(operation, **key)
    yield from page[member]
    while "nextToken" in page:
        page = own(operation, nextToken=page["nextToken"], **key)
        yield from page[member]


def _described(own: Account) -> Iterator[tuple[str, Any]]:
    for kind in ("environment", "service"):
        for template in listed(own, f"list_{kind}_templates", "templates"):
            name = template["name"]
            got = own(f"get_{kind}_template", name=name)
            yield template["arn"], got[f"{kind}Template"]
            list_versions = f"list_{kind}_template_versions"
            for major in listed(own, list_versions, "templateVersions", templateName=name):
                key = {"templateName": name, "majorVersion": major["majorVersion"]}
                for version in listed(own, list_versions, "templateVersions", **key):
                    minor = version["minorVersion"]
                    got = own(f"get_{kind}_template_version", **key, minorVersion=minor)
                    yield version["arn"], got[f"{kind}TemplateVersion"]
    for plural, member, parts in (
        ("environments", "environment", ("name",)),
        ("services", "service", ("name",)),
        ("serviceInstances", "serviceInstance", ("serviceName", "name")),
        ("components", "component", ("name",)),
        ("deployments", "deployment", ("id",)),
    ):
        snake = api.snake_case(plural)
        for summary in listed(own, f"list_{snake}", plural):
            key = {part: summary[part] for part in parts}
            got = own(f"get_{snake.removesuffix('s')}", **key)
            yield summary["arn"], got[member]
            if member in MADE_OF:
                yield from _made(own, member, summary)
            if "pipeline" in got[member]:
                yield from _made(own, "servicePipeline", {**summary, "serviceName": key["name"]})
    for kind in ("ENVIRONMENT", "SERVICE"):
        for name in ("environment-template", "spare", *SERVICE_TEMPLATES):
            found = _found(own, "get_template_sync_config", templateName=name, templateType=kind)
            if found is not None:
                yield f"sync of {kind} {name}", found["templateSyncConfig"]
    for name in ("shop", "cart"):
        found = _found(own, "get_service_sync_config", serviceName=name)
        if found is not None:
            yield f"sync of service {name}", found["serviceSyncConfig"]


def _made(own: Account, kind: str, summary: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """What a deployment made: outputs and provisioned resources."""
    key = {member: summary[part] for member, part in MADE_OF[kind].items()}
    for made, member in (("outputs", "outputs"), ("provisioned_resources", "provisionedResources")):
        found = listed(own, f"list_{api.snake_case(kind)}_{made}", member, **key)
        yield f"{made} of {kind} {' '.join(key.values())}", [*found]


def _look_at_syncs(own: Account, seen: Seen) -> None:
    """What the syncs of everything seen are like, and what stands in their way."""
    for config in [value for key, value in seen.items() if key.startswith("sync of ")]:
        if "templateName" in config:
            of = {"templateName": config["templateName"], "templateType": config["templateType"]}
            for major in ("1", "2"):
                status = own("get_template_sync_status", **of, templateVersion=major)
                seen[f"sync status of {of} {major}"] = status
    for service in of_kind(seen, "service").values():
        of = {"serviceName": service["name"]}
        summary = own("get_service_sync_blocker_summary", **of)["serviceSyncBlockerSummary"]
        seen[f"blockers of {service['name']}"] = summary
    for instance in of_kind(seen, "service-instance").values():
        of = {"serviceName": instance["serviceName"], "serviceInstanceName": instance["name"]}
        words = " ".join(of.values())
        summary = own("get_service_sync_blocker_summary", **of)["serviceSyncBlockerSummary"]
        seen[f"blockers of {words}"] = summary
        seen[f"sync status of {words}"] = _found(own, "get_service_instance_sync_status", **of)
    for repository in of_kind(seen, "repository").values():
        of = {
            "repositoryProvider": repository["provider"],
            "repositoryName": repository["name"],
        }
        for sync_type in ("TEMPLATE_SYNC", "SERVICE_SYNC"):
            words = f"{sync_type} of {repository['name']}"
            found = own("list_repository_sync_definitions", **of, syncType=sync_type)
            seen[f"definitions for {words}"] = found["syncDefinitions"]
            of_type = {"branch": BRANCH, "syncType": sync_type}
            seen[f"sync status for {words}"] = _found(
                own, "get_repository_sync_status", **of, **of_type
            )


def _found(own: Account, operation: str, **key: str) -> Any:
    try:
        return own(operation, **key)
    except ResourceNotFoundError:
        return None


def _connections(own: Account, other: Account) -> Iterator[tuple[str, Any]]:
    def of_side(side: Account, requested_by: str) -> list[Any]:
        member = "environmentAccountConnections"
        operation = "list_environment_account_connections"
        return list(listed(side, operation, member, requestedBy=requested_by))

    owned = of_side(other, "ENVIRONMENT_ACCOUNT")
    assert of_side(own, "MANAGEMENT_ACCOUNT") == owned, "the two sides see the same"
    for summary in owned:
        got = other("get_environment_account_connection", id=summary["id"])
        yield summary["arn"], got["environmentAccountConnection"]


def of_kind(seen: Seen, kind: str) -> dict[str, Any]:
    """The resources whose ARNs end in ``kind/...``, by the rest: versions are not templates."""
    found = {}
    for key, value in seen.items():
        noun, _, rest = (
            key.split(":", 5)[-1].partition("/") if key.startswith("arn:") else ("",) * 3
        )
        if "/service-instance/" in rest:
            noun = "service-instance"
        if ":" in rest and noun.endswith("-template"):
            noun += "-version"
        if noun == kind:
            found[key] = value
    return found
