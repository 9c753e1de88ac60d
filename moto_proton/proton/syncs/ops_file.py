"""The ops file of a service sync: which instances come from which spec file on which branch.

Rules: section 11.3 of docs/behaviour.md. In the file, ``sync: {services: {<service>: {<instance>:
{branch: <branch>, spec: <path>}}}}``. A branch is required; that other malformed files are refused
is a choice.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from moto_proton.proton.repositories.revisions import path_parts
from moto_proton.yamltext.texts import NotYamlError, texts

if TYPE_CHECKING:
    from moto_proton.proton.syncs.service_syncs import ServiceSyncConfig


class OpsFileError(Exception):
    """The ops file is missing or malformed."""


@dataclass(frozen=True, slots=True)
class OpsFileEntry:
    """An instance and where its spec file is; ``path`` is relative to the top of the repository."""

    instance: str
    branch: str
    path: str


def read_ops_file(content: bytes | None, config: ServiceSyncConfig) -> list[OpsFileEntry]:
    """The entries of the config's service, in their order; raises :class:`OpsFileError`.

    Other services in the file are ignored, as they have their own configs.

    Rule 11.3-7.
    """
    where = config.file_path
    if content is None:
        raise OpsFileError(f"The branch {config.branch} has no ops file {where}")
    try:
        # Every scalar as text: a branch may be called 1.0.
        document = texts(content.decode())
    except (NotYamlError, UnicodeDecodeError) as error:
        raise OpsFileError(f"The ops file {where} is not YAML: {error}") from error
    instances = document
    path = ""
    for key in ("sync", "services", config.service_name):
        path = f"{path}.{key}" if path else key
        if not isinstance(instances, dict) or key not in instances:
            raise OpsFileError(f"The ops file {where} has no {path}")
        instances = instances[key]
    if not isinstance(instances, dict):
        raise OpsFileError(f"{path} in the ops file {where} names no service instances")
    return [_entry(name, members, f"{path}.{name}", where) for name, members in instances.items()]


def _entry(name: object, members: object, path: str, where: str) -> OpsFileEntry:
    if not isinstance(name, str) or not isinstance(members, dict):
        raise OpsFileError(f"{path} in the ops file {where} is no service instance")
    branch, spec = members.get("branch"), members.get("spec")
    if not isinstance(branch, str) or not branch:
        raise OpsFileError(f"{path} in the ops file {where} has no branch")
    if not isinstance(spec, str) or not path_parts(spec):
        raise OpsFileError(f"{path} in the ops file {where} has no spec")
    return OpsFileEntry(name, branch, "/".join(path_parts(spec)))
