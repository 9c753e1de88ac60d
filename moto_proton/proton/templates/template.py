"""A template of either kind as it is stored, with its versions in order.

The operations on it are in ``templates``. Rules: section 7.1 of docs/behaviour.md.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from sortedcontainers import SortedDict

from moto_proton.proton.account.requests import Request
from moto_proton.proton.account.scope import Scope
from moto_proton.proton.snapshots import WorkedOut
from moto_proton.proton.templates.bundles import TemplateBundle
from moto_proton.proton.templates.numbers import Version, missing_version, recommended
from moto_proton.proton.templates.version import TemplateVersion


@dataclass(eq=False, kw_only=True)
class Template(ABC):
    """A template and its versions."""

    kind: ClassVar[str]

    scope: Scope
    name: str
    created_at: datetime
    last_modified_at: datetime
    created_by: Request
    description: str | None = None
    display_name: str | None = None
    encryption_key: str | None = None
    tags: dict[str, str] = field(default_factory=dict)
    modified: bool = False
    versions: SortedDict[Version, TemplateVersion] = field(default_factory=SortedDict)
    major_version_tags: dict[int, dict[str, str]] = field(default_factory=dict)
    # Numbers are not reused after a deletion, so the highest one ever given is kept.
    _highest_minor: dict[int, int] = field(default_factory=dict)
    # Cached, as every answer with a version needs it; cleared when one is published or deleted.
    _recommended: WorkedOut[int | None, Version | None] = field(default_factory=WorkedOut)
    _last_recommended: Version | None = None
    deleted: bool = False

    @property
    def resource(self) -> str:
        """The resource part of the ARN (Rules 2-1 and 2-4)."""
        return f"{self.kind}-template/{self.name}"

    @property
    def arn(self) -> str:
        """The ARN."""
        return self.scope.arn(self.resource)

    @abstractmethod
    def read_bundle(self, archive: bytes) -> TemplateBundle:
        """The bundle in an archive; raises BundleError if it is not valid for this template."""

    @property
    def recommended_version(self) -> str | None:
        """The highest published version, or None while there is none (Rule 7.4-2).

        A template is deleted without versions, yet the answer shows the last that was recommended.

        Rule 3.7-16.
        """
        best = self._last_recommended if self.deleted else self.recommended()
        return None if best is None else str(best)

    def recommended_minor(self, major: int) -> str | None:
        """The highest published minor version of a major version (Rules 7.4-3 and 7.4-4)."""
        best = self.recommended(major)
        return None if best is None else str(best.minor)

    def recommended(self, major: int | None = None) -> Version | None:
        """The highest published version, of a major version if one is given."""
        if major not in self._recommended:
            versions = self.versions.values() if major is None else self.of_major(major)
            self._recommended[major] = recommended(versions)
        return self._recommended[major]

    def published(self) -> None:
        """Update the recommended versions after a version was published."""
        self._recommended.clear()

    def find(self, version: Version) -> TemplateVersion | None:
        """The version of that number."""
        found: TemplateVersion | None = self.versions.get(version)
        return found

    def of_major(self, major: int) -> list[TemplateVersion]:
        """The versions of a major, oldest first."""
        numbers = self.versions.irange(Version(major, 0), Version(major + 1, 0), (True, False))
        return [self.versions[number] for number in numbers]

    def newest_first(self, after: Version | None) -> Iterator[TemplateVersion]:
        """The versions below ``after``, or all of them, newest first."""
        for number in self.versions.irange(None, after, (True, False), reverse=True):
            yield self.versions[number]

    def majors_newest_first(self, after: int | None) -> Iterator[int]:
        """The major versions below ``after``, or all of them, newest first."""
        limit = None if after is None else Version(after, 0)
        while (newest := next(self.newest_first(limit), None)) is not None:
            yield newest.version.major
            limit = Version(newest.version.major, 0)

    def all_versions(self) -> list[TemplateVersion]:
        """Every version, oldest first."""
        return list(self.versions.values())

    def next_version(self, major: str | None, *, revive: bool = False) -> Version:
        """The number of a new version: a new major, or a new minor of the one named.

        A major that does not exist is taken when it is the very next one: sources contradict each
        other here. A major version without any version left no longer exists, unless ``revive`` is
        set.

        Rules 7.1-1 to 7.1-3 and 7.1-5.
        """
        next_major = max(self._highest_minor, default=0) + 1
        number = next_major if major is None else int(major)
        if number == next_major:
            return Version(number, 0)
        if not self.of_major(number) and not (revive and number in self._highest_minor):
            raise missing_version(self.kind, f"{self.arn}:{number}")
        return Version(number, self._highest_minor[number] + 1)

    def add(self, version: TemplateVersion) -> None:
        """Add a new version, with the number from :meth:`next_version`."""
        self.versions[version.version] = version
        self._highest_minor[version.version.major] = version.version.minor

    def remove(self, version: TemplateVersion) -> None:
        """Remove a version; its number is not used again (Rules 7.1-4, 7.5-5 and 7.5-6)."""
        self._last_recommended = self.recommended() or self._last_recommended
        del self.versions[version.version]
        self._recommended.clear()
