"""How an environment is provisioned, and which members of a request that permits.

Rules: section 6.6 of docs/behaviour.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from moto_proton.bundle import EnvironmentBundle, ProvisioningMethod
from moto_proton.proton.account.requests import Request
from moto_proton.proton.account.scope import Scope
from moto_proton.proton.connections.connection import ConnectionStatus, EnvironmentAccountConnection
from moto_proton.proton.connections.connections import EnvironmentAccountConnections
from moto_proton.proton.exceptions import ConflictError, ResourceNotFoundError, ValidationError
from moto_proton.proton.repositories.links import Repositories, RepositoryBranch

if TYPE_CHECKING:
    from moto_proton.proton.environments.environment import Environment

ROLES: Final = ("proton_service_role_arn", "codebuild_role_arn", "component_role_arn")

_WIRE: Final = {
    "proton_service_role_arn": "protonServiceRoleArn",
    "codebuild_role_arn": "codebuildRoleArn",
    "environment_account_connection_id": "environmentAccountConnectionId",
    "provisioning_repository": "provisioningRepository",
}

# What each method needs: a member of the environment, or of its connection instead. Rules 6.6-9 and
# 9-5.
_NEEDED: Final = {
    ProvisioningMethod.CLOUDFORMATION: ("proton_service_role_arn", "role_arn"),
    ProvisioningMethod.CODEBUILD: ("codebuild_role_arn", "codebuild_role_arn"),
    ProvisioningMethod.TERRAFORM: ("provisioning_repository", None),
}

# What can't be given together: self-managed provisioning excludes every role and connection, a
# connection brings the roles of the other account with it.
# Rules 6.6-2 to 6.6-5 and 6.6-8.
_EXCLUDED: Final = (
    ("provisioning_repository", "proton_service_role_arn"),
    ("provisioning_repository", "codebuild_role_arn"),
    ("provisioning_repository", "environment_account_connection_id"),
    ("environment_account_connection_id", "proton_service_role_arn"),
    ("environment_account_connection_id", "codebuild_role_arn"),
)


def check_create(request: Request, template_provisioning: str | None) -> None:
    """Refuse members that exclude each other, or a standard template with none of them.

    Rules 6.6-6 and 6.6-7.
    """
    _check_excluded(request)
    if template_provisioning is None and not any(member in request for member in _WIRE):
        raise ValidationError(
            "An environment of a standard template needs one of " + ", ".join(_WIRE.values())
        )


def check_update(request: Request, environment: Environment) -> None:
    """Refuse members that do not fit the way in which the environment is provisioned.

    Rules 6.6-28 to 6.6-31.
    """
    _check_excluded(request)
    name = environment.name
    repository = environment.provisioning_repository
    connected = environment.environment_account_connection_id is not None
    if repository is not None:
        _refuse(
            request,
            ("proton_service_role_arn", "codebuild_role_arn", "environment_account_connection_id"),
            f"the environment {name} is self-managed",
        )
        # The model requires the repository here, the guide forbids changing it: the same one is
        # accepted.
        given = request.get("provisioning_repository")
        if given is not None and (given["provider"], given["name"], given["branch"]) != (
            repository.provider,
            repository.name,
            repository.branch,
        ):
            raise ValidationError(
                f"The provisioningRepository of the environment {name} can't be changed"
            )
    elif connected:
        _refuse(
            request,
            # The model names the other two; the CodeBuild role of another account also comes with
            # its connection (Rule 6.6-42).
            ("proton_service_role_arn", "codebuild_role_arn", "provisioning_repository"),
            f"the environment {name} has an environment account connection",
        )
    else:
        _refuse(
            request,
            ("provisioning_repository", "environment_account_connection_id"),
            f"the environment {name} is provisioned by Proton in this account",
        )


def check_method(
    bundle: EnvironmentBundle | None,
    request: Request,
    connection: EnvironmentAccountConnection | None,
    environment: Environment | None = None,
) -> None:
    """Refuse a template version if the environment lacks a role or repository to provision it.

    ``request`` is that of the create call, or of the update call of ``environment``.

    Rule 6.6-9.
    """
    if bundle is None or bundle.infrastructure is None:
        return
    method = bundle.infrastructure.method
    if connection is None and environment is not None:
        connection = environment.environment_account_connection
    member, of_connection = _NEEDED[method]
    given = request.get(member) or (getattr(environment, member) if environment else None)
    if connection is not None and of_connection is not None:
        given = getattr(connection, of_connection)
    if given is None:
        what = f"a {_WIRE[member]}" if connection is None else f"a connection with a {member}"
        raise ValidationError(
            f"The environment {request['name']} needs {what}: its template version is provisioned "
            f"with {method.value}"
        )


def repository_to_use(repositories: Repositories, request: Request) -> RepositoryBranch | None:
    """The branch that a self-managed environment is provisioned through, None for another one.

    Rule 6.6-10.
    """
    given = request.get("provisioning_repository")
    if given is None:
        return None
    branch = repositories.branch(given)
    if branch is None:
        raise ResourceNotFoundError(
            f"The {given['provider']} repository {given['name']} is not linked"
        )
    return branch


def connection_to_use(
    connections: EnvironmentAccountConnections,
    scope: Scope,
    request: Request,
    environment: Environment | None = None,
) -> EnvironmentAccountConnection | None:
    """The connection that a request names for a new environment, or for ``environment``.

    None when it names none. A connection belongs to one environment name in its management account,
    so no other environment can already use it.

    Rules 6.6-11 and 6.6-12.
    """
    connection_id = request.get("environment_account_connection_id")
    if connection_id is None:
        return None
    connection = connections.find_anyones(connection_id)
    if connection is None:
        raise ResourceNotFoundError(
            f"The environment account connection {connection_id} does not exist"
        )
    if connection.management_scope != scope:
        raise ValidationError(
            f"The environment account connection {connection_id} is not addressed to the account "
            f"{scope.account_id}"
        )
    if connection.environment_name != request["name"]:
        raise ValidationError(
            f"The environment account connection {connection_id} is for the environment "
            f"{connection.environment_name}, not for {request['name']}"
        )
    if (
        environment is not None
        and connection.environment_account_id != environment.environment_account_id
    ):
        raise ValidationError(
            f"The environment account connection {connection_id} is of the account "
            f"{connection.environment_account_id}; the environment {environment.name} is in the "
            f"account {environment.environment_account_id}"
        )
    if connection.status is not ConnectionStatus.CONNECTED:
        raise ConflictError(
            f"The environment account connection {connection_id} is not connected: its status is "
            f"{connection.status.value}"
        )
    return connection


def roles_of(environment: Environment) -> tuple[str | None, str | None]:
    """The roles for CloudFormation and for CodeBuild: for an environment in another account those
    of its connection.
    """
    connection = environment.environment_account_connection
    if connection is not None:
        return connection.role_arn, connection.codebuild_role_arn
    return environment.proton_service_role_arn, environment.codebuild_role_arn


def check_still_connected(environment: Environment) -> None:
    """Refuse to deploy through a connection that was deleted.

    Rule 6.7-17.
    """
    if (
        environment.environment_account_connection_id is not None
        and environment.environment_account_connection is None
    ):
        raise ConflictError(
            f"The environment account connection "
            f"{environment.environment_account_connection_id} of the environment "
            f"{environment.name} was deleted: it takes a new one to manage the environment"
        )


def _check_excluded(request: Request) -> None:
    for one, other in _EXCLUDED:
        if one in request and other in request:
            raise ValidationError(f"{_WIRE[one]} can't be given together with {_WIRE[other]}")


def _refuse(request: Request, members: tuple[str, ...], reason: str) -> None:
    for member in members:
        if member in request:
            raise ValidationError(f"{_WIRE[member]} can't be given: {reason}")
