"""Reads a bundle's bytes into its schema and infrastructure, with the checks of a registration.

Rules: sections 8.1 and 8.4 of docs/behaviour.md. Results are cached by content, as tests register
the same bundle again and again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Generic, TypeVar

from moto_proton import workplace
from moto_proton.bundle.archive import SCHEMA_FILE, read_archive
from moto_proton.bundle.documents import (
    MAX_MANIFEST_BYTES,
    MAX_SCHEMA_BYTES,
    MAX_TEMPLATE_BYTES,
    text_of,
)
from moto_proton.bundle.errors import BundleError, Doubt
from moto_proton.bundle.infrastructure import (
    CloudFormationManifest,
    CodeBuildManifest,
    Infrastructure,
    Manifest,
    TerraformManifest,
)
from moto_proton.bundle.manifest import ALL_TERRAFORM_FILES, MANIFEST, read_manifest
from moto_proton.bundle.schema import (
    Schema,
    read_customer_managed_schema,
    read_environment_schema,
    read_service_schema,
)
from moto_proton.bundle.templates import check_cloudformation, check_terraform
from moto_proton.remembering import Memory

# Rules 8.4-3 and 8.4-5.
MAX_TEMPLATE_FILES: Final = 10
# Characters of the cached bundles. Each bundle counts for a minimum, since what is rendered from it
# is kept with it: there are never more than 64.
_REMEMBERED: Final = 4_000_000
_LEAST: Final = 62_500

_ENVIRONMENT: Final = "infrastructure"
_INSTANCE: Final = "instance_infrastructure"
_PIPELINE: Final = "pipeline_infrastructure"
# Rule 8.1-8.
_PREVIEW_DIRECTORIES: Final[Mapping[str, str]] = {
    "infrastructure": _INSTANCE,
    "pipeline": _PIPELINE,
}


_Bundle = TypeVar("_Bundle", bound="EnvironmentBundle | ServiceBundle")


@dataclass(frozen=True, slots=True, eq=False)
class EnvironmentBundle:
    """An environment template's bundle; no infrastructure if the customer manages it."""

    schema: Schema
    infrastructure: Infrastructure | None

    @property
    def doubts(self) -> tuple[Doubt, ...]:
        """What is odd in it, but registers."""
        return _doubts(self.schema, self.infrastructure)

    @property
    def characters(self) -> int:
        """The total length of its texts."""
        return _characters(self.schema, self.infrastructure)


@dataclass(frozen=True, slots=True, eq=False)
class ServiceBundle:
    """A service template's bundle; no pipeline if the customer manages it."""

    schema: Schema
    instance: Infrastructure
    pipeline: Infrastructure | None

    @property
    def doubts(self) -> tuple[Doubt, ...]:
        """What is odd in it, but registers."""
        return _doubts(self.schema, self.instance, self.pipeline)

    @property
    def characters(self) -> int:
        """The total length of its texts."""
        return _characters(self.schema, self.instance, self.pipeline)


def read_environment_bundle(data: bytes, *, customer_managed: bool) -> EnvironmentBundle:
    """The bundle in the archive. Raises BundleError."""
    return _environment_bundles.read(data, customer_managed)


def read_service_bundle(data: bytes, *, has_pipeline: bool) -> ServiceBundle:
    """The bundle in the archive, which must have a pipeline if its template has one, and only then.

    Raises BundleError.
    """
    return _service_bundles.read(data, has_pipeline)


def read_component(manifest: str, template_file: str) -> Infrastructure:
    """A component's infrastructure from the texts of its call. Raises BundleError.

    The manifest follows the grammar of a bundle's, without CodeBuild; ``*`` stands for the one file
    (choice), which is then called main.tf. A component is not registered, so errors in the file
    itself show when it is deployed.

    Rule 8.2-6.
    """
    read, doubts = read_manifest(manifest, MANIFEST)
    if isinstance(read, CodeBuildManifest):
        raise BundleError("a component cannot be provisioned with CodeBuild", file=MANIFEST)
    name = "main.tf" if read.file == ALL_TERRAFORM_FILES else read.file
    return Infrastructure("component", read, MappingProxyType({name: template_file}), doubts)


def _environment_bundle(data: bytes, customer_managed: bool) -> EnvironmentBundle:
    # Rules 8.1-2 to 8.1-5.
    files = read_archive(data)
    schema = text_of(files, SCHEMA_FILE, MAX_SCHEMA_BYTES)
    if customer_managed:
        if _has(files, _ENVIRONMENT):
            raise BundleError(
                "a customer managed environment template has no infrastructure of its own",
                file=f"{_ENVIRONMENT}/",
            )
        return EnvironmentBundle(read_customer_managed_schema(schema, SCHEMA_FILE), None)
    read = read_environment_schema(schema, SCHEMA_FILE)
    return EnvironmentBundle(read, _infrastructure(files, _ENVIRONMENT))


