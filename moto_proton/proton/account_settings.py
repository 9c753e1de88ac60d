"""Account settings: the roles and the repository that pipelines are provisioned with.

Rules: section 6.1 of docs/behaviour.md.
"""

from __future__ import annotations

from moto_proton.bundle import Infrastructure, ProvisioningMethod
from moto_proton.proton.account.references import References
from moto_proton.proton.account.requests import Request
from moto_proton.proton.exceptions import ValidationError
from moto_proton.proton.repositories.links import Repositories, RepositoryBranch
from moto_proton.recorded_messages import NO_PIPELINE_ROLES


class AccountSettings:
    """The settings of an account in a region; what was never set is None.

    Rules 6.1-1 and 6.1-9.
    """

    def __init__(self, references: References, repositories: Repositories) -> None:
        self._references = references
        self._repositories = repositories
        self.pipeline_service_role_arn: str | None = None
        self.pipeline_codebuild_role_arn: str | None = None
        self.pipeline_provisioning_repository: RepositoryBranch | None = None

    def check_can_provision(self, pipeline: Infrastructure | None) -> None:
        """Refuse a pipeline without the setting that its method of provisioning needs.

        If the method is not known from a bundle, any of the three is enough (choice).

        Rules 6.1-7, 6.1-8, 6.8-4 and 9-6.
        """
        settings: dict[ProvisioningMethod | None, object] = {
            ProvisioningMethod.CLOUDFORMATION: self.pipeline_service_role_arn,
            ProvisioningMethod.CODEBUILD: self.pipeline_codebuild_role_arn,
            ProvisioningMethod.TERRAFORM: self.pipeline_provisioning_repository,
        }
        settings[None] = any(settings.values())
        if not settings[pipeline.method if pipeline is not None else None]:
            raise ValidationError(NO_PIPELINE_ROLES())

    def self_manages(self, pipeline: Infrastructure | None) -> bool:
        """Whether a pipeline is provisioned by the customer, for all its life.

        Without a bundle it is when there is no role for Proton to do it (choice).
        """
        if pipeline is not None:
            return pipeline.method is ProvisioningMethod.TERRAFORM
        return not (self.pipeline_service_role_arn or self.pipeline_codebuild_role_arn)

    def update(self, request: Request) -> AccountSettings:
        """Change what the request names; an empty role ARN removes the role.

        Raises :class:`ValidationError` when a repository is named and deleted in one call, or is
        not linked: the operation has no ResourceNotFoundException.

        Rules 6.1-2 to 6.1-4.
        """
        named = request.get("pipeline_provisioning_repository")
        delete = request.get("delete_pipeline_provisioning_repository", False)
        branch = self._repositories.branch(named) if named is not None else None
        if named is not None and delete:
            raise ValidationError(
                "pipelineProvisioningRepository can't be given together with "
                "deletePipelineProvisioningRepository"
            )
        if named is not None and branch is None:
            raise ValidationError(
                f"The {named['provider']} repository {named['name']} is not linked"
            )
        if "pipeline_service_role_arn" in request:
            self.pipeline_service_role_arn = request["pipeline_service_role_arn"] or None
        if "pipeline_codebuild_role_arn" in request:
            self.pipeline_codebuild_role_arn = request["pipeline_codebuild_role_arn"] or None
        if branch is not None:
            self.pipeline_provisioning_repository = branch
        if delete:
            self.pipeline_provisioning_repository = None
        branch = self.pipeline_provisioning_repository
        self._references.note("the account settings", [branch.repository] if branch else [])
        return self
