"""Worlds for tests in one call, made through Proton's own API.

Each function creates what is missing on the way (templates, published versions, environments) and
answers with what the API says of the result, as soon as it is deployed. It is the one place where
tests make what they only need, so a change to what a template version takes stays here.

The functions work in the region that boto3 finds in its configuration, us-east-1 if it finds none;
:class:`Seed` takes a client of your own.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Concatenate, Final, ParamSpec, TypeAlias, TypeVar

if TYPE_CHECKING:
    from mypy_boto3_proton import ProtonClient

__all__ = [
    "Seed",
    "component",
    "environment",
    "environment_template",
    "pipeline_roles",
    "repository",
    "service",
    "service_spec",
    "service_template",
]

P = ParamSpec("P")
Answer = TypeVar("Answer")
Inputs: TypeAlias = Mapping[str, Any]
Described: TypeAlias = dict[str, Any]
"""A resource as the get operation describes it."""

ENVIRONMENT_TEMPLATE: Final = "environment-template"
SERVICE_TEMPLATE: Final = "service-template"
SERVICE_TEMPLATE_WITH_PIPELINE: Final = "service-template-with-pipeline"

_ACCOUNT: Final = "123456789012"
_CONNECTION: Final = f"arn:aws:codestar-connections:us-east-1:{_ACCOUNT}:connection/shop"
_MANIFEST: Final = """\
infrastructure:
  templates:
    - file: cloudformation.yaml
      rendering_engine: jinja
      template_language: cloudformation
