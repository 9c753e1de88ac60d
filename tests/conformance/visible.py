"""All that a caller can see: the answer of every get and list operation, for all there is."""

from __future__ import annotations

import json
from typing import Any, Final

from tests.conformance.wire import ACCOUNT, send
from tests.conformance.world import BRANCHES, OTHER_ACCOUNT, TYPES

Seen = dict[str, Any]
"""The answers by request; None where there is nothing."""

_SIDES: Final = ("ENVIRONMENT_ACCOUNT", "MANAGEMENT_ACCOUNT")
_SYNC_TYPES: Final = ("TEMPLATE_SYNC", "SERVICE_SYNC")


class _Look:
    """Calls operations and keeps their answers."""

    def __init__(self, account: str) -> None:
        self.account = account
        self.seen: Seen = {}

    def at(self, operation: str, **members: str) -> Any:
        answer = self.for_what_may_be(operation, **members)
        if answer is None:
            raise AssertionError(f"{operation} {members} finds nothing, and something is listed")
        return answer

    def for_what_may_be(self, operation: str, **members: str) -> Any:
        answer = send(operation, members, account=self.account)
        if answer.code not in ("OK", "ResourceNotFoundException"):
            raise AssertionError(f"{operation} {members}: {answer.body}")
        found = answer.body if answer.code == "OK" else None
        self.seen[f"{self.account} {operation} {json.dumps(members)}"] = found
        return found

    def all_of(self, operation: str, member: str, **members: str) -> list[Any]:
        found: list[Any] = []
        page: dict[str, str] = {}
        while True:
            answer = self.at(operation, **members, **page)
            found += answer[member]
            if "nextToken" not in answer:
                return found
            page = {"nextToken": answer["nextToken"]}


def visible() -> Seen:
    """The answers by request, of both accounts."""
    seen: Seen = {}
    for account in (ACCOUNT, OTHER_ACCOUNT):
        look = _Look(account)
        _account(look)
        _templates(look)
        _deployed(look)
        _repositories(look)
        seen.update(look.seen)
    return seen


def _account(look: _Look) -> None:
    look.at("GetAccountSettings")
    look.at("GetResourcesSummary")
    for side in _SIDES:
        for each in look.all_of(
            "ListEnvironmentAccountConnections", "environmentAccountConnections", requestedBy=side
        ):
            look.at("GetEnvironmentAccountConnection", id=each["id"])
            if side == "ENVIRONMENT_ACCOUNT":
                look.at("ListTagsForResource", resourceArn=each["arn"])
    for each in look.all_of("ListDeployments", "deployments"):
        look.at("GetDeployment", id=each["id"])


def _templates(look: _Look) -> None:
    for kind, of_type in zip(("Environment", "Service"), TYPES, strict=True):
        for template in look.all_of(f"List{kind}Templates", "templates"):
            look.at(f"Get{kind}Template", name=template["name"])
            look.at("ListTagsForResource", resourceArn=template["arn"])
            versions = f"List{kind}TemplateVersions"
            of = {"templateName": template["name"]}
            typed = {**of, "templateType": of_type}
            look.for_what_may_be("GetTemplateSyncConfig", **typed)
            for major in look.all_of(versions, "templateVersions", **of):
                number = {"majorVersion": major["majorVersion"]}
                version = {"templateVersion": major["majorVersion"]}
                look.for_what_may_be("GetTemplateSyncStatus", **typed, **version)
                for each in look.all_of(versions, "templateVersions", **of, **number):
                    minor = {"minorVersion": each["minorVersion"]}
                    look.at(f"Get{kind}TemplateVersion", **of, **number, **minor)
                    look.at("ListTagsForResource", resourceArn=each["arn"])


def _deployed(look: _Look) -> None:
    for each in look.all_of("ListEnvironments", "environments"):
        look.at("GetEnvironment", name=each["name"])
        look.at("ListTagsForResource", resourceArn=each["arn"])
        _made(look, "Environment", environmentName=each["name"])
    for each in look.all_of("ListServices", "services"):
        found = look.at("GetService", name=each["name"])["service"]
        look.at("ListTagsForResource", resourceArn=each["arn"])
        look.at("GetServiceSyncBlockerSummary", serviceName=each["name"])
        look.for_what_may_be("GetServiceSyncConfig", serviceName=each["name"])
        if "pipeline" in found:
            _made(look, "ServicePipeline", serviceName=each["name"])
    for each in look.all_of("ListServiceInstances", "serviceInstances"):
        look.at("GetServiceInstance", serviceName=each["serviceName"], name=each["name"])
        names = {"serviceName": each["serviceName"], "serviceInstanceName": each["name"]}
        look.at("GetServiceSyncBlockerSummary", **names)
        look.for_what_may_be("GetServiceInstanceSyncStatus", **names)
        _made(look, "ServiceInstance", **names)
        if len(each["arn"]) <= 200:
            look.at("ListTagsForResource", resourceArn=each["arn"])
    for each in look.all_of("ListComponents", "components"):
        look.at("GetComponent", name=each["name"])
        look.at("ListTagsForResource", resourceArn=each["arn"])
        _made(look, "Component", componentName=each["name"])


def _made(look: _Look, kind: str, **names: str) -> None:
    look.at(f"List{kind}Outputs", **names)
    look.at(f"List{kind}ProvisionedResources", **names)


def _repositories(look: _Look) -> None:
    for each in look.all_of("ListRepositories", "repositories"):
        look.at("GetRepository", provider=each["provider"], name=each["name"])
        look.at("ListTagsForResource", resourceArn=each["arn"])
        for sync_type in _SYNC_TYPES:
            of = {"repositoryProvider": each["provider"], "repositoryName": each["name"]}
            follow = look.at("ListRepositorySyncDefinitions", **of, syncType=sync_type)
            for branch in sorted({*BRANCHES, *(it["branch"] for it in follow["syncDefinitions"])}):
                of_type = {"branch": branch, "syncType": sync_type}
                look.for_what_may_be("GetRepositorySyncStatus", **of, **of_type)
