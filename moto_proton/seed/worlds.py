"""Creates resources for tests: templates, environments, services, components, each with what it
needs.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from moto_proton.seed.upload import BundleUpload, Directory, small_bundle

if TYPE_CHECKING:
    from mypy_boto3_proton import ProtonClient

Inputs: TypeAlias = Mapping[str, Any]
Described: TypeAlias = dict[str, Any]
"""A resource as the get operation describes it."""

ENVIRONMENT_TEMPLATE: Final = "environment-template"
SERVICE_TEMPLATE: Final = "service-template"
SERVICE_TEMPLATE_WITH_PIPELINE: Final = "service-template-with-pipeline"

TERRAFORM: Final = "terraform-"
"""The prefix of the names of templates whose infrastructure is self-managed."""

_ACCOUNT: Final = "123456789012"
_CONNECTION: Final = f"arn:aws:codestar-connections:us-east-1:{_ACCOUNT}:connection/shop"
_MANIFEST: Final = """\
infrastructure:
  templates:
    - file: {file}
      rendering_engine: {engine}
      template_language: {language}
"""
COMPONENT_TEMPLATE: Final = """\
Resources:
  Store:
    Type: AWS::S3::Bucket
Outputs:
  StoreName:
    Value: !Ref Store
"""
_TERRAFORM_COMPONENT: Final = 'resource "aws_s3_bucket" "store" {}\n'


def service_spec(
    instances: Mapping[str, str], *, inputs: Inputs | None = None, pipeline: Inputs | None = None
) -> str:
    """The text of a service spec: environments by instance name, the same inputs for each."""
    spec: dict[str, Any] = {"proton": "ServiceSpec"}
    if pipeline:
        spec["pipeline"] = dict(pipeline)
    spec["instances"] = [
        {"name": name, "environment": environment, **({"spec": dict(inputs)} if inputs else {})}
        for name, environment in instances.items()
    ]
    return _dump(spec)


def _dump(data: dict[str, Any]) -> str:
    import yaml

    return str(yaml.safe_dump(data, sort_keys=False))


class Seed:
    """Creates resources for tests with a Proton client, in the region and account of that
    client.
    """

    service_spec = staticmethod(service_spec)

    def __init__(self, client: ProtonClient) -> None:
        self._client: Any = client
        self._bundles = BundleUpload(client)

    def environment_template(
        self,
        /,
        name: str = ENVIRONMENT_TEMPLATE,
        *,
        versions: Sequence[str] = ("1.0",),
        bundle: Directory | None = None,
        **members: Any,
    ) -> Described:
        """An environment template with these versions, all published.

        ``versions`` are full version numbers, in the order in which Proton would give them. Each is
        registered from the directory ``bundle``, which has ``schema/`` and ``infrastructure/`` in
        it; by default from a small bundle of the package: Terraform for a name that begins with
        ``terraform-``, else CloudFormation. ``members`` go to ``create_environment_template``. What
        is there already stays. Raises ``ValueError`` for a bundle that fails to register,
        ``NotADirectoryError``.
        """
        _check_directory(bundle)
        template = self._template("environment", name, members)
        if bundle is None:
            customer_managed = template.get("provisioning") == "CUSTOMER_MANAGED"
            method = TERRAFORM if name.startswith(TERRAFORM) else ""
            bundle = small_bundle(
                f"{'customer-managed-' if customer_managed else method}environment"
            )
        self._versions("environment", template, versions, bundle, {})
        described: Described = self._client.get_environment_template(name=name)
        return dict(described["environmentTemplate"])

    def service_template(
        self,
        /,
        name: str | None = None,
        *,
        pipeline: bool = False,
        versions: Sequence[str] = ("1.0",),
        compatible_with: Sequence[str] | None = None,
        component_sources: Sequence[str] = ("DIRECTLY_DEFINED",),
        bundle: Directory | None = None,
        **members: Any,
    ) -> Described:
        """A service template with these versions, all published.

        Without ``pipeline`` it is CUSTOMER_MANAGED, so its services have none. ``compatible_with``
        are environment templates as ``name:major``; missing ones are created, and by default it is
        the template of the small bundles. ``bundle`` and ``members`` are as for
        :meth:`environment_template`. What is there already stays.
        """
        _check_directory(bundle)
        if name is None:
            name = SERVICE_TEMPLATE_WITH_PIPELINE if pipeline else SERVICE_TEMPLATE
        if not pipeline:
            members.setdefault("pipelineProvisioning", "CUSTOMER_MANAGED")
        method = TERRAFORM if name.startswith(TERRAFORM) else ""
        compatible = []
        for entry in compatible_with or (f"{method}{ENVIRONMENT_TEMPLATE}:1",):
            template, _, major = entry.partition(":")
            self.environment_template(
                template, versions=[f"{number}.0" for number in range(1, int(major) + 1)]
            )
            compatible.append({"templateName": template, "majorVersion": major})
        made = self._template("service", name, members)
        if bundle is None:
            with_pipeline = "" if "pipelineProvisioning" in made else "-with-pipeline"
            bundle = small_bundle(f"{method}service{with_pipeline}")
        self._versions(
            "service",
            made,
            versions,
            bundle,
            {
                "compatibleEnvironmentTemplates": compatible,
                "supportedComponentSources": list(component_sources),
            },
        )
        described: Described = self._client.get_service_template(name=name)
        return dict(described["serviceTemplate"])

    def environment(
        self,
        /,
        name: str,
        *,
        template: str | None = None,
        version: str = "1.0",
        inputs: Inputs | None = None,
        self_managed: bool = False,
        **members: Any,
    ) -> Described:
        """An environment; an existing one of that name is returned as it is.

        It is AWS-managed with a role for components, or self-managed through a linked repository;
        a self-managed one stays IN_PROGRESS until it is notified. ``members`` go to
        ``create_environment`` and win.
        """
        existing = self._found(lambda: self._client.get_environment(name=name))
        if existing is None:
            if template is None:
                template = (TERRAFORM if self_managed else "") + ENVIRONMENT_TEMPLATE
            self.environment_template(template, versions=_up_to(version))
            major, _, minor = version.partition(".")
            request: dict[str, Any] = {
                "name": name,
                "templateName": template,
                "templateMajorVersion": major,
                "templateMinorVersion": minor,
                "spec": _dump({"proton": "EnvironmentSpec", "spec": dict(inputs or {})}),
            }
            if self_managed:
                request["provisioningRepository"] = {**self.repository(), "branch": "main"}
            else:
                request["protonServiceRoleArn"] = _role("proton")
                request["componentRoleArn"] = _role("components")
            self._client.create_environment(**{**request, **members})
            existing = self._client.get_environment(name=name)
        return dict(existing["environment"])

    def service(
        self,
        /,
        name: str,
        *,
        instances: Mapping[str, str] | None = None,
        pipeline: bool = False,
        template: str | None = None,
        version: str = "1.0",
        inputs: Inputs | None = None,
        pipeline_inputs: Inputs | None = None,
        **members: Any,
    ) -> Described:
        """A service, with all that it needs, as ``get_service`` answers.

        ``instances`` are environments by instance name (``{"dev": "dev-env"}``; one instance
        ``dev`` in the environment ``dev`` if left out); environments that are missing are made. A
        service template that is missing is made compatible with theirs. ``inputs`` go to every
        instance, ``pipeline_inputs`` to the pipeline. ``members`` go to ``create_service`` and win.
        An existing service of that name is returned as it is.
        """
        existing = self._found(lambda: self._client.get_service(name=name))
        if existing is not None:
            return dict(existing["service"])
        placed = dict(instances) if instances is not None else {"dev": "dev"}
        environments = [self.environment(name) for name in dict.fromkeys(placed.values())]
        if template is None:
            self_managed = any("provisioningRepository" in each for each in environments)
            template = (TERRAFORM if self_managed else "") + (
                SERVICE_TEMPLATE_WITH_PIPELINE if pipeline else SERVICE_TEMPLATE
            )
        method = TERRAFORM if template.startswith(TERRAFORM) else ""
        compatible = [f"{method}{ENVIRONMENT_TEMPLATE}:1"]
        for each in environments:
            if "templateMajorVersion" in each:
                compatible.append(f"{each['templateName']}:{each['templateMajorVersion']}")
        self.service_template(
            template,
            pipeline=pipeline,
            versions=_up_to(version),
            compatible_with=list(dict.fromkeys(compatible)),
        )
        major, _, minor = version.partition(".")
        request: dict[str, Any] = {
            "name": name,
            "templateName": template,
            "templateMajorVersion": major,
            "templateMinorVersion": minor,
            "spec": service_spec(placed, inputs=inputs, pipeline=pipeline_inputs),
        }
        if pipeline:
            self.pipeline_roles()
            request["repositoryConnectionArn"] = _CONNECTION
            request["repositoryId"] = "shop/app"
            request["branchName"] = "main"
        self._client.create_service(**{**request, **members})
        described: Described = self._client.get_service(name=name)
        return dict(described["service"])

    def component(
        self, /, name: str, *, attach_to: tuple[str, str] | None = None, **members: Any
    ) -> Described:
        """A component, attached to a service instance or, with ``environmentName`` in ``members``,
        detached.

        Without both it is detached in the environment ``dev``, which is made if it is missing. An
        existing component of that name is returned as it is.
        """
        existing = self._found(lambda: self._client.get_component(name=name))
        if existing is not None:
            return dict(existing["component"])
        request: dict[str, Any] = {"name": name}
        if attach_to is not None:
            request["serviceName"], request["serviceInstanceName"] = attach_to
        elif "environmentName" not in members:
            request["environmentName"] = self.environment("dev")["name"]
        request.update(self._component_files({**request, **members}))
        self._client.create_component(**{**request, **members})
        described: Described = self._client.get_component(name=name)
        return dict(described["component"])

    def repository(self, /, name: str = "shop/infrastructure") -> dict[str, str]:
        """A linked GitHub repository; answers with its ``provider`` and ``name``."""
        key = {"provider": "GITHUB", "name": name}
        if self._found(lambda: self._client.get_repository(**key)) is None:
            self._client.create_repository(**key, connectionArn=_CONNECTION)
        return key

    def pipeline_roles(self, /) -> Described:
        """The account settings with roles for pipelines; existing ones are kept."""
        settings: Described = self._client.get_account_settings().get("accountSettings", {})
        missing = {
            member: _role("pipelines")
            for member in ("pipelineServiceRoleArn", "pipelineCodebuildRoleArn")
            if member not in settings
        }
        if missing:
            settings = self._client.update_account_settings(**missing)["accountSettings"]
        return settings

    # --- steps ----------------------------------------------------------------------------------

    def _template(self, kind: str, name: str, members: Mapping[str, Any]) -> Described:
        get = getattr(self._client, f"get_{kind}_template")
        found = self._found(lambda: get(name=name))
        if found is None:
            found = getattr(self._client, f"create_{kind}_template")(name=name, **members)
        template: Described = found[f"{kind}Template"]
        return template

    def _component_files(self, request: Mapping[str, Any]) -> Described:
        """A small manifest and template file, in the language of the component's environment."""
        environment = request.get("environmentName")
        if environment is None:
            key = {"serviceName": request["serviceName"], "name": request["serviceInstanceName"]}
            instance = self._client.get_service_instance(**key)["serviceInstance"]
            environment = instance["environmentName"]
        found = self._client.get_environment(name=environment)["environment"]
        if "provisioningRepository" in found:
            manifest = _MANIFEST.format(file="main.tf", engine="hcl", language="terraform")
            return {"manifest": manifest, "templateFile": _TERRAFORM_COMPONENT}
        manifest = _MANIFEST.format(
            file="cloudformation.yaml", engine="jinja", language="cloudformation"
        )
        return {"manifest": manifest, "templateFile": COMPONENT_TEMPLATE}

    def _versions(
        self,
        kind: str,
        template: Described,
        versions: Sequence[str],
        bundle: Directory,
        members: Mapping[str, Any],
    ) -> None:
        name = template["name"]
        get = getattr(self._client, f"get_{kind}_template_version")
        for version in versions:
            major, _, minor = version.partition(".")
            key = {"templateName": name, "majorVersion": major, "minorVersion": minor}
            if self._found(lambda key=key: get(**key)) is not None:  # type: ignore[misc]
                continue
            source = self._bundles.upload(template["arn"], f"{name}-{version}.tar.gz", bundle)
            # A minor version above 0 is added to its major version, "0" starts a new major version.
            more = {"majorVersion": major} if minor != "0" else {}
            created = getattr(self._client, f"create_{kind}_template_version")(
                templateName=name, source=source, **more, **members
            )[f"{kind}TemplateVersion"]
            if (created["majorVersion"], created["minorVersion"]) != (major, minor):
                raise ValueError(
                    f"{kind} template {name}: the next version is "
                    f"{created['majorVersion']}.{created['minorVersion']}, not {version}"
                )
            self._wait_for_registration(kind, key)
            getattr(self._client, f"update_{kind}_template_version")(**key, status="PUBLISHED")

    def _wait_for_registration(self, kind: str, key: Mapping[str, str]) -> None:
        from botocore.exceptions import WaiterError

        waiter = self._client.get_waiter(f"{kind}_template_version_registered")
        try:
            waiter.wait(**key, WaiterConfig={"Delay": 0})
        except WaiterError as error:
            version = error.last_response.get(f"{kind}TemplateVersion", {})
            if version.get("status") != "REGISTRATION_FAILED":
                raise
            raise ValueError(
                f"{kind} template {key['templateName']}: {version['statusMessage']}"
            ) from error

    def _found(self, get: Callable[[], Described]) -> Described | None:
        try:
            return get()
        except self._client.exceptions.ResourceNotFoundException:
            return None


def _check_directory(bundle: Directory | None) -> None:
    """Refuse a directory that can't be packed, before anything is created."""
    if bundle is not None and not os.path.isdir(bundle):
        raise NotADirectoryError(f"{os.fspath(bundle)} is not a directory")


def _up_to(version: str) -> list[str]:
    """The versions up to the given one: the major versions before it, and its own minor
    versions.
    """
    major, _, minor = version.partition(".")
    majors = [f"{number}.0" for number in range(1, int(major))]
    return [*majors, *(f"{major}.{number}" for number in range(int(minor) + 1))]


def _role(name: str) -> str:
    return f"arn:aws:iam::{_ACCOUNT}:role/{name}"
