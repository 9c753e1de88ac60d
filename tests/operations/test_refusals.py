"""Each operation refuses what its shape does not admit, and names that do not exist, with a
message.

Other refusals are tested with their resources.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeAlias

import pytest

from moto_proton import api

Client: TypeAlias = Any
Refused: TypeAlias = Callable[..., str]
ValidRequest: TypeAlias = Callable[[str], dict[str, Any]]

PREFIX: Final = "arn:aws:proton:us-east-1:123456789012:"
ID: Final = "12345678-1234-1234-1234-123456789012"

PATTERN: Final = "Member must satisfy regular expression pattern: "
NAME_PATTERN: Final = PATTERN + r"^[0-9A-Za-z]+[0-9A-Za-z_\-]*$"
ID_PATTERN: Final = PATTERN + "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
REPOSITORY_PATTERN: Final = PATTERN + "[A-Za-z0-9_.-].*/[A-Za-z0-9_.-].*"
ARN_PATTERN: Final = PATTERN + (
    r"^arn:(aws|aws-cn|aws-us-gov):[a-zA-Z0-9-]+:[a-zA-Z0-9-]*:\d{12}:"
    r"([\w+=,.@-]+[/:])*[\w+=,.@-]+$"
)
ROLE_PATTERN: Final = PATTERN + (
    r"(^$)|(^arn:(aws|aws-cn|aws-us-gov):iam::\d{12}:role/"
    r"([\w+=,.@-]{1,512}[/:])*([\w+=,.@-]{1,64})$)"
)

WRONG: Final[list[tuple[str, Any, str, str]]] = [
    (
        "name",
        "-",
        NAME_PATTERN,
        """
        CreateComponent CreateEnvironment CreateEnvironmentTemplate CreateService
        CreateServiceInstance CreateServiceTemplate DeleteComponent DeleteEnvironment
        DeleteEnvironmentTemplate DeleteService DeleteServiceTemplate GetComponent
        GetEnvironment GetEnvironmentTemplate GetService GetServiceInstance
        GetServiceTemplate UpdateComponent UpdateEnvironment UpdateEnvironmentTemplate
        UpdateService UpdateServiceInstance UpdateServiceTemplate
        """,
    ),
    (
        "templateName",
        "-",
        NAME_PATTERN,
        """
        CreateEnvironmentTemplateVersion CreateServiceTemplateVersion
        CreateTemplateSyncConfig DeleteEnvironmentTemplateVersion
        DeleteServiceTemplateVersion DeleteTemplateSyncConfig
        GetEnvironmentTemplateVersion GetServiceTemplateVersion GetTemplateSyncConfig
        GetTemplateSyncStatus ListEnvironmentTemplateVersions
        ListServiceTemplateVersions UpdateEnvironmentTemplateVersion
        UpdateServiceTemplateVersion UpdateTemplateSyncConfig
        """,
    ),
    (
        "serviceName",
        "-",
        NAME_PATTERN,
        """
        CancelServiceInstanceDeployment CancelServicePipelineDeployment
        CreateServiceSyncConfig DeleteServiceSyncConfig GetServiceInstanceSyncStatus
        GetServiceSyncBlockerSummary GetServiceSyncConfig ListServiceInstanceOutputs
        ListServiceInstanceProvisionedResources ListServiceInstances
        ListServicePipelineOutputs ListServicePipelineProvisionedResources
        UpdateServicePipeline UpdateServiceSyncConfig
        """,
    ),
    (
        "id",
        "-",
        ID_PATTERN,
        """
        AcceptEnvironmentAccountConnection DeleteDeployment
        DeleteEnvironmentAccountConnection GetDeployment GetEnvironmentAccountConnection
        RejectEnvironmentAccountConnection UpdateEnvironmentAccountConnection
        """,
    ),
    (
        "environmentName",
        "-",
        NAME_PATTERN,
        """
        CancelEnvironmentDeployment CreateEnvironmentAccountConnection ListComponents
        ListEnvironmentOutputs ListEnvironmentProvisionedResources
        """,
    ),
    (
        "maxResults",
        0,
        "Member must have value greater than or equal to 1",
        """
        ListEnvironmentTemplates ListEnvironments ListRepositories ListServiceTemplates
        ListServices
        """,
    ),
    (
        "componentName",
        "-",
        NAME_PATTERN,
        """
        CancelComponentDeployment ListComponentOutputs ListComponentProvisionedResources
        ListDeployments
        """,
    ),
    (
        "resourceArn",
        "-",
        ARN_PATTERN,
        """
        ListTagsForResource NotifyResourceDeploymentStatusChange TagResource
        UntagResource
        """,
    ),
    (
        "name",
        "-",
        REPOSITORY_PATTERN,
        """
        CreateRepository DeleteRepository GetRepository
        """,
    ),
    (
        "branch",
        "",
        "Member must have length greater than or equal to 1",
        """
        GetRepositorySyncStatus
        """,
    ),
    (
        "pipelineCodebuildRoleArn",
        "-",
        ROLE_PATTERN,
        """
        UpdateAccountSettings
        """,
    ),
    (
        "repositoryName",
        "-",
        REPOSITORY_PATTERN,
        """
        ListRepositorySyncDefinitions
        """,
    ),
    (
        "requestedBy",
        "SIDEWAYS",
        "Member must satisfy enum value set: [MANAGEMENT_ACCOUNT, ENVIRONMENT_ACCOUNT]",
        """
        ListEnvironmentAccountConnections
        """,
    ),
    ("id", None, "Member must not be null", "UpdateServiceSyncBlocker"),
]
"""A member, a value that it does not admit (None leaves it out), what is said, the operations."""

MISSING: Final[list[tuple[str, dict[str, Any], str]]] = [
    (
        "AcceptEnvironmentAccountConnection",
        {},
        f"The environment account connection {ID} does not exist for this account",
    ),
    ("CancelComponentDeployment", {}, "The component shop does not exist"),
    ("CancelEnvironmentDeployment", {}, "The environment shop does not exist"),
    ("CancelServiceInstanceDeployment", {}, "The service shop does not exist"),
    ("CancelServicePipelineDeployment", {}, "The service shop does not exist"),
    ("CreateComponent", {"environmentName": "shop"}, "The environment shop does not exist"),
    ("CreateEnvironment", {}, "The environment template shop does not exist"),
    ("CreateEnvironmentTemplateVersion", {}, "The environment template shop does not exist"),
    ("CreateService", {}, "The service template shop does not exist"),
    ("CreateServiceInstance", {}, "The service shop does not exist"),
    ("CreateServiceTemplateVersion", {}, "The service template shop does not exist"),
    ("DeleteComponent", {}, "The component shop does not exist"),
    ("DeleteDeployment", {}, f"The deployment {ID} does not exist"),
    ("DeleteRepository", {}, "The GITHUB repository shop/app is not linked"),
    ("DeleteServiceSyncConfig", {}, "The service shop has no sync config"),
    ("DeleteTemplateSyncConfig", {}, "The environment template shop has no sync config"),
    ("GetComponent", {}, "The component shop does not exist"),
    ("GetDeployment", {}, f"The deployment {ID} does not exist"),
    ("GetEnvironment", {}, "The environment shop does not exist"),
    (
        "GetEnvironmentAccountConnection",
        {},
        f"The environment account connection {ID} does not exist for this account",
    ),
    ("GetEnvironmentTemplate", {}, "The environment template shop does not exist"),
    ("GetEnvironmentTemplateVersion", {}, "The environment template shop does not exist"),
    ("GetRepository", {}, "The GITHUB repository shop/app is not linked"),
    (
        "GetRepositorySyncStatus",
        {},
        "The branch shop of the GITHUB repository shop/app was never synced for TEMPLATE_SYNC",
    ),
    ("GetService", {}, "The service shop does not exist"),
    ("GetServiceInstance", {}, "The service shop does not exist"),
    ("GetServiceInstanceSyncStatus", {}, "The service shop does not exist"),
    ("GetServiceSyncBlockerSummary", {}, "The service shop does not exist"),
    ("GetServiceSyncConfig", {}, "The service shop has no sync config"),
    ("GetServiceTemplate", {}, "The service template shop does not exist"),
    ("GetServiceTemplateVersion", {}, "The service template shop does not exist"),
    ("GetTemplateSyncConfig", {}, "The environment template shop has no sync config"),
    ("GetTemplateSyncStatus", {}, "The environment template shop has no sync config"),
    ("ListComponentOutputs", {}, "The component shop does not exist"),
    ("ListComponentProvisionedResources", {}, "The component shop does not exist"),
    ("ListEnvironmentOutputs", {}, "The environment shop does not exist"),
    ("ListEnvironmentProvisionedResources", {}, "The environment shop does not exist"),
    ("ListEnvironmentTemplateVersions", {}, "The environment template shop does not exist"),
    ("ListServiceInstanceOutputs", {}, "The service shop does not exist"),
    ("ListServiceInstanceProvisionedResources", {}, "The service shop does not exist"),
    ("ListServiceInstances", {"serviceName": "shop"}, "The service shop does not exist"),
    ("ListServicePipelineOutputs", {}, "The service shop does not exist"),
    ("ListServicePipelineProvisionedResources", {}, "The service shop does not exist"),
    ("ListServiceTemplateVersions", {}, "The service template shop does not exist"),
    ("ListTagsForResource", {}, f"The resource {PREFIX}service/shop does not exist"),
    (
        "RejectEnvironmentAccountConnection",
        {},
        f"The environment account connection {ID} does not exist for this account",
    ),
    ("TagResource", {}, f"The resource {PREFIX}service/shop does not exist"),
    ("UntagResource", {}, f"The resource {PREFIX}service/shop does not exist"),
    ("UpdateComponent", {}, "The component shop does not exist"),
    ("UpdateEnvironment", {}, "The environment shop does not exist"),
    (
        "UpdateEnvironmentAccountConnection",
        {},
        f"The environment account connection {ID} does not exist for this account",
    ),
    ("UpdateEnvironmentTemplate", {}, "The environment template shop does not exist"),
    ("UpdateEnvironmentTemplateVersion", {}, "The environment template shop does not exist"),
    ("UpdateService", {}, "The service shop does not exist"),
    ("UpdateServiceInstance", {}, "The service shop does not exist"),
    ("UpdateServicePipeline", {}, "The service shop does not exist"),
    ("UpdateServiceSyncBlocker", {}, "The service sync blocker shop does not exist"),
    ("UpdateServiceSyncConfig", {}, "The service shop has no sync config"),
    ("UpdateServiceTemplate", {}, "The service template shop does not exist"),
    ("UpdateServiceTemplateVersion", {}, "The service template shop does not exist"),
    ("UpdateTemplateSyncConfig", {}, "The environment template shop has no sync config"),
]
"""An operation, what its request has beyond the required members, and what is said."""


@pytest.fixture
def call_of(proton: Client) -> Callable[[str], str]:
    """The client's method of an operation."""
    methods = {name: method for method, name in proton.meta.method_to_api_mapping.items()}
    return lambda operation: str(methods[operation])