"""


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
    """Makes worlds with a client; any Proton client will do, in any region and account."""

    service_spec = staticmethod(service_spec)

    def __init__(self, client: ProtonClient) -> None:
        self._client: Any = client

    def environment_template(
        self,
        /,
        name: str = ENVIRONMENT_TEMPLATE,
        *,
        versions: Sequence[str] = ("1.0",),
        **members: Any,
    ) -> Described:
        """An environment template with these versions, all published.

        ``versions`` are full version numbers, in the order in which Proton would give them.
        ``members`` go to ``create_environment_template``. What is there already stays.
        """
        self._template("environment", name, members)
        self._versions("environment", name, versions, {})
        described: Described = self._client.get_environment_template(name=name)
        return dict(described["environmentTemplate"])

    def service_template(
        self,
        /,
        name: str | None = None,
        *,
        pipeline: bool = False,
        versions: Sequence[str] = ("1.0",),
        compatible_with: Sequence[str] = (f"{ENVIRONMENT_TEMPLATE}:1",),
        component_sources: Sequence[str] = ("DIRECTLY_DEFINED",),
        **members: Any,
    ) -> Described:
        """A service template with these versions, all published.

        Without ``pipeline`` it is CUSTOMER_MANAGED, so its services have none. ``compatible_with``
        are environment templates as ``name:major``; those that are missing are made. ``members``
        go to ``create_service_template``. What is there already stays.
        """
        if name is None:
            name = SERVICE_TEMPLATE_WITH_PIPELINE if pipeline else SERVICE_TEMPLATE
        if not pipeline:
            members.setdefault("pipelineProvisioning", "CUSTOMER_MANAGED")
        compatible = []
        for entry in compatible_with:
            template, _, major = entry.partition(":")
            self.environment_template(
                template, versions=[f"{number}.0" for number in range(1, int(major) + 1)]
            )
            compatible.append({"templateName": template, "majorVersion": major})
        self._template("service", name, members)
        self._versions(
            "service",
            name,
            versions,
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
        template: str = ENVIRONMENT_TEMPLATE,
        version: str = "1.0",
        inputs: Inputs | None = None,
        self_managed: bool = False,
        **members: Any,
    ) -> Described:
        """An environment; an existing one of that name is taken as it is.

        It is AWS-managed with a role for components, or self-managed through a linked repository;
        a self-managed one stays IN_PROGRESS until it is notified. ``members`` go to
        ``create_environment`` and win.
        """
        existing = self._found(lambda: self._client.get_environment(name=name))
        if existing is None:
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
        ``dev`` in the environment ``dev`` if left out); environments that are missing are made.
        ``inputs`` go to every instance, ``pipeline_inputs`` to the pipeline. ``members`` go to
        ``create_service`` and win. An existing service of that name is taken as it is.
        """
        existing = self._found(lambda: self._client.get_service(name=name))
        if existing is not None:
            return dict(existing["service"])
        placed = dict(instances) if instances is not None else {"dev": "dev"}
        for environment in dict.fromkeys(placed.values()):
            self.environment(environment)
        if template is None:
            template = SERVICE_TEMPLATE_WITH_PIPELINE if pipeline else SERVICE_TEMPLATE
        self.service_template(template, pipeline=pipeline, versions=_up_to(version))
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
        """A component, attached to a service and instance name, or in an environment of members.

        Without both it is detached in the environment ``dev``, which is made if it is missing. An
        existing component of that name is taken as it is.
        """
        existing = self._found(lambda: self._client.get_component(name=name))
        if existing is not None:
            return dict(existing["component"])
        request: dict[str, Any] = {
            "name": name,
            "manifest": _MANIFEST,
            "templateFile": "Resources: {}\n",
        }
        if attach_to is not None:
            request["serviceName"], request["serviceInstanceName"] = attach_to
        elif "environmentName" not in members:
            request["environmentName"] = self.environment("dev")["name"]
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
        """The account settings with roles for pipelines, those that are there kept."""
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

    def _template(self, kind: str, name: str, members: Mapping[str, Any]) -> None:
        get = getattr(self._client, f"get_{kind}_template")
        if self._found(lambda: get(name=name)) is None:
            getattr(self._client, f"create_{kind}_template")(name=name, **members)

    def _versions(
        self, kind: str, name: str, versions: Sequence[str], members: Mapping[str, Any]
    ) -> None:
        get = getattr(self._client, f"get_{kind}_template_version")
        for version in versions:
            major, _, minor = version.partition(".")
            key = {"templateName": name, "majorVersion": major, "minorVersion": minor}
            if self._found(lambda key=key: get(**key)) is not None:  # type: ignore[misc]
                continue
            source = {"s3": {"bucket": "template-bundles", "key": f"{name}-{version}.tar.gz"}}
            # A minor version above 0 joins its major, "0" asks for a new major.
            more = {"majorVersion": major} if minor != "0" else {}
            created = getattr(self._client, f"create_{kind}_template_version")(
                templateName=name, source=source, **more, **members
            )[f"{kind}TemplateVersion"]
            if (created["majorVersion"], created["minorVersion"]) != (major, minor):
                raise ValueError(
                    f"{kind} template {name}: the next version is "
                    f"{created['majorVersion']}.{created['minorVersion']}, not {version}"
                )
            self._client.get_waiter(f"{kind}_template_version_registered").wait(
                **key, WaiterConfig={"Delay": 0}
            )
            getattr(self._client, f"update_{kind}_template_version")(**key, status="PUBLISHED")

    def _found(self, get: Callable[[], Described]) -> Described | None:
        try:
            return get()
        except self._client.exceptions.ResourceNotFoundException:
            return None


def _up_to(version: str) -> list[str]:
    """The versions that lead up to one: the majors before it, and its own minors."""
    major, _, minor = version.partition(".")
    majors = [f"{number}.0" for number in range(1, int(major))]
    return [*majors, *(f"{major}.{number}" for number in range(int(minor) + 1))]


def _role(name: str) -> str:
    return f"arn:aws:iam::{_ACCOUNT}:role/{name}"


def _default() -> Seed:
    import boto3

    session = boto3.session.Session()
    return Seed(boto3.client("proton", region_name=session.region_name or "us-east-1"))


def _with_default_client(
    method: Callable[Concatenate[Seed, P], Answer],
) -> Callable[P, Answer]:
    """The method as a function of this module."""

    @functools.wraps(method)
    def call(*args: P.args, **kwargs: P.kwargs) -> Answer:
        return method(_default(), *args, **kwargs)

    of_method = inspect.signature(method)
    parameters = list(of_method.parameters.values())[1:]
    call.__signature__ = of_method.replace(parameters=parameters)  # type: ignore[attr-defined]
    return call


environment_template = _with_default_client(Seed.environment_template)
service_template = _with_default_client(Seed.service_template)
environment = _with_default_client(Seed.environment)
service = _with_default_client(Seed.service)
component = _with_default_client(Seed.component)
repository = _with_default_client(Seed.repository)
pipeline_roles = _with_default_client(Seed.pipeline_roles)
