"""Service templates: pipelines, compatible environment templates, component sources.

Rules: section 6.5 of docs/behaviour.md.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from moto_proton.bundle import ServiceBundle, read_service_bundle
from moto_proton.proton.account.account import Account
from moto_proton.proton.account.requests import Request
from moto_proton.proton.exceptions import ResourceNotFoundError, ValidationError
from moto_proton.proton.templates.bundles import BundleSources
from moto_proton.proton.templates.environment_templates import EnvironmentTemplates
from moto_proton.proton.templates.numbers import missing_version
from moto_proton.proton.templates.template import Template
from moto_proton.proton.templates.templates import Templates, members_given
from moto_proton.proton.templates.version import CompatibleEnvironmentTemplate


@dataclass(eq=False, kw_only=True)
class ServiceTemplate(Template):
    """``pipeline_provisioning`` is CUSTOMER_MANAGED or absent, for good.

    When it is absent, every service made from the template has a pipeline.

    Rules 6.5-1 and 6.5-2.
    """

    kind = "service"

    pipeline_provisioning: str | None = None

    @property
    def has_pipeline(self) -> bool:
        """Whether Proton provisions a pipeline for each service of this template."""
        return self.pipeline_provisioning is None

    def read_bundle(self, archive: bytes) -> ServiceBundle:
        """The service bundle in an archive; raises BundleError."""
        return read_service_bundle(archive, has_pipeline=self.has_pipeline)


class ServiceTemplates(Templates[ServiceTemplate]):
    """The service templates of an account and region."""

    template_type = ServiceTemplate

    def __init__(
        self,
        account: Account,
        bundles: BundleSources,
        count_of_all: Callable[[], int],
        environment_templates: EnvironmentTemplates,
    ) -> None:
        super().__init__(account, bundles, count_of_all)
        self._environment_templates = environment_templates

    def _own_members(self, request: Request) -> dict[str, Any]:
        return members_given(request, "pipeline_provisioning")

    def _own_version_members(self, request: Request) -> dict[str, Any]:
        """The compatible environment templates, which must exist, and the component sources.

        In an update both lists replace those of the version. The guide asks for a new major version
        to change the compatible environments, the service model takes them here: the model rules.

        Rules 6.5-4 and 6.5-9 to 6.5-11.
        """
        members = members_given(
            request, "compatible_environment_templates", "supported_component_sources"
        )
        if "compatible_environment_templates" in members:
            members["compatible_environment_templates"] = self._compatible(
                members["compatible_environment_templates"]
            )
        if "supported_component_sources" in members:
            members["supported_component_sources"] = tuple(members["supported_component_sources"])
        return members

    def _compatible(
        self, entries: list[dict[str, str]]
    ) -> tuple[CompatibleEnvironmentTemplate, ...]:
        # Rules 6.5-5 and 6.5-7.
        compatible = [CompatibleEnvironmentTemplate(**entry) for entry in entries]
        for entry in compatible:
            if compatible.count(entry) > 1:
                raise ValidationError(
                    f"The compatible environment template {entry.template_name} with major version "
                    f"{entry.major_version} is given more than once"
                )
            template = self._environment_templates.find(entry.template_name)
            if template is None:
                raise ResourceNotFoundError(
                    f"The environment template {entry.template_name} does not exist"
                )
            if not template.of_major(int(entry.major_version)):
                raise missing_version("environment", f"{template.arn}:{entry.major_version}")
        return tuple(compatible)