@pytest.mark.rule("1.4-24")
@pytest.mark.parametrize(
    ("operation", "member", "value", "words"),
    [
        pytest.param(operation, member, value, words, id=operation)
        for member, value, words, operations in WRONG
        for operation in operations.split()
        if operation in api.operation_names()
    ],
)
def test_a_value_that_the_shape_does_not_admit_is_refused(
    call_of: Callable[[str], str],
    refused: Refused,
    valid_request: ValidRequest,
    operation: str,
    member: str,
    value: Any,
    words: str,
) -> None:
    request = {**valid_request(operation), member: value}
    if value is None:
        del request[member]

    message = refused("ValidationException", words, call_of(operation), **request)

    shown = "null" if value is None else f"'{value}'"
    assert message == (
        f"1 validation error detected: Value {shown} at '{member}' failed to satisfy "
        f"constraint: {words}"
    )


@pytest.mark.parametrize(
    ("operation", "members", "words"),
    [
        pytest.param(operation, members, words, id=operation)
        for operation, members, words in MISSING
        if operation in api.operation_names()
    ],
)
def test_what_is_not_there_is_not_found(
    call_of: Callable[[str], str],
    refused: Refused,
    valid_request: ValidRequest,
    operation: str,
    members: dict[str, Any],
    words: str,
) -> None:
    request = {**valid_request(operation), **members}

    message = refused("ResourceNotFoundException", words, call_of(operation), **request)

    assert message == words
