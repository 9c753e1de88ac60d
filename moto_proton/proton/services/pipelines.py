"""The pipelines of services: updated and cancelled. They are created and deleted with their
service.

Rules: section 6.10 of docs/behaviour.md.
"""

from __future__ import annotations

from moto_proton.bundle import ServiceBundle
from moto_proton.proton.account.account import Account
from moto_proton.proton.account.refusals import reading_spec
from moto_proton.proton.account.requests import Request
from moto_proton.proton.account_settings import AccountSettings
from moto_proton.proton.deployments.blocking import check_cancellable, check_idle
from moto_proton.proton.deployments.status import DeploymentStatus
from moto_proton.proton.exceptions import ConflictError, ResourceNotFoundError, ValidationError
from moto_proton.proton.services.pipeline import ServicePipeline
from moto_proton.proton.services.runner import ServiceState
from moto_proton.proton.services.services import Services
from moto_proton.proton.templates.inputs import check_pipeline_inputs
from moto_proton.proton.templates.numbers import (
    DeploymentType,
    refuse_with_none,
    version_for_update,
)
from moto_proton.proton.templates.service_templates import ServiceTemplates
from moto_proton.spec import parse_service_spec, resolve_for_pipeline


class ServicePipelines:
    """The pipelines of an account and region; each is stored with its service."""

    def __init__(
        self,
        account: Account,
        services: Services,
        templates: ServiceTemplates,
        settings: AccountSettings,
    ) -> None:
        self._account = account
        self._services = services
        self._templates = templates
        self._settings = settings

    def get(self, service_name: str) -> ServicePipeline:
        """The pipeline of a service; :class:`ResourceNotFoundError` when there is none.

        Rules 6.10-3 and 6.10-9.
        """
        pipeline = self._services.get(service_name).pipeline
        if pipeline is None:
            raise ResourceNotFoundError(f"The service {service_name} has no pipeline")
        return pipeline

    def update(self, request: Request) -> ServicePipeline:
        """Deploy the pipeline again, with the pipeline inputs of the given spec.

        The instances in that spec have to be well formed, but are neither compared nor deployed.
        The spec is required even for NONE, which changes nothing.

        Rules 6.10-4, 6.10-5 and 6.10-7.
        """
        pipeline = self.get(request["service_name"])
        pipeline.service.check_not_in_progress()
        check_idle(pipeline, f"pipeline of the service {pipeline.service.name}")
        target = self._update_target(pipeline, request)
        if target is not None:
            pipeline.deploy(target, self._account.now, cancellable=True)
            pipeline.run(self._account.progression, self._account.now)
        return pipeline

    def cancel(self, service_name: str) -> ServicePipeline:
        """Cancel the deployment of an update that is in progress (Rule 6.10-8)."""
        pipeline = self.get(service_name)
        pipeline.service.check_not_in_progress()
        check_cancellable(pipeline, f"pipeline of the service {service_name}")
        pipeline.cancel(self._account.now)
        pipeline.run(self._account.progression, self._account.now)
        return pipeline

    def _update_target(self, pipeline: ServicePipeline, request: Request) -> ServiceState | None:
        # Rules 6.10-2 and 6.10-6.
        kind = DeploymentType(request["deployment_type"])
        versions = (request.get("template_major_version"), request.get("template_minor_version"))
        service = pipeline.service
        with reading_spec():
            spec = resolve_for_pipeline(parse_service_spec(request["spec"]), service.current_spec)
        if kind is DeploymentType.NONE:
            refuse_with_none(request, "template_major_version", "template_minor_version")
            return None
        if pipeline.deployment_status is DeploymentStatus.DELETE_FAILED:
            # A failed deletion can only be repeated (Rule 3.3-18).
            raise ConflictError(f"The deletion of the pipeline of {service.name} failed")
        if pipeline.deployed is None:
            # As recorded for instances (Rule 6.10-10).
            raise ValidationError(
                f"The pipeline of the service {service.name} has no template version: it was "
                "never deployed with success"
            )
        template = self._templates.get(service.template_name)
        version = version_for_update(template, kind, pipeline.deployed.version, *versions)
        bundle = version.service_bundle
        check_pipeline_inputs(bundle, spec)
        self._check_provisionable(pipeline, bundle)
        self._account.check_key(template.encryption_key)
        return ServiceState(spec, version.version, bundle)

    def _check_provisionable(self, pipeline: ServicePipeline, bundle: ServiceBundle | None) -> None:
        """Refuse a version that the settings have no role for, or that changes who provisions."""
        infrastructure = bundle.pipeline if bundle is not None else None
        if infrastructure is None:
            return
        self._settings.check_can_provision(infrastructure)
        if self._settings.self_manages(infrastructure) != pipeline.self_managed:
            raise ValidationError(
                f"The pipeline of the service {pipeline.service.name} can't change to a template "
                f"version that is provisioned with {infrastructure.method.value}"
            )