def _service_bundle(data: bytes, has_pipeline: bool) -> ServiceBundle:
    # Rules 8.1-6 and 8.1-8 to 8.1-10.
    files = read_archive(data)
    schema = text_of(files, SCHEMA_FILE, MAX_SCHEMA_BYTES)
    for preview, name in _PREVIEW_DIRECTORIES.items():
        if _has(files, preview):
            raise BundleError(
                f"the directory's name is from Proton's preview; it is {name}/ now",
                file=f"{preview}/",
            )
    if not has_pipeline and _has(files, _PIPELINE):
        raise BundleError(
            "a service template whose pipeline the customer manages has none of its own",
            file=f"{_PIPELINE}/",
        )
    read = read_service_schema(schema, SCHEMA_FILE, has_pipeline=has_pipeline)
    instance = _infrastructure(files, _INSTANCE)
    if not has_pipeline:
        return ServiceBundle(read, instance, None)
    pipeline = _infrastructure(files, _PIPELINE)
    _check_count(len(instance.files) + len(pipeline.files), f"{_PIPELINE}/")
    return ServiceBundle(read, instance, pipeline)


def _has(files: Mapping[str, bytes], directory: str) -> bool:
    return any(name.startswith(f"{directory}/") for name in files)


def _infrastructure(files: Mapping[str, bytes], directory: str) -> Infrastructure:
    place = f"{directory}/{MANIFEST}"
    manifest, doubts = read_manifest(text_of(files, place, MAX_MANIFEST_BYTES), place)
    names = _names(manifest, files, directory)
    texts = {name: text_of(files, f"{directory}/{name}", MAX_TEMPLATE_BYTES) for name in names}
    _check_templates(manifest, {f"{directory}/{name}": text for name, text in texts.items()})
    return Infrastructure(directory, manifest, MappingProxyType(texts), doubts)


def _names(manifest: Manifest, files: Mapping[str, bytes], directory: str) -> list[str]:
    """The infrastructure files that a manifest names, sorted (Rule 8.2-3)."""
    if isinstance(manifest, CodeBuildManifest):
        return []
    if isinstance(manifest, TerraformManifest) and manifest.file == ALL_TERRAFORM_FILES:
        beside = (
            name.removeprefix(f"{directory}/") for name in files if name.startswith(f"{directory}/")
        )
        names = sorted(name for name in beside if "/" not in name and name.endswith(".tf"))
        if not names:
            raise BundleError("there is no file that ends in .tf", file=f"{directory}/")
        _check_count(len(names), f"{directory}/")
        return names
    if f"{directory}/{manifest.file}" not in files:
        raise BundleError(
            f"the file {manifest.file} that it names is missing", file=f"{directory}/{MANIFEST}"
        )
    return [manifest.file]


def _check_count(count: int, directory: str) -> None:
    if count > MAX_TEMPLATE_FILES:
        raise BundleError(
            f"the bundle has {count} template files, more than the {MAX_TEMPLATE_FILES} allowed",
            file=directory,
        )


def _check_templates(manifest: Manifest, texts: Mapping[str, str]) -> None:
    if isinstance(manifest, CloudFormationManifest):
        for file, text in texts.items():
            check_cloudformation(text, file)
    else:
        check_terraform(texts)


def _doubts(schema: Schema, *infrastructures: Infrastructure | None) -> tuple[Doubt, ...]:
    doubts = list(schema.doubts)
    for infrastructure in infrastructures:
        doubts += infrastructure.doubts if infrastructure is not None else ()
    return tuple(doubts)


def _characters(schema: Schema, *infrastructures: Infrastructure | None) -> int:
    texts = [schema.text]
    for infrastructure in infrastructures:
        if infrastructure is not None:
            texts += infrastructure.files.values()
    return sum(map(len, texts))


class _Reader(Generic[_Bundle]):
    """Reads bundles, with a cache of the last few; it keeps the results, not the bytes."""

    def __init__(self, read: Callable[[bytes, bool], _Bundle]) -> None:
        self._read = read
        self._bundles: Memory[_Bundle] = Memory(_REMEMBERED)

    def read(self, data: bytes, option: bool) -> _Bundle:
        key = (hashlib.sha256(data).digest(), option)
        bundle = self._bundles.get(key)
        if bundle is None:
            try:
                bundle = workplace.run(self._read, data, option)
            except workplace.OutOfBoundsError as error:
                raise BundleError(error.reason, file=error.file, line=error.line) from None
            self._bundles.keep(key, bundle, max(bundle.characters, _LEAST))
        return bundle


_environment_bundles: Final = _Reader(_environment_bundle)
_service_bundles: Final = _Reader(_service_bundle)
