"""The operations on environment templates and service templates, and on their versions.

Rules: sections 6.3, 6.4 and 7.5 of docs/behaviour.md. What only one kind has is in
``environment_templates`` and ``service_templates``.
"""

from __future__ import annotations

import itertools
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Generic, TypeVar

from moto_proton.proton.account.account import Account
from moto_proton.proton.account.listing import Collection, Page, PageRequest, page_of
from moto_proton.proton.account.refusals import some_of
from moto_proton.proton.account.requests import Request, answer_repeated_create
from moto_proton.proton.account.tags import merge_tags, read_tags
from moto_proton.proton.exceptions import (
    ConflictError,
    ResourceNotFoundError,
)
from moto_proton.proton.repositories.revisions import Revision
from moto_proton.proton.templates.bundles import Archive, BundleSources, tell_doubts
from moto_proton.proton.templates.numbers import Version, missing_version
from moto_proton.proton.templates.status import TemplateVersionStatus
from moto_proton.proton.templates.template import Template
from moto_proton.proton.templates.version import TemplateVersion

TemplateT = TypeVar("TemplateT", bound=Template)


class Templates(ABC, Generic[TemplateT]):
    """The templates of one kind in an account and region."""

    template_type: type[TemplateT]

    def __init__(
        self, account: Account, bundles: BundleSources, count_of_all: Callable[[], int]
    ) -> None:
        self._account = account
        self._bundles = bundles
        self._count_of_all = count_of_all
        self._templates: Collection[TemplateT] = Collection()

    def __len__(self) -> int:
        return len(self._templates)

    def __iter__(self) -> Iterator[TemplateT]:
        return iter(self._templates)

    @abstractmethod
    def _own_members(self, request: Request) -> dict[str, Any]:
        """The members of a create request that only this kind of template has."""

    def _own_version_members(self, request: Request) -> dict[str, Any]:
        """The members of a request that only versions of this kind have, checked."""
        return {}

    def find(self, name: str) -> TemplateT | None:
        """The template of that name, or None."""
        return self._templates.get(name)

    def get(self, name: str) -> TemplateT:
        """The template of that name; :class:`ResourceNotFoundError` when there is none.

        Rule 6.3-7.
        """
        template = self._templates.get(name)
        if template is None:
            kind = self.template_type.kind
            raise ResourceNotFoundError(f"The {kind} template {name} does not exist")
        return template

    def recommended(self, name: str) -> Version | None:
        """The recommended version of a template; None without one, or without the template."""
        template = self._templates.get(name)
        return template.recommended() if template is not None else None

    def page(self, request: PageRequest) -> Page[TemplateT]:
        """A page of the templates."""
        return self._templates.page(request)

    def create_template(self, request: Request) -> TemplateT:
        """Create a template, or answer a repeated create with the template that is there.

        Rules 6.3-1, 6.3-2, 6.3-4, 6.3-5 and 8.4-4.
        """
        name = request["name"]
        tags = read_tags(request.get("tags"))
        existing = self._templates.get(name)
        if existing is not None:
            return answer_repeated_create(existing, request)
        self._account.check_key(request.get("encryption_key"))
        self._account.check_quota("templates", self._count_of_all() + 1)
        now = self._account.now
        template = self.template_type(
            scope=self._account.scope,
            name=name,
            created_at=now,
            last_modified_at=now,
            created_by=request,
            description=request.get("description"),
            # In the guide's example, a template without a display name shows its name there.
            display_name=request.get("display_name", name),
            encryption_key=request.get("encryption_key"),
            tags=tags,
            **self._own_members(request),
        )
        self._templates.add(template)
        return template

    def update(
        self, name: str, *, display_name: str | None = None, description: str | None = None
    ) -> TemplateT:
        """Change the display name, the description, or both (Rules 6.3-9 and 6.3-10)."""
        template = self.get(name)
        if display_name is not None:
            template.display_name = display_name
        if description is not None:
            template.description = description
        template.last_modified_at = self._account.now
        template.modified = True
        return template

    def delete(self, name: str) -> TemplateT | None:
        """Delete a template without versions; None when it is not there (a repeat succeeds).

        Rules 3.3-14, 6.0.3-1, 6.3-12, 6.3-14, 6.3-15 and 15-8.
        """
        template = self._templates.get(name)
        if template is None:
            return None
        if template.versions:
            numbers = ", ".join(str(number) for number in sorted(template.versions))
            raise ConflictError(
                f"The {template.kind} template {name} has versions and can't be deleted: {numbers}"
            )
        # It might as well go along.
        if self._account.references.users_of(template.resource):
            raise ConflictError(
                f"The {template.kind} template {name} has a sync config and can't be deleted"
            )
        self._templates.discard(template)
        template.deleted = True
        self._account.references.gone(template.resource)
        return template

    # --- versions -------------------------------------------------------------------------------

    def get_version(self, template_name: str, major: str, minor: str) -> TemplateVersion:
        """A version; :class:`ResourceNotFoundError` when the template or the version is missing."""
        template = self.get(template_name)
        version = template.find(Version(int(major), int(minor)))
        if version is None:
            raise missing_version(template.kind, f"{template.arn}:{major}.{minor}")
        return version

    def page_versions(
        self, request: PageRequest, template_name: str, major: str | None
    ) -> Page[TemplateVersion]:
        """The minor versions of a major; without one, an entry for each major, newest first.

        The entry of a major is its recommended minor version, or the highest if none is published:
        the shape has no other way to show a major version.

        Rules 6.4-6 to 6.4-8.
        """
        template = self.get(template_name)
        after = request.after
        if major is None:
            below = None if after is None else -int(after[0])
            entries = (
                _entry_of_major(template, number) for number in template.majors_newest_first(below)
            )
            return page_of((((-v.version.major,), v) for v in entries), request.limit)
        number = int(major)
        if not template.of_major(number):
            raise missing_version(template.kind, f"{template.arn}:{major}")
        newest = Version(number + 1, 0) if after is None else Version(number, -int(after[0]))
        minors = itertools.takewhile(
            lambda v: v.version.major == number, template.newest_first(newest)
        )
        return page_of((((-v.version.minor,), v) for v in minors), request.limit)

    def create_version(self, request: Request) -> TemplateVersion:
        """Start the registration of a new version, or answer a call repeated with its token.

        Rules 6.4-1 and 6.4-2.
        """
        template = self.get(request["template_name"])
        operation = f"Create{template.kind.capitalize()}TemplateVersion"
        replayed = self._account.tokens.replay(operation, request, self._account.now)
        if isinstance(replayed, TemplateVersion):
            return replayed
        members = self._own_version_members(request)
        self._account.check_key(template.encryption_key)
        tags = read_tags(request.get("tags"))
        number = template.next_version(request.get("major_version"))
        version = self._register(
            template,
            number,
            self._bundles.in_s3(request["source"]),
            source=request["source"],
            description=request.get("description"),
            tags=merge_tags(template.tags, tags),
            **members,
        )
        self._account.tokens.remember(
            operation, request, self._account.now, version, lambda: template.find(number)
        )
        return version

    def register_synced(
        self,
        template_name: str,
        major: int,
        source: Revision,
        archive: Archive | None,
        members: Request,
    ) -> TemplateVersion:
        """Start the registration of a minor version from a template sync.

        ``archive`` is its bundle, ``members`` are those that only this kind of version has. A
        directory still stands for its major version after all versions from it have been deleted
        (Rule 11.1-12).

        Rules 3.4-2 and 7.1-6.
        """
        template = self.get(template_name)
        own = self._own_version_members(members)
        self._account.check_key(template.encryption_key)
        number = template.next_version(str(major), revive=True)
        return self._register(
            template, number, archive, source=source, tags=dict(template.tags), **own
        )

    def _register(
        self, template: Template, number: Version, archive: Archive | None, **members: Any
    ) -> TemplateVersion:
        self._account.check_quota("versions_per_template", len(template.versions) + 1)
        tell_doubts(template, archive)
        now = self._account.now
        version = TemplateVersion(
            template=template, version=number, created_at=now, last_modified_at=now, **members
        )
        template.add(version)
        version.register(self._account.progression, now, archive)
        return version

    def update_version(self, request: Request) -> TemplateVersion:
        """Change a description, publish a draft, change what only this kind of version has.

        Rule 6.4-10.
        """
        version = self.get_version(
            request["template_name"], request["major_version"], request["minor_version"]
        )
        status = request.get("status")
        version.check_status_change(status)
        wanted = {**self._own_version_members(request), **members_given(request, "description")}
        moves_to = version.status if status is None else TemplateVersionStatus(status)
        changes = any(getattr(version, name) != value for name, value in wanted.items())
        if changes or moves_to is not version.status:
            version.move_to(moves_to)
            for name, value in wanted.items():
                setattr(version, name, value)
            version.template.published()
            version.last_modified_at = self._account.now
        return version

    def delete_version(self, template_name: str, major: str, minor: str) -> TemplateVersion | None:
        """Delete a version that is not in use; None if it does not exist (a repeat succeeds).

        Refused while something runs on it, while it is being registered, and while it is the
        recommended version and others exist.

        Rules 3.3-15, 6.0.3-4, 7.5-1 to 7.5-4 and 7.5-7 to 7.5-9.
        """
        template = self._templates.get(template_name)
        version = template.find(Version(int(major), int(minor))) if template else None
        if template is None or version is None:
            return None
        if version.status is TemplateVersionStatus.REGISTRATION_IN_PROGRESS:
            raise ConflictError(f"The registration of {version.arn} is in progress")
        users = self._account.references.users_of(version.resource)
        if users:
            raise ConflictError(f"{version.arn} is in use by {some_of(users)}")
        others = len(template.versions) > 1
        if others and template.recommended() == version.version:
            raise ConflictError(
                f"{version.arn} is the recommended version of {template.name} and other versions "
                "exist"
            )
        template.remove(version)
        return version


def _entry_of_major(template: Template, major: int) -> TemplateVersion:
    best = template.recommended(major)
    return (
        next(template.newest_first(Version(major + 1, 0)))
        if best is None
        else (template.versions[best])
    )


def members_given(request: Mapping[str, Any], *names: str) -> dict[str, Any]:
    """The members of a request with those names, those that were given."""
    return {name: request[name] for name in names if name in request}
