"""Versions of environment and service templates: registered, published, deleted.

Rules: sections 3.4 and 7.2 of docs/behaviour.md. ``bundles`` gets and checks the bundle.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from moto_proton.bundle import BundleError, EnvironmentBundle, ServiceBundle
from moto_proton.proton.account.faults import FaultKind
from moto_proton.proton.account.progression import Progress, Progression
from moto_proton.proton.exceptions import ConflictError, ValidationError
from moto_proton.proton.repositories.revisions import Revision
from moto_proton.proton.templates.bundles import Archive, TemplateBundle, check_backward_compatible
from moto_proton.proton.templates.numbers import Version
from moto_proton.proton.templates.status import TEMPLATE_VERSION, TemplateVersionStatus

if TYPE_CHECKING:
    from moto_proton.proton.templates.template import Template

_IN_PROGRESS: Final = TemplateVersionStatus.REGISTRATION_IN_PROGRESS


@dataclass(frozen=True, slots=True)
class CompatibleEnvironmentTemplate:
    """An environment template and major version that a service template version may run in."""

    template_name: str
    major_version: str


@dataclass(eq=False, kw_only=True)
class TemplateVersion:
    """A version of a template.

    ``source`` is as the request gave it; for a synced version it is the directory. ``bundle`` is
    set once the version is registered, unless the settings do not require bundles.
    """

    template: Template
    version: Version
    source: dict[str, Any] | Revision
    created_at: datetime
    last_modified_at: datetime
    description: str | None = None
    status: TemplateVersionStatus = _IN_PROGRESS
    # Absent in the create response, the empty string after a successful registration.
    status_message: str | None = None
    tags: dict[str, str] = field(default_factory=dict)
    compatible_environment_templates: tuple[CompatibleEnvironmentTemplate, ...] | None = None
    supported_component_sources: tuple[str, ...] | None = None
    bundle: TemplateBundle | None = None
    _archive: Archive | None = field(default=None, init=False)
    _progress: Progress | None = field(default=None, init=False)

    @property
    def resource(self) -> str:
        """The resource part of the ARN (Rules 2-2 and 2-5)."""
        return f"{self.template.resource}:{self.version}"

    @property
    def arn(self) -> str:
        """The ARN."""
        return self.template.scope.arn(self.resource)

    @property
    def template_name(self) -> str:
        """The name of the template."""
        return self.template.name

    @property
    def major_version(self) -> str:
        """The major version, as on the wire."""
        return str(self.version.major)

    @property
    def minor_version(self) -> str:
        """The minor version, as on the wire."""
        return str(self.version.minor)

    @property
    def recommended_minor_version(self) -> str | None:
        """The recommended minor version of this major version."""
        return self.template.recommended_minor(self.version.major)

    @property
    def schema(self) -> str | None:
        """The text of the schema file, verbatim; of a version without a bundle there is none.

        Rule 6.4-4.
        """
        return self.bundle.schema.text if self.bundle is not None else None

    @property
    def environment_bundle(self) -> EnvironmentBundle | None:
        """The bundle of an environment template's version."""
        assert not isinstance(self.bundle, ServiceBundle)
        return self.bundle

    @property
    def service_bundle(self) -> ServiceBundle | None:
        """The bundle of a service template's version."""
        assert not isinstance(self.bundle, EnvironmentBundle)
        return self.bundle

    @property
    def moving(self) -> bool:
        """Whether registration is under way."""
        return self._progress is not None

    def register(self, progression: Progression, at: datetime, archive: Archive | None) -> None:
        """Start the registration from a packed bundle, or from none (Rule 7.2-1)."""
        self._archive = archive
        self._progress = Progress(f"proton::{self.template.kind}_template_version", at)
        progression.watch(self)

    def shown(self) -> None:
        """Count a call that shows this version."""
        if self._progress is not None:
            self._progress.shown()

    def advance(self, progression: Progression) -> bool:
        """End the registration if its time has come: DRAFT, or REGISTRATION_FAILED.

        Rules 3.4-1 and 3.4-4.
        """
        at = progression.ended(self._progress) if self._progress is not None else None
        if at is None:
            return False
        fault = progression.fault(FaultKind.DEPLOYMENT, self.resource)
        failure = fault.message if fault else self._read_bundle()
        failed, registered = TemplateVersionStatus.REGISTRATION_FAILED, TemplateVersionStatus.DRAFT
        self.move_to(registered if failure is None else failed)
        self.status_message = failure or ""
        self._archive = None
        self.last_modified_at = at
        self._progress = None
        return True

    def _read_bundle(self) -> str | None:
        """Read and check the bundle. Returns what is wrong with it, or None."""
        if self._archive is None or isinstance(self._archive, BundleError):
            return None if self._archive is None else str(self._archive)
        try:
            bundle = self.template.read_bundle(self._archive)
            check_backward_compatible(self, bundle)
        except BundleError as error:
            return str(error)
        self.bundle = bundle
        return None

    def move_to(self, status: TemplateVersionStatus) -> None:
        """Take a status that may follow the one it has."""
        self.status = TEMPLATE_VERSION.step(self.status, status)

    def check_status_change(self, requested: str | None) -> None:
        """Refuse what an update call cannot do to the status: only DRAFT to PUBLISHED moves it.

        Rules 6.4-11 to 6.4-16.
        """
        if requested is None:
            return
        wanted = TemplateVersionStatus(requested)
        if wanted in (_IN_PROGRESS, TemplateVersionStatus.REGISTRATION_FAILED):
            raise ValidationError(f"The status of {self.arn} can't be set to {requested}")
        if self.status is _IN_PROGRESS:
            raise ConflictError(f"The registration of {self.arn} is in progress")
        if self.status is TemplateVersionStatus.REGISTRATION_FAILED:
            raise ValidationError(
                f"The registration of {self.arn} failed; its status can't be set to {requested}"
            )
        if not TEMPLATE_VERSION.allows(self.status, wanted):
            raise ValidationError(f"{self.arn} is published and can't become a draft again")
