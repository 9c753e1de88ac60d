"""What each operation does to a create that is repeated: each of them, against every create.

Creates that are known by a name answer a repeat with what is there, unless that was modified since.
Rows say which creates are refused after an operation, as it counts as a modification of what they
made; all the others are still answered, whatever else the operation did.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import pytest

from moto_proton import api
from moto_proton.proton.snapshots import Snapshot
from moto_proton.proton.state import restore, snapshot
from moto_proton.seed import service_spec
from tests.support.clients import Client

PREFIX: Final = "arn:aws:proton:us-east-1:123456789012:"
ROLE: Final = "arn:aws:iam::123456789012:role/proton"
LINK: Final = "arn:aws:codestar-connections:us-east-1:123456789012:connection/x"
SOURCE: Final = {"s3": {"bucket": "bundles", "key": "x"}}
MANIFEST: Final = (
    "infrastructure:\n  templates:\n    - file: a.yaml\n      rendering_engine: jinja\n"
    "      template_language: cloudformation\n"
)
TEMPLATE: Final = "Resources: {Store: {Type: 'AWS::S3::Bucket'}}\n"
ONE: Final = service_spec({"web": "dev"}, pipeline={})
TWO: Final = service_spec({"web": "dev", "extra": "dev"}, pipeline={})
GITHUB: Final = {"repositoryProvider": "GITHUB", "repositoryName": "shop/infrastructure"}
FOLLOWED: Final = {**GITHUB, "branch": "main"}
NETWORK: Final = {"templateName": "network", "templateMajorVersion": "1"}
WEB: Final = {"templateName": "web", "templateMajorVersion": "1"}
COMPATIBLE: Final = [{"templateName": "network", "majorVersion": "1"}]

CREATES: Final[dict[str, dict[str, Any]]] = {
    "create_environment_template": {"name": "network"},
    "create_service_template": {"name": "web"},
    "create_environment": {
        "name": "dev",
        **NETWORK,
        "spec": "proton: EnvironmentSpec\nspec: {}\n",
        "protonServiceRoleArn": ROLE,
        "componentRoleArn": ROLE,
    },
    "create_service": {
        "name": "shop",
        **WEB,
        "spec": ONE,
        "repositoryConnectionArn": LINK,
        "repositoryId": "shop/app",
        "branchName": "main",
    },
    "create_service_instance": {"serviceName": "shop", "name": "extra", "spec": TWO},
    "create_component": {
        "name": "cache",
        "environmentName": "dev",
        "manifest": MANIFEST,
        "templateFile": TEMPLATE,
    },
    "create_repository": {
        "provider": "GITHUB",
        "name": "shop/infrastructure",
        "connectionArn": LINK,
    },
    "create_template_sync_config": {
        "templateName": "network",
        "templateType": "ENVIRONMENT",
        **FOLLOWED,
    },
    "create_service_sync_config": {"serviceName": "shop", "filePath": "ops.yaml", **FOLLOWED},
}
"""The creates whose repeats are answered by what is there, in an order in which they succeed."""


def make(proton: Client) -> None:
    """Everything that the creates make, and what it takes."""
    for operation, request in CREATES.items():
        getattr(proton, operation)(**request)
        if operation.endswith("_template"):
            kind, name = operation.removeprefix("create_"), request["name"]
            more: dict[str, Any] = {}
            if name == "web":
                more["compatibleEnvironmentTemplates"] = COMPATIBLE
                more["supportedComponentSources"] = ["DIRECTLY_DEFINED"]
                proton.update_account_settings(
                    pipelineServiceRoleArn=ROLE, pipelineCodebuildRoleArn=ROLE
                )
            getattr(proton, f"create_{kind}_version")(templateName=name, source=SOURCE, **more)
            version = {"templateName": name, "majorVersion": "1", "minorVersion": "0"}
            getattr(proton, f"get_{kind}_version")(**version)
            getattr(proton, f"update_{kind}_version")(**version, status="PUBLISHED")


# --- what counts --------------------------------------------------------------------------------

Of = tuple[str, ...]
ENVIRONMENT_TEMPLATE: Final[Of] = ("create_environment_template",)
SERVICE_TEMPLATE: Final[Of] = ("create_service_template",)
ENVIRONMENT: Final[Of] = ("create_environment",)
SERVICE: Final[Of] = ("create_service",)
INSTANCE: Final[Of] = ("create_service_instance",)
COMPONENT: Final[Of] = ("create_component",)
REPOSITORY: Final[Of] = ("create_repository",)
TEMPLATE_SYNC: Final[Of] = ("create_template_sync_config",)
SERVICE_SYNC: Final[Of] = ("create_service_sync_config",)
TAGS: Final = [{"key": "team", "value": "shop"}]
VERSION: Final = {"majorVersion": "1", "minorVersion": "0"}
AGAIN: Final = {"deploymentType": "CURRENT_VERSION"}
CONNECTION: Final = {
    "environmentName": "far",
    "managementAccountId": "111122223333",
    "roleArn": ROLE,
}


class Row(NamedTuple):
    """A call, and the creates whose repeats are refused after it; ``gone`` are not asked again."""

    call: str
    members: dict[str, Any]
    refused: Of = ()
    gone: Of = ()


ROWS: Final = (
    Row("update_environment_template", {"name": "network"}, ENVIRONMENT_TEMPLATE),
    Row("update_service_template", {"name": "web"}, SERVICE_TEMPLATE),
    Row("create_environment_template_version", {"templateName": "network", "source": SOURCE}),
    Row(
        "create_service_template_version",
        {
            "templateName": "web",
            "source": SOURCE,
            "compatibleEnvironmentTemplates": COMPATIBLE,
        },
    ),
    Row("update_environment_template_version", {"templateName": "network", **VERSION}),
    Row("update_service_template_version", {"templateName": "web", **VERSION}),
    Row("update_environment", {"name": "dev", **AGAIN}, ENVIRONMENT),
    Row("update_environment", {"name": "dev", "deploymentType": "NONE"}, ENVIRONMENT),
    Row("update_service", {"name": "shop", "description": "x"}, SERVICE),
    Row("update_service", {"name": "shop", "spec": ONE}, SERVICE, gone=INSTANCE),
    Row("update_service", {"name": "shop"}),
    Row("update_service_instance", {"serviceName": "shop", "name": "extra", **AGAIN}, INSTANCE),
    Row("update_service_instance", {"serviceName": "shop", "name": "web", **AGAIN}),
    Row("update_service_pipeline", {"serviceName": "shop", "spec": TWO, **AGAIN}),
    Row("update_component", {"name": "cache", "templateFile": TEMPLATE, **AGAIN}, COMPONENT),
    Row(
        "update_template_sync_config",
        {"templateName": "network", "templateType": "ENVIRONMENT", **FOLLOWED},
        TEMPLATE_SYNC,
    ),
    Row(
        "update_service_sync_config",
        {"serviceName": "shop", "filePath": "ops.yaml", **FOLLOWED},
        SERVICE_SYNC,
    ),
    Row("update_account_settings", {"pipelineServiceRoleArn": ROLE}),
    *(
        Row(call, {"resourceArn": f"{PREFIX}{resource}", **more}, refused)
        for call, more in (("tag_resource", {"tags": TAGS}), ("untag_resource", {"tagKeys": ["x"]}))
        for resource, refused in (
            ("environment-template/network", ENVIRONMENT_TEMPLATE),
            ("service-template/web", SERVICE_TEMPLATE),
            ("environment-template/network:1.0", ()),
            ("environment-template/network:1", ()),
            ("environment/dev", ENVIRONMENT),
            ("service/shop", SERVICE),
            ("service/shop/service-instance/extra", INSTANCE),
            ("component/cache", COMPONENT),
            ("repository/github:shop/infrastructure", REPOSITORY),
        )
    ),
    Row("delete_component", {"name": "cache"}, gone=COMPONENT),
    Row("delete_service", {"name": "shop"}, gone=(*SERVICE, *INSTANCE, *SERVICE_SYNC)),
    Row(
        "delete_template_sync_config",
        {"templateName": "network", "templateType": "ENVIRONMENT"},
        gone=TEMPLATE_SYNC,
    ),
    Row("delete_service_sync_config", {"serviceName": "shop"}, gone=SERVICE_SYNC),
    Row("create_environment_account_connection", CONNECTION),
    *(Row(call, {**request}) for call, request in CREATES.items()),
)

ELSEWHERE: Final = {
    "cancel_component_deployment": "cancels what an update started, which counted",
    "cancel_environment_deployment": "the same",
    "cancel_service_instance_deployment": "the same",
    "cancel_service_pipeline_deployment": "the same",
    "notify_resource_deployment_status_change": "ends what another call started",
    "delete_deployment": "below",
    "update_service_sync_blocker": "is of what a push has met",
    "accept_environment_account_connection": "no create answers repeats with a connection",
    "reject_environment_account_connection": "the same",
    "update_environment_account_connection": "the same",
    "delete_environment_account_connection": "the same",
    "delete_environment": "refused while there is a service in it",
    "delete_environment_template": "refused while it is in use",
    "delete_environment_template_version": "the same",
    "delete_service_template": "the same",
    "delete_service_template_version": "the same",
    "delete_repository": "refused while it is followed",
}
"""Operations that no row calls, and why."""


def test_every_operation_that_changes_something_has_a_row() -> None:
    changing = {each for each in api.operation_names() if not each.startswith(("Get", "List"))}

    called = {row.call for row in ROWS}
    assert called | set(ELSEWHERE) == {api.snake_case(each) for each in changing}
    assert not called & set(ELSEWHERE)


_made: list[Snapshot] = []


@pytest.fixture
def shop(proton: Client) -> None:
    """What the creates make; made once."""
    if _made:
        restore(_made[0])
    else:
        make(proton)
        _made.append(snapshot())


@pytest.mark.usefixtures("shop")
@pytest.mark.parametrize(
    "row", ROWS, ids=lambda row: f"{row.call} {next(iter(row.members.values()))}"
)
def test_a_repeat_is_refused_after_what_counts_as_a_modification(proton: Client, row: Row) -> None:
    getattr(proton, row.call)(**row.members)
    proton.get_service(name="shop") if "create_service" not in row.gone else None

    refused = set(refusals(proton, set(CREATES) - set(row.gone)))

    assert refused == set(row.refused)


@pytest.mark.usefixtures("shop")
def test_the_deletion_of_a_deployment_counts_for_nothing(proton: Client) -> None:
    for deployment in proton.list_deployments()["deployments"]:
        proton.delete_deployment(id=deployment["id"])

    assert refusals(proton, set(CREATES)) == []


def refusals(proton: Client, creates: set[str]) -> list[str]:
    """Which of these creates are refused, as conflicts, when they are repeated."""
    found = []
    for operation in CREATES:
        if operation in creates:
            try:
                getattr(proton, operation)(**CREATES[operation])
            except proton.exceptions.ConflictException:
                found.append(operation)
    return found
