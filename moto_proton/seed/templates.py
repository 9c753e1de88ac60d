"""Creates templates for tests, with their versions, from bundles that it uploads."""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from moto_proton.seed import asked
from moto_proton.seed.upload import BundleUpload, Directory, small_bundle

if TYPE_CHECKING:
    from mypy_boto3_proton import ProtonClient

Described: TypeAlias = dict[str, Any]
"""A resource as the get operation describes it."""

ENVIRONMENT_TEMPLATE: Final = "environment-template"
SERVICE_TEMPLATE: Final = "service-template"
SERVICE_TEMPLATE_WITH_PIPELINE: Final = "service-template-with-pipeline"

TERRAFORM: Final = "terraform-"
"""The prefix of the names of templates whose infrastructure is self-managed, if it is a seed that
names them.
"""


class TemplateSeed:
    """Creates templates with a Proton client, in the region and account of that client."""

    def __init__(self, client: ProtonClient) -> None:
        given: Any = client
        service = given.meta.service_model.service_name
        if service != "proton":
            raise TypeError(f"a seed takes a client of proton, not of {service}")
        self._given = given
        self._bundles = BundleUpload(client)

    @property
    def _client(self) -> Any:
        """The client; raises ``RuntimeError`` where its calls would go to AWS."""
        asked.check_place(self._given)
        return self._given

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
        is there already stays; if it is not what is asked for, that is a ``ValueError``. So is a
        bundle that fails to register. Raises ``NotADirectoryError``, and ``TypeError`` for an
        argument that there is not.
        """
        self._check_members("environment_template", members)
        asked.check_versions(versions)
        _check_directory(bundle)
        self._environment_template(name, versions, bundle, members, name.startswith(TERRAFORM))
        described: Described = self._client.get_environment_template(name=name)
        return dict(described["environmentTemplate"])

    def _environment_template(
        self,
        name: str,
        versions: Sequence[str],
        bundle: Directory | None,
        members: Mapping[str, Any],
        terraform: bool,
    ) -> None:
        template = self._template("environment", name, members)
        small = "customer-managed-" if template.get("provisioning") == "CUSTOMER_MANAGED" else ""
        method = TERRAFORM if terraform and not small else ""
        self._versions(
            "environment", template, versions, bundle, f"{small}{method}environment", {}, {}
        )

    def service_template(
        self,
        /,
        name: str | None = None,
        *,
        pipeline: bool = False,
        versions: Sequence[str] = ("1.0",),
        compatible_with: Sequence[str] | None = None,
        component_sources: Sequence[str] | None = None,
        bundle: Directory | None = None,
        **members: Any,
    ) -> Described:
        """A service template with these versions, all published.

        Without ``pipeline`` it is CUSTOMER_MANAGED, so its services have none. ``compatible_with``
        are environment templates as ``name:major``; missing ones are created, and by default it is
        the template of the small bundles. ``component_sources`` are ``DIRECTLY_DEFINED`` by
        default. ``bundle``, ``members`` and what is there already are as for
        :meth:`environment_template`.
        """
        self._check_members("service_template", members)
        asked.check_versions(versions)
        asked.check_compatible(compatible_with or ())
        _check_directory(bundle)
        if name is None:
            name = SERVICE_TEMPLATE_WITH_PIPELINE if pipeline else SERVICE_TEMPLATE
        terraform = name.startswith(TERRAFORM)
        self._service_template(
            name,
            versions,
            bundle,
            members,
            terraform=terraform,
            pipeline=pipeline,
            compatible_with=compatible_with,
            component_sources=component_sources,
        )
        described: Described = self._client.get_service_template(name=name)
        return dict(described["serviceTemplate"])

    def _service_template(
        self,
        name: str,
        versions: Sequence[str],
        bundle: Directory | None,
        members: Mapping[str, Any],
        *,
        terraform: bool,
        pipeline: bool,
        compatible_with: Sequence[str] | None,
        component_sources: Sequence[str] | None = None,
    ) -> None:
        method = TERRAFORM if terraform else ""
        compatible = []
        for entry in compatible_with or (f"{method}{ENVIRONMENT_TEMPLATE}:1",):
            template, _, major = entry.partition(":")
            self.environment_template(
                template, versions=[f"{number}.0" for number in range(1, int(major) + 1)]
            )
            compatible.append({"templateName": template, "majorVersion": major})
        default = {} if pipeline else {"pipelineProvisioning": "CUSTOMER_MANAGED"}
        made = self._template("service", name, members, default)
        has_pipeline = made.get("pipelineProvisioning") != "CUSTOMER_MANAGED"
        if pipeline and not has_pipeline:
            raise ValueError(
                f"service template {name!r} is there already, and its services have no pipeline: "
                "leave pipeline=True out, or make another template"
            )
        expected: dict[str, Any] = {}
        if compatible_with is not None:
            expected["compatibleEnvironmentTemplates"] = compatible
        if component_sources is not None:
            expected["supportedComponentSources"] = list(component_sources)
        sources = ("DIRECTLY_DEFINED",) if component_sources is None else component_sources
        self._versions(
            "service",
            made,
            versions,
            bundle,
            f"{method}service{'-with-pipeline' if has_pipeline else ''}",
            {
                "compatibleEnvironmentTemplates": compatible,
                "supportedComponentSources": list(sources),
            },
            expected,
        )

    def _check_members(self, method: str, members: Mapping[str, Any]) -> None:
        operation = "Create" + "".join(each.capitalize() for each in method.split("_"))
        shape = self._client.meta.service_model.operation_model(operation).input_shape
        own = list(inspect.signature(getattr(self, method)).parameters)
        asked.check_members(
            method, members, [each for each in own if each != "members"], shape.members
        )

    def _template(
        self,
        kind: str,
        name: str,
        members: Mapping[str, Any],
        default: Mapping[str, Any] | None = None,
    ) -> Described:
        get = getattr(self._client, f"get_{kind}_template")
        found = self._found(lambda: get(name=name))
        if found is None:
            create = getattr(self._client, f"create_{kind}_template")
            found = create(name=name, **{**(default or {}), **members})
        else:
            asked.check_same(f"{kind} template {name!r}", found[f"{kind}Template"], shown(members))
        template: Described = found[f"{kind}Template"]
        return template

    def _version(self, kind: str, template: str, version: str) -> Described | None:
        get = getattr(self._client, f"get_{kind}_template_version")
        key = _version_key(template, version)
        found = self._found(lambda: get(**key))
        return None if found is None else dict(found[f"{kind}TemplateVersion"])

    def _has_version(self, kind: str, template: str, version: str) -> bool:
        return self._version(kind, template, version) is not None

    def _is_self_managed(self, kind: str, template: str, version: str) -> bool:
        """Whether the environment or the pipeline of a version is provisioned with Terraform."""
        get = getattr(self._client, f"get_{kind}_template")
        arn = get(name=template)[f"{kind}Template"]["arn"]
        return self._bundles.is_terraform(kind, arn, _key(template, version))

    def _versions(
        self,
        kind: str,
        template: Described,
        versions: Sequence[str],
        bundle: Directory | None,
        small: str,
        members: Mapping[str, Any],
        expected: Mapping[str, Any],
    ) -> None:
        """Register what is missing from ``bundle``, else from the small bundle of that name.

        ``members`` go to new versions; of those that are there, ``expected`` has to hold.
        """
        name = template["name"]
        for version in versions:
            key = _version_key(name, version)
            object_key = _key(name, version)
            found = self._version(kind, name, version)
            if found is not None:
                what = f"version {version} of {kind} template {name!r}"
                asked.check_same(what, found, expected)
                if bundle is not None:
                    self._bundles.check_same(
                        what, template["arn"], object_key, bundle, found.get("schema", "")
                    )
                continue
            source = self._bundles.upload(
                template["arn"], object_key, bundle or small_bundle(small)
            )
            # A minor version above 0 is added to its major version, "0" starts a new major version.
            major, minor = key["majorVersion"], key["minorVersion"]
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


def shown(members: Mapping[str, Any]) -> Described:
    """The members of a request that can be held against what is there: all but tokens."""
    return {name: value for name, value in members.items() if name != "clientToken"}


def template_members(template: str | None, version: str | None) -> Described:
    """The members of a request, and of an answer, that say which template and version it has."""
    members: Described = {} if template is None else {"templateName": template}
    if version is not None:
        major, _, minor = version.partition(".")
        members.update(templateMajorVersion=major, templateMinorVersion=minor)
    return members


def _version_key(template: str, version: str) -> dict[str, str]:
    major, _, minor = version.partition(".")
    return {"templateName": template, "majorVersion": major, "minorVersion": minor}


def _key(template: str, version: str) -> str:
    """The object in S3 that has the bundle of a version."""
    return f"{template}-{version}.tar.gz"


def up_to(version: str) -> list[str]:
    """The versions up to the given one: the major versions before it, and its own minor
    versions.
    """
    major, _, minor = version.partition(".")
    majors = [f"{number}.0" for number in range(1, int(major))]
    return [*majors, *(f"{major}.{number}" for number in range(int(minor) + 1))]
