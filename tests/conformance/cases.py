"""For each operation, requests that succeed in the world, and which members may vary freely.

A case is complete and consistent: its names are of things that are there, and go together. Values
at the limits of a name are cases of their own. The values that members of all kinds can have come
from ``values``, what else a request may be refused for from ``rules``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import product
from typing import Any, Final

from moto_proton import api
from moto_proton.seed import service_spec
from tests.conformance import world as w
from tests.conformance.wire import call
from tests.conformance.world import World, arn

Body = dict[str, Any]

FREE_SHAPES: Final = frozenset(
    {
        "Boolean",
        "ClientToken",
        "Description",
        "DisplayName",
        "EmptyNextToken",
        "EnvironmentAccountConnectionStatusList",
        "GitBranchName",
        "ListServiceInstancesSortBy",
        "MaxPageResults",
        "NotifyResourceDeploymentStatusChangeInputOutputsList",
        "NotifyResourceDeploymentStatusChangeInputStatusMessageString",
        "OpsFilePath",
        "RepositoryId",
        "ResourceDeploymentStatus",
        "RoleArn",
        "RoleArnOrEmptyString",
        "ServiceTemplateSupportedComponentSourceInputList",
        "SortOrder",
        "Subdirectory",
        "TagKeyList",
        "TagList",
        "TemplateVersionSourceInput",
    }
)
"""Any valid value of these will do, whatever is in the world."""

PADDED: Final = frozenset({"SpecContents", "TemplateManifestContents", "TemplateFileContents"})
"""Documents: made longer with a comment."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How to ask for one operation.

    ``open`` are members of which any valid value will do here (names of things to create),
    ``bound`` those that cannot be added to just any case, whatever their value, ``tied`` those
    whose values the other members of a case depend on.
    """

    cases: tuple[Body, ...]
    open: frozenset[str] = frozenset()
    bound: frozenset[str] = frozenset()
    tied: frozenset[str] = frozenset()


def _plan(
    cases: Iterable[Body], *, open: Iterable[str] = (), bound: Iterable[str] = (), tied: Any = ()
) -> Plan:
    return Plan(tuple(cases), frozenset(open), frozenset(bound), frozenset(tied))


def each(member: str, names: Iterable[str], **more: Any) -> list[Body]:
    """A case for each name."""
    return [{member: name, **more} for name in names]


def pairs(one: str, ones: Iterable[str], other: str, others: Iterable[str]) -> list[Body]:
    """A case for each pair of equal rank."""
    return [{one: a, other: b} for a, b in zip(ones, others, strict=True)]


def plans(world: World) -> dict[str, Plan]:
    """The plans of all operations, by name."""
    made = {
        **_template_plans(),
        **_environment_plans(world),
        **_connection_plans(world),
        **_service_plans(),
        **_component_plans(),
        **_deployment_plans(world),
        **_sync_plans(world),
        **_account_plans(world),
    }
    for operation, plan in made.items():
        model: Any = api.service_model().operation_model(operation)
        if {"nextToken", "maxResults"} <= set(model.input_shape.members):
            body = {**plan.cases[0], "maxResults": 1}
            token = call(operation, body)["nextToken"]
            case = {**body, "nextToken": token}
            made[operation] = Plan((*plan.cases, case), plan.open, plan.bound, plan.tied)
    return made


def _version(template: str, major: str, minor: str) -> Body:
    return {"templateName": template, "majorVersion": major, "minorVersion": minor}


def _template_plans() -> dict[str, Plan]:
    made: dict[str, Plan] = {}
    for kind, names, provisioning in (
        ("Environment", w.ENVIRONMENT_TEMPLATES, "provisioning"),
        ("Service", w.SERVICE_TEMPLATES, "pipelineProvisioning"),
    ):
        template = f"{kind}Template"
        new: list[Body] = [{"name": "new"}, {"name": "new", provisioning: "CUSTOMER_MANAGED"}]
        made[f"Create{template}"] = _plan(new, open=("name", "encryptionKey", provisioning))
        made[f"Get{template}"] = _plan(each("name", names))
        made[f"Update{template}"] = _plan(each("name", names))
        made[f"Delete{template}"] = _plan(each("name", w.BARE))
        made[f"List{template}s"] = _plan([{}])
        made[f"Get{template}Version"] = _plan(_version(name, "1", "0") for name in names)
        made[f"Update{template}Version"] = _plan(
            [
                *(_version(name, "1", "1") for name in names),
                *(_version(name, "1", "2") for name in names),
                {**_version(names.plain, "1", "2"), "status": "PUBLISHED"},
                {**_version(names.plain, "1", "2"), "status": "DRAFT"},
            ]
        )
        made[f"Delete{template}Version"] = _plan(_version(name, "1", "1") for name in names)
        made[f"List{template}Versions"] = _plan(
            [*each("templateName", names), *each("templateName", names, majorVersion="1")]
        )
        source = {"source": {"s3": {"bucket": "bundles", "key": "a.tar.gz"}}}
        made[f"Create{template}Version"] = _plan(
            [
                *each("templateName", (*names, *w.BARE), **source),
                *each("templateName", names, majorVersion="2", **source),
                *each("templateName", names, majorVersion="3", **source),
            ]
        )
    compatible = w.compatible()
    lists = [compatible[:1], compatible[2:3], compatible[4:5], compatible]
    for operation in ("CreateServiceTemplateVersion", "UpdateServiceTemplateVersion"):
        cases = made[operation].cases
        named = [{**cases[0], "compatibleEnvironmentTemplates": each} for each in lists]
        if operation.startswith("Create"):
            cases = tuple({**case, "compatibleEnvironmentTemplates": lists[0]} for case in cases)
        made[operation] = _plan([*cases, *named])
    return made


def _environment_plans(world: World) -> dict[str, Plan]:
    spec = {"spec": w.ENVIRONMENT_SPEC}
    own = {"templateName": w.OWN, "templateMajorVersion": "1"}
    vpc = {"templateName": "vpc", "templateMajorVersion": "1"}
    create: list[Body] = [
        {"name": "new", **spec, **own},
        *(
            {"name": "new", **spec, **vpc, "templateName": name, "protonServiceRoleArn": w.ROLE}
            for name in w.ENVIRONMENT_TEMPLATES
        ),
        {"name": "new", **spec, **vpc, "templateMinorVersion": "2", "codebuildRoleArn": w.ROLE},
        {
            **{"name": w.TO_BE_FAR, **spec, **vpc},
            "environmentAccountConnectionId": world.connections[w.TO_BE_FAR],
        },
        *(
            {
                **{"name": "new", **spec, **vpc},
                "provisioningRepository": {"provider": provider, "name": name, "branch": "main"},
            }
            for provider, name in product(w.PROVIDERS, w.REPOSITORIES)
        ),
    ]
    idle = {"name": "idle"}
    roles = ("protonServiceRoleArn", "codebuildRoleArn", "componentRoleArn")
    update: list[Body] = [
        *each("name", w.IDLE, deploymentType="NONE"),
        *({**idle, "deploymentType": "NONE", role: w.ROLE} for role in roles),
        {**idle, "deploymentType": "NONE", **dict.fromkeys(roles, w.ROLE)},
        {**idle, "deploymentType": "CURRENT_VERSION", **spec},
        *_versions(idle, spec),
        {
            **{"name": w.FAR, "deploymentType": "NONE"},
            "environmentAccountConnectionId": world.connections[w.FAR],
        },
        {
            **{"name": w.SELF_MANAGED, "deploymentType": "CURRENT_VERSION"},
            "provisioningRepository": {**w.INFRASTRUCTURE, "branch": "main"},
        },
    ]
    named = each("environmentName", w.HOMES)
    deployed = [
        {"environmentName": name, "deploymentId": world.deployment(f"environment/{name}")}
        for name in w.HOMES
    ]
    templates = [{"templateName": "vpc", "majorVersion": "1"}]
    return {
        "CreateEnvironment": _plan(
            create,
            open=("name", "protonServiceRoleArn"),
            bound=("protonServiceRoleArn", "codebuildRoleArn"),
            tied=("environmentAccountConnectionId",),
        ),
        "GetEnvironment": _plan(each("name", w.HOMES)),
        "UpdateEnvironment": _plan(
            update, open=("protonServiceRoleArn",), bound=roles, tied=("provisioningRepository",)
        ),
        "DeleteEnvironment": _plan(each("name", w.IDLE)),
        "ListEnvironments": _plan(
            [{}, {"environmentTemplates": templates}], open=("environmentTemplates",)
        ),
        "CancelEnvironmentDeployment": _plan(each("environmentName", w.BUSY_ENVIRONMENTS)),
        "ListEnvironmentOutputs": _plan([*named, *deployed]),
        "ListEnvironmentProvisionedResources": _plan(named),
    }


def _versions(key: Body, spec: Body) -> list[Body]:
    """Updates to another version: each type, each way of naming a version that goes with it."""
    minor, major = {"deploymentType": "MINOR_VERSION"}, {"deploymentType": "MAJOR_VERSION"}
    return [
        {**key, **minor},
        {**key, **minor, "templateMinorVersion": "1"},
        {**key, **minor, "templateMajorVersion": "1", "templateMinorVersion": "2", **spec},
        {**key, **major},
        {**key, **major, "templateMajorVersion": "2", **spec},
        {**key, **major, "templateMajorVersion": "2", "templateMinorVersion": "1"},
    ]


def _connection_plans(world: World) -> dict[str, Plan]:
    ids = world.connections
    to_us, ours = ("pending", "connected"), ("pending", "connected")
    new = {"managementAccountId": w.OTHER_ACCOUNT, "environmentName": "new"}
    connection = "EnvironmentAccountConnection"
    return {
        f"Create{connection}": _plan(
            [
                {**new, "roleArn": w.ROLE},
                {**new, "codebuildRoleArn": w.ROLE, "componentRoleArn": w.ROLE},
            ],
            open=("environmentName", "managementAccountId"),
        ),
        f"Get{connection}": _plan(each("id", ids.values())),
        f"Update{connection}": _plan(each("id", (ids[f"ours, {each}"] for each in ours))),
        f"Delete{connection}": _plan(each("id", (ids[f"ours, {each}"] for each in ours))),
        f"Accept{connection}": _plan(each("id", (ids[f"to us, {each}"] for each in to_us))),
        f"Reject{connection}": _plan(
            each("id", (ids[f"to us, {each}"] for each in (*to_us, "rejected")))
        ),
        f"List{connection}s": _plan(
            [
                {"requestedBy": "MANAGEMENT_ACCOUNT"},
                {"requestedBy": "ENVIRONMENT_ACCOUNT"},
                {"requestedBy": "MANAGEMENT_ACCOUNT", "environmentName": w.FAR},
            ],
            open=("environmentName",),
        ),
    }


def _service_plans() -> dict[str, Plan]:
    worker = {"templateName": "worker", "templateMajorVersion": "1"}
    spec = {"spec": service_spec({"dev": "dev"})}
    many = {"spec": service_spec({"dev": "dev", "i": "d", "i" * 100: "d" * 100})}
    create = [
        *({"name": "new", **spec, **worker, "templateName": name} for name in w.WORKERS),
        {"name": "new", **many, **worker, "templateMinorVersion": "2"},
        *(
            {"name": "new", **spec, **worker, **w.WITH_PIPELINE, "templateName": name}
            for name in w.SERVICE_TEMPLATES
        ),
    ]
    instances = pairs("serviceName", w.SERVICES, "name", w.INSTANCES)
    specs = [
        {"spec": service_spec({instance: home})}
        for instance, home in zip(w.INSTANCES, w.HOMES, strict=True)
    ]
    new = [
        {"serviceName": service, "name": name, "spec": service_spec({name: "dev"})}
        for service, name in zip(w.SERVICES, w.three("new", "n"), strict=True)
    ]
    piped = [
        {"serviceName": name, "spec": service_spec({instance: "dev"})}
        for name, instance in zip(w.PIPED, w.INSTANCES, strict=True)
    ]
    versions = ("templateMajorVersion", "templateMinorVersion")
    named = pairs("serviceName", w.SERVICES, "serviceInstanceName", w.INSTANCES)
    edited = service_spec({"dev": "dev", "prod": "dev"})
    return {
        "CreateService": _plan(
            create,
            open=("name", "repositoryConnectionArn"),
            bound=("branchName", "repositoryId", "repositoryConnectionArn"),
        ),
        "GetService": _plan(each("name", (*w.SERVICES, *w.PIPED))),
        "UpdateService": _plan([*each("name", w.SERVICES), {"name": "shop", "spec": edited}]),
        "DeleteService": _plan(each("name", (*w.SERVICES, *w.PIPED))),
        "ListServices": _plan([{}]),
        "CreateServiceInstance": _plan(
            [
                *new,
                {**new[0], "templateMajorVersion": "1"},
                {**new[0], **dict(zip(versions, "20", strict=True))},
            ]
        ),
        "GetServiceInstance": _plan(instances),
        "UpdateServiceInstance": _plan(
            [
                *({**case, "deploymentType": "NONE"} for case in instances),
                *(
                    {**case, **spec, "deploymentType": "CURRENT_VERSION"}
                    for case, spec in zip(instances, specs, strict=True)
                ),
                *_versions(instances[0], specs[0]),
            ]
        ),
        "CancelServiceInstanceDeployment": _plan(
            pairs("serviceName", w.BUSY_SERVICES, "serviceInstanceName", w.INSTANCES)
        ),
        "ListServiceInstances": _plan(
            [{}, *each("serviceName", w.SERVICES), *({"filters": [each]} for each in _filters())]
        ),
        "UpdateServicePipeline": _plan(
            [
                *({**case, "deploymentType": "NONE"} for case in piped),
                {**piped[0], "deploymentType": "CURRENT_VERSION"},
                *_versions(piped[0], {}),
            ]
        ),
        "CancelServicePipelineDeployment": _plan(each("serviceName", w.BUSY_PIPELINES)),
        "ListServiceInstanceProvisionedResources": _plan(named),
        "ListServicePipelineProvisionedResources": _plan(each("serviceName", w.PIPED)),
    }


def _filters() -> list[Body]:
    values = {
        "name": "dev",
        "deploymentStatus": "SUCCEEDED",
        "templateName": "worker",
        "serviceName": "shop",
        "deployedTemplateVersionStatus": "BEHIND_MAJOR",
        "environmentName": "dev",
        "lastDeploymentAttemptedAtBefore": "2100-01-01T00:00:00Z",
        "lastDeploymentAttemptedAtAfter": "2000-01-01T00:00:00Z",
        "createdAtBefore": "2100-01-01T00:00:00.5Z",
        "createdAtAfter": "2000-01-01T00:00:00.5Z",
    }
    return [{"key": key, "value": value} for key, value in values.items()]


def _component_plans() -> dict[str, Plan]:
    files = {"manifest": w.manifest(), "templateFile": w.TEMPLATE_FILE}
    attached = pairs("serviceName", w.SERVICES, "serviceInstanceName", w.INSTANCES)
    spec = {"serviceSpec": service_spec({"dev": "dev"})}
    update = [
        *each("name", w.DETACHED, deploymentType="NONE"),
        {"name": "cache", "deploymentType": "CURRENT_VERSION"},
        {"name": "cache", "deploymentType": "CURRENT_VERSION", "templateFile": w.TEMPLATE_FILE},
        *(
            {"name": name, "deploymentType": "CURRENT_VERSION", **to}
            for name, to in zip(w.DETACHED, attached, strict=True)
        ),
        {
            **{"name": "disk", "deploymentType": "CURRENT_VERSION"},
            **{"serviceName": "", "serviceInstanceName": ""},
        },
        {"name": "disk", "deploymentType": "CURRENT_VERSION", **spec},
    ]
    named = each("componentName", w.DETACHED)
    terraform = {"manifest": w.manifest("main.tf"), "templateFile": w.TERRAFORM_FILE}
    return {
        "CreateComponent": _plan(
            [
                *({"name": "new", "environmentName": home, **files} for home in w.HOMES),
                *({"name": "new", **to, **files} for to in attached),
                {"name": "new", **attached[0], "environmentName": "dev", **spec, **files},
                {"name": "new", "environmentName": w.SELF_MANAGED, **terraform},
            ],
            open=("name",),
        ),
        "GetComponent": _plan(each("name", (*w.DETACHED, *w.ATTACHED))),
        "UpdateComponent": _plan(update),
        "DeleteComponent": _plan(each("name", w.DETACHED)),
        "ListComponents": _plan(
            [
                {},
                *each("environmentName", w.HOMES),
                *pairs("serviceName", (w.HOST,) * 3, "serviceInstanceName", w.INSTANCES),
                {"serviceName": "somewhere"},
            ],
            open=("environmentName", "serviceName"),
        ),
        "CancelComponentDeployment": _plan(each("componentName", w.BUSY_COMPONENTS)),
        "ListComponentProvisionedResources": _plan(named),
    }


def _deployment_plans(world: World) -> dict[str, Plan]:
    environments = [
        {"environmentName": name, "id": world.deployment(f"environment/{name}")} for name in w.HOMES
    ]
    instances = [
        {**pair, "id": world.deployment(_instance(*pair.values()))}
        for pair in pairs("serviceName", w.SERVICES, "serviceInstanceName", w.INSTANCES)
    ]
    components = [
        {"componentName": name, "id": world.deployment(f"component/{name}")} for name in w.DETACHED
    ]
    attached = {
        **{"environmentName": "dev", "serviceName": w.HOST, "serviceInstanceName": "dev"},
        **{"componentName": "disk", "id": world.deployment("component/disk")},
    }
    cases = [*environments, *instances, *components, attached]
    ids = [{"id": case["id"]} for case in cases]
    piped = [
        (name, call("GetService", {"name": name})["service"]["pipeline"]["arn"]) for name in w.PIPED
    ]
    pipelines = [
        {"serviceName": name, "deploymentId": world.deployments[of][0]} for name, of in piped
    ]
    busy = [
        *(f"environment/{name}" for name in w.BUSY_ENVIRONMENTS),
        *(f"component/{name}" for name in w.BUSY_COMPONENTS),
        *(_instance(*pair) for pair in (w.ARN_OF_200, w.NOTIFIED)),
        *(of.split(":", 5)[5] for of in world.pipelines.values()),
    ]
    return {
        "GetDeployment": _plan([*ids, *cases]),
        "ListDeployments": _plan([{}, *map(_without_id, cases)]),
        "DeleteDeployment": _plan(ids),
        "NotifyResourceDeploymentStatusChange": _plan(
            [
                *each("resourceArn", map(arn, busy)),
                *(
                    {"resourceArn": arn(each), "deploymentId": world.deployment(each)}
                    for each in busy
                ),
            ]
        ),
        "ListServiceInstanceOutputs": _plan(
            [
                *(_without_id(case) for case in instances),
                *({**_without_id(case), "deploymentId": case["id"]} for case in instances),
            ]
        ),
        "ListServicePipelineOutputs": _plan([*each("serviceName", w.PIPED), *pipelines]),
        "ListComponentOutputs": _plan(
            [
                *each("componentName", w.DETACHED),
                *(
                    {"componentName": case["componentName"], "deploymentId": case["id"]}
                    for case in components
                ),
            ]
        ),
    }


def _without_id(case: Body) -> Body:
    return {member: value for member, value in case.items() if member != "id"}


def _instance(service: str, name: str) -> str:
    return f"service/{service}/service-instance/{name}"


def _sync_plans(world: World) -> dict[str, Plan]:
    synced = [
        {"templateType": kind, "templateName": name}
        for kind, names in zip(w.TYPES, (w.ENVIRONMENT_TEMPLATES, w.SERVICE_TEMPLATES), strict=True)
        for name in names
    ]
    repositories = [
        {"repositoryProvider": provider, "repositoryName": name}
        for provider, name in product(w.PROVIDERS, w.REPOSITORIES)
    ]
    branch, file = {"branch": "main"}, {"filePath": "ops.yaml"}
    bare = [{"templateType": kind, "templateName": name} for kind in w.TYPES for name in w.BARE]
    services = each("serviceName", w.SERVICES)
    piped = each("serviceName", w.PIPED)
    instances = pairs("serviceName", w.PIPED, "serviceInstanceName", w.INSTANCES)
    sync_types = ("TEMPLATE_SYNC", "SERVICE_SYNC")
    return {
        "CreateTemplateSyncConfig": _plan(_mixed(bare, repositories, branch)),
        "GetTemplateSyncConfig": _plan(synced),
        "UpdateTemplateSyncConfig": _plan(_mixed(synced, repositories, branch)),
        "DeleteTemplateSyncConfig": _plan(synced),
        "GetTemplateSyncStatus": _plan(
            ({**case, "templateVersion": "1"} for case in synced), open=("templateVersion",)
        ),
        "CreateServiceSyncConfig": _plan(_mixed(services, repositories, {**branch, **file})),
        "GetServiceSyncConfig": _plan(piped),
        "UpdateServiceSyncConfig": _plan(_mixed(piped, repositories, {**branch, **file})),
        "DeleteServiceSyncConfig": _plan(piped),
        "GetServiceInstanceSyncStatus": _plan(instances),
        "GetServiceSyncBlockerSummary": _plan([*piped, *services, *instances]),
        "UpdateServiceSyncBlocker": _plan(
            each("id", world.blockers.values(), resolvedReason="done"), open=("resolvedReason",)
        ),
        "GetRepositorySyncStatus": _plan(
            (
                {
                    "repositoryProvider": each.repository_provider,
                    "repositoryName": each.repository_name,
                    "branch": each.branch,
                    "syncType": sync_type,
                }
                for each, sync_type in product(w.sync_branches(), sync_types)
            ),
            tied=("branch",),
        ),
        "ListRepositorySyncDefinitions": _plan(
            {**repository, "syncType": sync_type}
            for repository, sync_type in product([w.SYNCED, *repositories], sync_types)
        ),
    }


def _mixed(some: list[Body], others: list[Body], more: Body) -> list[Body]:
    """Each of some with the first other, and the first of some with each other."""
    cases = [{**each, **others[0], **more} for each in some]
    return cases + [{**some[0], **other, **more} for other in others[1:]]


def _account_plans(world: World) -> dict[str, Plan]:
    repository = [
        {"pipelineProvisioningRepository": {"provider": each, "name": name, "branch": "main"}}
        for each, name in product(w.PROVIDERS, w.REPOSITORIES)
    ]
    taggable = [
        "service/shop",
        "service/s",
        _instance(*w.ARN_OF_200),
        "environment-template/vpc",
        "environment-template/vpc:1",
        "service-template/web:1.0",
        "environment/dev",
        "component/cache",
        "repository/github:shop/app",
        f"environment-account-connection/{world.connections['ours, pending']}",
    ]
    arns = each("resourceArn", map(arn, taggable))
    linked = [
        {"provider": provider, "name": name}
        for provider, name in product(w.PROVIDERS, w.REPOSITORIES)
    ]
    new = {"name": "shop/new", "connectionArn": w.CONNECTION}
    return {
        "GetAccountSettings": _plan([{}]),
        "UpdateAccountSettings": _plan(
            [{}, *repository, {"deletePipelineProvisioningRepository": True}],
            bound=("deletePipelineProvisioningRepository",),
        ),
        "GetResourcesSummary": _plan([{}]),
        "CreateRepository": _plan(
            each("provider", w.PROVIDERS, **new), open=("name", "connectionArn", "encryptionKey")
        ),
        "GetRepository": _plan(linked),
        "DeleteRepository": _plan(linked),
        "ListRepositories": _plan([{}]),
        "TagResource": _plan({**case, "tags": w.tags("a")} for case in arns),
        "UntagResource": _plan({**case, "tagKeys": ["team", "a"]} for case in arns),
        "ListTagsForResource": _plan([{"resourceArn": arn(f"service/{w.HOST}")}, *arns]),
    }
