"""Syncs a template with a push: a draft of each major version whose directory changed.

Rules 11.1-12 and 15-2: Proton takes the first directory that has the name of the template, wherever
it is, or in the subdirectory that the config names, which may be the template's own. Its ``v{N}/``
holds major version N, a service template's also ``.template-registration.yaml``, or the older
``.compatible-envs`` of AWS's sample templates. What goes wrong fails the sync of that major version
and makes no version.
"""

from __future__ import annotations

import re
from typing import Any, Final

from moto_proton import api
from moto_proton.bundle import BundleWarning
from moto_proton.proton.account.account import Account
from moto_proton.proton.exceptions import ProtonError
from moto_proton.proton.repositories.checkouts import Checkout
from moto_proton.proton.repositories.revisions import Revision, directory_shown
from moto_proton.proton.syncs.attempts import ResourceSync, outcome_of_registration
from moto_proton.proton.syncs.repository_syncs import FollowedBranch, RepositorySyncs, SyncType
from moto_proton.proton.syncs.template_syncs import (
    MajorVersionSync,
    TemplateSyncConfig,
    TemplateSyncs,
)
from moto_proton.proton.templates.bundles import BundleSources
from moto_proton.proton.templates.environment_templates import EnvironmentTemplates
from moto_proton.proton.templates.service_templates import ServiceTemplates
from moto_proton.proton.templates.template import Template
from moto_proton.yamltext.texts import NotYamlError, texts

_MAJOR: Final = re.compile(r"v([1-9][0-9]{0,18})\Z")
_REGISTRATION: Final = ".template-registration.yaml"
_COMPATIBLE: Final = ".compatible-envs"


class RegistrationFileError(Exception):
    """The registration file of a service template version is missing or malformed."""


class TemplatePush:
    """Syncs templates with the head commits of one moment; each branch is recorded once."""

    def __init__(
        self,
        account: Account,
        bundles: BundleSources,
        environment_templates: EnvironmentTemplates,
        service_templates: ServiceTemplates,
        template_syncs: TemplateSyncs,
        repository_syncs: RepositorySyncs,
    ) -> None:
        self._account = account
        self._bundles = bundles
        self._environment_templates = environment_templates
        self._service_templates = service_templates
        self._template_syncs = template_syncs
        self._repository_syncs = repository_syncs
        self._noted: set[FollowedBranch] = set()

    def take(self, config: TemplateSyncConfig, checkout: Checkout) -> None:
        """Sync the template with the head of its branch.

        Raises ``UnreadableRepositoryError``.

        Rules 11.1-12 to 11.1-14.
        """
        head = checkout.head(config.branch)
        if head is None:
            return
        sync = self._template_syncs.sync_of(config)
        place = (
            config.repository_provider,
            config.repository_name,
            config.branch,
            config.subdirectory,
            head,
        )
        is_new = sync.seen != place
        if not is_new and not sync.waiting:
            return
        directory, majors = _bundles(config, checkout, head)
        sync.without_bundle = self._without_bundle(config, head) if not majors else None
        contents = {
            major: checkout.object_id(head, f"{directory}/v{major}") or "" for major in majors
        }
        if is_new:
            self._note(config, head)
        sync.seen = place
        # If the repository becomes unreadable meanwhile, the rest is synced later.
        sync.waiting, waiting = True, False
        template = self._template_syncs.template_of(config)
        for major, content in contents.items():
            major_sync = sync.majors.setdefault(major, MajorVersionSync())
            made = template.find(major_sync.version) if major_sync.version is not None else None
            if made is not None and content == major_sync.content:
                continue
            revision = Revision(
                config.repository_provider,
                config.repository_name,
                config.branch,
                f"{directory}/v{major}",
                head,
            )
            if not is_new and major_sync.tried(revision):
                continue
            major_sync.desired_state = revision
            if made is not None and made.moving:
                # One at a time for each major version, later commits together (Rule 11.1-13).
                waiting = True
                continue
            self._register(template, major, major_sync, content, revision, checkout)
        sync.waiting = waiting

    def _note(self, config: TemplateSyncConfig, head: str) -> None:
        branch = FollowedBranch(config.repository_provider, config.repository_name, config.branch)
        if branch not in self._noted:
            self._noted.add(branch)
            self._repository_syncs.start(branch, SyncType.TEMPLATE_SYNC, head)

    def _without_bundle(self, config: TemplateSyncConfig, head: str) -> ResourceSync:
        """The failed sync of a commit without a bundle: its message says where one was expected."""
        where = directory_shown(config.subdirectory)
        revision = Revision(
            config.repository_provider, config.repository_name, config.branch, where, head
        )
        sync = ResourceSync(desired_state=revision)
        place = f"in the directory {where}" if config.subdirectory else "in the repository"
        sync.refuse(
            self._template_syncs.template_of(config).arn,
            revision,
            self._account.now,
            f"Found no directory {config.template_name}/v1, v2 or the like {place} on the branch "
            f"{config.branch}: a bundle is looked for in v1, v2 and so on of a directory with the "
            "name of the template",
        )
        return sync

    def _register(
        self,
        template: Template,
        major: int,
        sync: MajorVersionSync,
        content: str,
        revision: Revision,
        checkout: Checkout,
    ) -> None:
        now = self._account.now
        archive = self._bundles.in_git(checkout, revision)
        try:
            if template.kind == "environment":
                version = self._environment_templates.register_synced(
                    template.name, major, revision, archive, {}
                )
            else:
                members = _registration(checkout, revision)
                version = self._service_templates.register_synced(
                    template.name, major, revision, archive, members
                )
        except (ProtonError, RegistrationFileError, BundleWarning) as error:
            sync.refuse(template.arn, revision, now, str(error))
            return
        sync.content = content
        sync.version = version.version
        sync.attempt(template.arn, revision, now, lambda: outcome_of_registration(version))


