"""The numbers of template versions, and which version a create or an update call uses.

Rules: sections 6.0.5 and 7.4 of docs/behaviour.md. Versions are compared as numbers, never as text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import Enum
from typing import Any, NamedTuple, Protocol, TypeVar

from moto_proton.proton.exceptions import ResourceNotFoundError, ValidationError
from moto_proton.proton.templates.status import USABLE, TemplateVersionStatus
from moto_proton.recorded_messages import MISSING_VERSION


class Version(NamedTuple):
    """A full template version (Rule 2-21)."""

    major: int
    minor: int

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}"


class DeploymentType(str, Enum):
    """The values of ``deploymentType`` (service model)."""

    NONE = "NONE"
    CURRENT_VERSION = "CURRENT_VERSION"
    MINOR_VERSION = "MINOR_VERSION"
    MAJOR_VERSION = "MAJOR_VERSION"


class Registered(Protocol):
    """What choosing a version needs to know of each version."""

    @property
    def version(self) -> Version:
        """Its number."""

    @property
    def status(self) -> TemplateVersionStatus:
        """Whether it can be used."""


RegisteredT = TypeVar("RegisteredT", bound=Registered)


class Versioned(Protocol[RegisteredT]):
    """What choosing a version needs to know of a template."""

    @property
    def kind(self) -> str:
        """``environment`` or ``service``, for messages."""

    @property
    def arn(self) -> str:
        """Its ARN, for messages."""

    def find(self, version: Version) -> RegisteredT | None:
        """The version of that number."""

    def of_major(self, major: int) -> list[RegisteredT]:
        """All versions of a major."""

    def all_versions(self) -> list[RegisteredT]:
        """All versions."""


def recommended(versions: Iterable[Registered]) -> Version | None:
    """The highest published version: the recommended one.

    Rules 7.4-1, 7.4-5 and 7.4-6.
    """
    published = [v.version for v in versions if v.status is TemplateVersionStatus.PUBLISHED]
    return max(published, default=None)


def refuse_with_none(request: Mapping[str, Any], *members: str) -> None:
    """Refuse what can't be given with the deploymentType NONE, which deploys nothing."""
    if any(member in request for member in members):
        raise ValidationError(
            "A spec or a template version can't be given with the deploymentType NONE"
        )


def version_for_create(
    template: Versioned[RegisteredT], major: str, minor: str | None
) -> RegisteredT:
    """The version that a create call means: the one named, or the recommended minor of a major.

    A DRAFT is used only if major and minor version are given. Raises :class:`ResourceNotFoundError`
    for a version that is not there, :class:`ValidationError` for one that is not usable.

    Rule 6.0.5-1.
    """
    if minor is None:
        return _recommended_minor(template, int(major))
    return _named(template, Version(int(major), int(minor)))


def version_for_update(
    template: Versioned[RegisteredT],
    deployment_type: DeploymentType,
    current: Version,
    major: str | None,
    minor: str | None,
) -> RegisteredT:
    """The version that an update call means, by its deploymentType (which is not NONE).

    Raises :class:`ValidationError` for version members that do not go with the type, or a major
    version that is not higher than the current one; :class:`ResourceNotFoundError` for a version
    that is not there. A minor version needs its major (Rule 6.0.5-9).

    Rules 6.0.5-3 and 6.0.5-5.
    """
    if deployment_type is DeploymentType.CURRENT_VERSION:
        if major is not None or minor is not None:
            raise ValidationError(
                "templateMajorVersion and templateMinorVersion can't be given with the "
                "deploymentType CURRENT_VERSION"
            )
        return _named(template, current)
    if deployment_type is DeploymentType.MINOR_VERSION:
        if major is not None and int(major) != current.major:
            raise ValidationError(
                f"The deploymentType MINOR_VERSION stays on the major version {current.major}; "
                f"templateMajorVersion is {major}"
            )
        if minor is None:
            return _recommended_minor(template, current.major)
        return _named(template, Version(current.major, int(minor)))
    return _for_major_update(template, current, major, minor)


def _for_major_update(
    template: Versioned[RegisteredT], current: Version, major: str | None, minor: str | None
) -> RegisteredT:
    # Rule 6.0.5-4.
    if major is None:
        if minor is not None:
            raise ValidationError("templateMinorVersion needs templateMajorVersion")
        default = recommended(template.all_versions())
        if default is None or default.major < current.major:
            raise ValidationError(
                f"The template {template.arn} has no published version of the major "
                f"{current.major} or above"
            )
        return _named(template, default)
    if int(major) <= current.major:
        raise ValidationError(
            f"templateMajorVersion {major} is not higher than the current major version "
            f"{current.major}"
        )
    return version_for_create(template, major, minor)


def _named(template: Versioned[RegisteredT], version: Version) -> RegisteredT:
    # Rule 6.0.5-7.
    found = template.find(version)
    if found is None:
        raise missing_version(template.kind, f"{template.arn}:{version}")
    if found.status not in USABLE:
        raise ValidationError(
            f"The {template.kind} template version {template.arn}:{version} can't be used: its "
            f"status is {found.status.value}"
        )
    return found


def _recommended_minor(template: Versioned[RegisteredT], major: int) -> RegisteredT:
    # Rule 6.0.5-8.
    versions = template.of_major(major)
    if not versions:
        raise missing_version(template.kind, f"{template.arn}:{major}")
    best = recommended(versions)
    if best is None:
        raise ValidationError(
            f"The {template.kind} template {template.arn} has no published minor version of the "
            f"major version {major}"
        )
    return _named(template, best)


def missing_version(kind: str, arn: str) -> ResourceNotFoundError:
    """The refusal for a template version that is not there.

    Rule 6.0.5-6.
    """
    return ResourceNotFoundError(MISSING_VERSION(kind=kind, arn=arn))
