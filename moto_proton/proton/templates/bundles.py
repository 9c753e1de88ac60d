"""Gets the bundle of a template version, and checks what registration requires of it.

Rules: sections 7.2 and 7.3 of docs/behaviour.md. ``moto_proton.bundle`` reads the content; here are
S3, git, and the comparison with earlier versions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, TypeAlias

from moto_proton.bundle import (
    BundleError,
    EnvironmentBundle,
    ServiceBundle,
    incompatibilities,
    pack_files,
)
from moto_proton.bundle.errors import warn_of
from moto_proton.proton.account.account import Account
from moto_proton.proton.repositories.checkouts import Checkout
from moto_proton.proton.repositories.revisions import Revision

if TYPE_CHECKING:
    from moto_proton.proton.templates.template import Template
    from moto_proton.proton.templates.version import TemplateVersion

TemplateBundle: TypeAlias = EnvironmentBundle | ServiceBundle
Archive: TypeAlias = bytes | BundleError
"""The source of a registration: the packed bundle, or why there is none."""


class BundleSources:
    """Where the bundles of an account and region come from.

    ``read_object`` answers with the content of an S3 object by bucket and key, or raises
    BundleError.
    """

    def __init__(self, account: Account, read_object: Callable[[str, str], bytes]) -> None:
        self._account = account
        self._read_object = read_object

    def in_s3(self, source: dict[str, Any]) -> Archive | None:
        """The object that ``source`` names, as it is at this moment; None if no bundle is required.

        A missing object does not refuse the call but fails the registration.

        Rule 7.2-2.
        """
        if not self._account.settings.require_bundles:
            return None
        try:
            return self._read_object(source["s3"]["bucket"], source["s3"]["key"])
        except BundleError as error:
            return error

    def in_git(self, checkout: Checkout, revision: Revision) -> Archive | None:
        """A directory of a commit as a packed bundle; None if no bundle is required.

        Raises ``UnreadableRepositoryError``.
        """
        if not self._account.settings.require_bundles:
            return None
        return pack_files(checkout.files(revision.sha, revision.directory))


def tell_doubts(template: Template, archive: Archive | None) -> None:
    """Warn of what is doubtful in the bundle of a new version, before there is one.

    What is wrong with it is for the end of its registration. Where warnings are errors, raises
    BundleWarning.

    Rule 15-3.
    """
    if not isinstance(archive, bytes):
        return
    try:
        bundle = template.read_bundle(archive)
    except BundleError:
        return
    warn_of(bundle.doubts, f"the {template.kind} template {template.name}")


def check_backward_compatible(version: TemplateVersion, bundle: TemplateBundle) -> None:
    """Refuse a minor version that specs for an earlier one may not fit; raises BundleError.

    From the schemas alone, against the minor versions before it. Those that failed to register do
    not count (Rule 7.3-2).

    Rule 7.3-1.
    """
    for earlier in _earlier(version):
        problems = incompatibilities(earlier.schema, bundle.schema)
        if problems:
            raise BundleError(
                f"The schema is not backward compatible with version {version.version.major} of "
                f"the template: {'; '.join(problems)}"
            )


def _earlier(version: TemplateVersion) -> Iterable[TemplateBundle]:
    schemas: dict[str, TemplateBundle] = {}
    for other in version.template.of_major(version.version.major):
        if other.version < version.version and other.bundle is not None:
            schemas.setdefault(other.bundle.schema.text, other.bundle)
    return schemas.values()