def _bundles(config: TemplateSyncConfig, checkout: Checkout, head: str) -> tuple[str, list[int]]:
    """The directory of a template and the major versions in it; no versions where there is none.

    A directory that only happens to have the template's name, without a version in it, is passed
    over (choice).
    """
    base = config.subdirectory or ""
    for directory in checkout.named(head, base, config.template_name):
        majors = _majors(checkout.directories(head, directory))
        if majors:
            return directory, majors
    return "", []


def _majors(names: list[str]) -> list[int]:
    matches = (_MAJOR.match(name) for name in names)
    return sorted(int(match[1]) for match in matches if match is not None)


def _registration(checkout: Checkout, revision: Revision) -> dict[str, Any]:
    """The members of a service template version that its registration file gives.

    Rules 11.1-15 and 11.1-16.
    """
    registration = checkout.read(revision.sha, f"{revision.directory}/{_REGISTRATION}")
    if registration is not None:
        compatible, sources = _read_registration(_text(registration, _REGISTRATION))
    else:
        older = checkout.read(revision.sha, f"{revision.directory}/{_COMPATIBLE}")
        if older is None:
            raise RegistrationFileError(
                f"{revision.directory} has no {_REGISTRATION}, which a service template version "
                "needs"
            )
        lines = _text(older, _COMPATIBLE).splitlines()
        compatible = [line.strip() for line in lines if line.strip()]
        sources = None
    body: dict[str, Any] = {
        "templateName": "checked",
        "majorVersion": "1",
        "minorVersion": "0",
        "compatibleEnvironmentTemplates": [_compatible(entry) for entry in compatible],
    }
    if sources is not None:
        body["supportedComponentSources"] = sources
    try:
        # This operation has the same lists as the file, so their limits are checked through it.
        members = api.read_request("UpdateServiceTemplateVersion", body)
    except api.InvalidRequest as error:
        raise RegistrationFileError(f"{_REGISTRATION} is not valid: {error}") from error
    names = ("compatible_environment_templates", "supported_component_sources")
    return {name: members[name] for name in names if name in members}


def _read_registration(text: str) -> tuple[list[object], object]:
    try:
        # Every scalar as text: YAML takes 12:30 for a number.
        content = texts(text)
    except NotYamlError as error:
        raise RegistrationFileError(f"{_REGISTRATION} is not YAML: {error}") from error
    if not isinstance(content, dict) or "compatible_environments" not in content:
        raise RegistrationFileError(f"{_REGISTRATION} has no compatible_environments")
    compatible = content["compatible_environments"]
    if not isinstance(compatible, list):
        raise RegistrationFileError(f"compatible_environments of {_REGISTRATION} is no list")
    return compatible, content.get("supported_component_sources") or None


def _compatible(entry: object) -> dict[str, str]:
    if not isinstance(entry, str):
        # The content is not shown: with aliases a few lines of YAML can stand for gigabytes.
        kind = "mapping" if isinstance(entry, dict) else "list"
        raise RegistrationFileError(
            f"A compatible environment template is a {kind}, not of the form name:major"
        )
    name, colon, major = entry.rpartition(":")
    if not colon:
        raise RegistrationFileError(
            f"A compatible environment template is not of the form name:major: {entry!r}"
        )
    return {"templateName": name.strip(), "majorVersion": major.strip()}


def _text(content: bytes, name: str) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        raise RegistrationFileError(f"{name} is not UTF-8") from error
