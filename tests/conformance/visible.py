"""All that a caller can see: the answer of every get and list operation, for all there is."""

from __future__ import annotations

import json
from typing import Any, Final

from tests.conformance.wire import ACCOUNT, call
from tests.conformance.world import OTHER_ACCOUNT

Seen = dict[str, Any]

_SIDES: Final = ("ENVIRONMENT_ACCOUNT", "MANAGEMENT_ACCOUNT")
_SYNC_TYPES: Final = ("TEMPLATE_SYNC", "SERVICE_SYNC")


class _Look:
    """Calls operations and keeps their answers."""

    def __init__(self, account: str) -> None:
        self.account = account
        self.seen: Seen = {}

    def at(self, operation: str, **members: str) -> Any:
        answer = call(operation, members, account=self.account)
        self.seen[f"{self.account} {operation} {json.dumps(members)}"] = answer
        return answer

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
    for kind in ("Environment", "Service"):
        for template in look.all_of(f"List{kind}Templates", "templates"):
            look.at(f"Get{kind}Template", name=template["name"])
            look.at("ListTagsForResource", resourceArn=template["arn"])
            versions = f"List{kind}TemplateVersions"
            of = {"templateName": template["name"]}
            for major in look.all_of(versions, "templateVersions", **of):
                number = {"majorVersion": major["majorVersion"]}
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
        if "pipeline" in found:
            _made(look, "ServicePipeline", serviceName=each["name"])
    for each in look.all_of("ListServiceInstances", "serviceInstances"):
        look.at("GetServiceInstance", serviceName=each["serviceName"], name=each["name"])
        names = {"serviceName": each["serviceName"], "serviceInstanceName": each["name"]}
        look.at("GetServiceSyncBlockerSummary", **names)
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
            look.at("ListRepositorySyncDefinitions", **of, syncType=sync_type)
