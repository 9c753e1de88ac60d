"""Creates resources for tests: environments, services, components, each with what it needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from moto_proton.seed import asked
from moto_proton.seed.outcomes import check_created, check_deployed
from moto_proton.seed.specs import (
    Inputs,
    environment_spec,
    inputs_of_environment,
    placed,
    service_spec,
)
from moto_proton.seed.templates import (
    ENVIRONMENT_TEMPLATE,
    SERVICE_TEMPLATE,
    SERVICE_TEMPLATE_WITH_PIPELINE,
    TERRAFORM,
    Described,
    TemplateSeed,
    shown,
    template_members,
    up_to,
)

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


class Seed(TemplateSeed):
    """Creates resources for tests with a Proton client, in the region and account of that
    client.
    """

    service_spec = staticmethod(service_spec)

    def environment(
        self,
        /,
        name: str,
        *,
        template: str | None = None,
        version: str | None = None,
        inputs: Inputs | None = None,
        self_managed: bool = False,
        may_fail: bool = False,
        **members: Any,
    ) -> Described:
        """An environment; an existing one of that name is returned if it is what is asked for.

        It is AWS-managed with a role for components, or self-managed through a linked repository:
        with ``self_managed``, or if the bundle of its template is Terraform's. A self-managed one
        stays IN_PROGRESS until it is notified. ``version`` is 1.0 by default. ``members`` go to
        ``create_environment`` and win.

        Raises ``ValueError`` if it is there with other values than those given, and
        :class:`DeploymentFailedError` if it fails to deploy and ``may_fail`` is not set.
        """
        self._check_members("environment", members)
        if version is not None:
            asked.check_version(version)
        existing = self._found(lambda: self._client.get_environment(name=name))
        if existing is not None:
            found: Described = existing["environment"]
            given = {**template_members(template, version), **shown(members)}
            if inputs is not None and "spec" not in members:
                given["inputs"] = dict(inputs)
            if self_managed:
                given["self_managed"] = True
            asked.check_same(
                f"environment {name!r}",
                {
                    **found,
                    "inputs": inputs_of_environment(found["spec"]),
                    "self_managed": "provisioningRepository" in found,
                },
                given,
            )
            return dict(found)
        if template is None:
            template = (TERRAFORM if self_managed else "") + ENVIRONMENT_TEMPLATE
        version = version or "1.0"
        terraform = self_managed or template.startswith(TERRAFORM)
        self._environment_template(template, up_to(version), None, {}, terraform)
        request: dict[str, Any] = {
            "name": name,
            **template_members(template, version),
            "spec": environment_spec(inputs or {}),
        }
        if self_managed or self._is_self_managed("environment", template, version):
            request["provisioningRepository"] = {**self.repository(), "branch": "main"}
        else:
            request["protonServiceRoleArn"] = _role("proton")
            request["componentRoleArn"] = _role("components")
        self._client.create_environment(**{**request, **members})
        made: Described = dict(self._client.get_environment(name=name)["environment"])
        if not may_fail:
            check_deployed(f"environment {name}", made)
        return made

    def service(
        self,
        /,
        name: str,
        *,
        instances: Mapping[str, str] | None = None,
        pipeline: bool = False,
        template: str | None = None,
        version: str | None = None,
        inputs: Inputs | None = None,
        instance_inputs: Mapping[str, Inputs] | None = None,
        pipeline_inputs: Inputs | None = None,
        may_fail: bool = False,
        **members: Any,
    ) -> Described:
        """A service, with all that it needs, as ``get_service`` answers.

        ``instances`` are environments by instance name (``{"dev": "dev-env"}``; one instance
        ``dev`` in the environment ``dev`` if left out); environments that are missing are made,
        unless the name looks like a slip in the name of another one. A service template that is
        missing is made compatible with theirs. ``inputs`` go to every instance, ``instance_inputs``
        by the name of an instance over these, ``pipeline_inputs`` to the pipeline. ``version`` is
        1.0 by default. ``members`` go to ``create_service`` and win. An existing service of that
        name is returned if it is what is asked for.

        Raises ``ValueError`` if it is there with other values than those given, and
        :class:`DeploymentFailedError`, with the messages of its deployments, if it is not created
        and ``may_fail`` is not set.
        """
        self._check_members("service", members)
        if version is not None:
            asked.check_version(version)
        if instances is not None:
            asked.check_placed(instances)
        existing = self._found(lambda: self._client.get_service(name=name))
        if existing is not None:
            found: Described = existing["service"]
            given = {**template_members(template, None), **shown(members)}
            if "spec" not in members and not (
                instances is inputs is instance_inputs is pipeline_inputs is None
            ):
                given["spec"] = service_spec(
                    placed(found["spec"]) if instances is None else instances,
                    inputs=inputs,
                    instance_inputs=instance_inputs,
                    pipeline=pipeline_inputs,
                )
            if pipeline:
                given["pipeline"] = True
            asked.check_same(f"service {name!r}", {**found, "pipeline": "pipeline" in found}, given)
            return dict(found)
        where = {"dev": "dev"} if instances is None else dict(instances)
        spec = service_spec(
            where, inputs=inputs, instance_inputs=instance_inputs, pipeline=pipeline_inputs
        )
        environments = self._environments(dict.fromkeys(where.values()), may_fail)
        self_managed = any("provisioningRepository" in each for each in environments)
        if template is None:
            template = (TERRAFORM if self_managed else "") + (
                SERVICE_TEMPLATE_WITH_PIPELINE if pipeline else SERVICE_TEMPLATE
            )
        version = version or "1.0"
        if not self._has_version("service", template, version):
            self._service_template(
                template,
                up_to(version),
                None,
                {},
                terraform=self_managed,
                pipeline=pipeline,
                compatible_with=self._templates_of(environments) or None,
            )
        request: dict[str, Any] = {
            "name": name,
            **template_members(template, version),
            "spec": spec,
        }
        if pipeline:
            if self._is_self_managed("service", template, version):
                self._pipeline_repository()
            else:
                self.pipeline_roles()
            request["repositoryConnectionArn"] = _CONNECTION
            request["repositoryId"] = "shop/app"
            request["branchName"] = "main"
        self._client.create_service(**{**request, **members})
        described: Described = dict(self._client.get_service(name=name)["service"])
        if not may_fail:
            check_created(self._client, described)
        return described

    def _environments(self, names: Mapping[str, None], may_fail: bool) -> list[Described]:
        """The environments of a service; those that are missing are made."""
        missing = [
            each
            for each in names
            if self._found(lambda name=each: self._client.get_environment(name=name)) is None  # type: ignore[misc]
        ]
        if missing:
            pages = self._client.get_paginator("list_environments").paginate()
            known = [each["name"] for page in pages for each in page["environments"]]
            asked.check_new_environments(names, known)
        return [self.environment(each, may_fail=may_fail) for each in names]

    def _templates_of(self, environments: Sequence[Described]) -> list[str]:
        """The templates of environments as ``name:major``; of one that has never been deployed, all
        of its major versions.
        """
        found: dict[str, None] = {}
        for each in environments:
            name = each["templateName"]
            majors = [each["templateMajorVersion"]] if "templateMajorVersion" in each else []
            if not majors:
                listed = self._client.list_environment_template_versions(templateName=name)
                majors = sorted(each["majorVersion"] for each in listed["templateVersions"])
            found.update(dict.fromkeys(f"{name}:{major}" for major in majors))
        return list(found)

    def component(
        self,
        /,
        name: str,
        *,
        attach_to: tuple[str, str] | None = None,
        may_fail: bool = False,
        **members: Any,
    ) -> Described:
        """A component, attached to a service instance or, with ``environmentName`` in ``members``,
        detached.

        Without both it is detached in the environment ``dev``, which is made if it is missing.
        ``attach_to`` are the names of a service and its instance. An existing component of that
        name, ``may_fail`` and what is raised are as for :meth:`environment`.
        """
        self._check_members("component", members)
        if attach_to is not None and (isinstance(attach_to, str) or len(attach_to) != 2):
            raise ValueError(
                "attach_to is a service and its instance, such as ('shop', 'dev'); "
                f"got {attach_to!r}"
            )
        existing = self._found(lambda: self._client.get_component(name=name))
        if existing is not None:
            found: Described = existing["component"]
            given = shown(members)
            if attach_to is not None:
                given["attach_to"] = tuple(attach_to)
            place = found.get("serviceName"), found.get("serviceInstanceName")
            asked.check_same(f"component {name!r}", {**found, "attach_to": place}, given)
            return dict(found)
        request: dict[str, Any] = {"name": name}
        if attach_to is not None:
            request["serviceName"], request["serviceInstanceName"] = attach_to
        elif "environmentName" not in members:
            request["environmentName"] = self.environment("dev")["name"]
        request.update(self._component_files({**request, **members}))
        self._client.create_component(**{**request, **members})
        made: Described = dict(self._client.get_component(name=name)["component"])
        if not may_fail:
            check_deployed(f"component {name}", made)
        return made

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

    def _pipeline_repository(self) -> None:
        """The linked repository for pipelines that are self-managed; an existing one is kept."""
        settings = self._client.get_account_settings().get("accountSettings", {})
        if "pipelineProvisioningRepository" not in settings:
            self._client.update_account_settings(
                pipelineProvisioningRepository={**self.repository(), "branch": "main"}
            )

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


def _role(name: str) -> str:
    return f"arn:aws:iam::{_ACCOUNT}:role/{name}"
