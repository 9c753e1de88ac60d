"""The grammar of manifest.yaml: text to one of three manifests.

:mod:`~moto_proton.bundle.reading` checks that the named files exist. Rules: section 8.2 of
docs/behaviour.md. Choices: unknown keys are refused, except in the ``settings`` of CodeBuild, where
published samples have keys that no page documents; ``deprovision`` may be left out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from moto_proton.bundle.documents import (
    MAX_MANIFEST_BYTES,
    Document,
    ValuePath,
    check_size,
)
from moto_proton.bundle.errors import Doubt
from moto_proton.bundle.infrastructure import (
    CloudFormationManifest,
    CodeBuildManifest,
    InputType,
    Manifest,
    TerraformManifest,
)
from moto_proton.spec.values import Value, shown

MANIFEST: Final = "manifest.yaml"
ALL_TERRAFORM_FILES: Final = "*"

_HERE: Final = re.compile(r"(?:\./+)+")
_ENTRY: Final[ValuePath] = ("infrastructure", "templates", 0)
_LANGUAGES: Final[Mapping[str, str]] = {"jinja": "cloudformation", "hcl": "terraform"}
_ENGINES: Final = "jinja with cloudformation, hcl with terraform, codebuild"


def read_manifest(text: str, file: str) -> tuple[Manifest, tuple[Doubt, ...]]:
    """The manifest that the text of ``file`` says, and what is odd in it.

    Raises BundleError with the line.

    Rule 8.2-2.
    """
    check_size(text, file, MAX_MANIFEST_BYTES)
    document = Document(text, file)
    top = document.mapping(document.value, (), "the manifest")
    document.refuse_unknown(top, ["infrastructure"], (), "a manifest")
    if "infrastructure" not in top:
        raise document.error((), "the key infrastructure is missing")
    infrastructure = document.mapping(top["infrastructure"], ("infrastructure",), "infrastructure")
    document.refuse_unknown(infrastructure, ["templates"], ("infrastructure",), "infrastructure")
    if "templates" not in infrastructure:
        raise document.error(("infrastructure",), "the key templates is missing", of_key=True)
    entries = infrastructure["templates"]
    if not isinstance(entries, tuple) or len(entries) != 1:
        raise document.error(
            ("infrastructure", "templates"),
            f"templates must be a list with exactly one entry, not {shown(entries)}",
            of_key=True,
        )
    manifest = _entry(document, document.mapping(entries[0], _ENTRY, "the entry of templates"))
    return manifest, tuple(document.doubts)


def _entry(document: Document, entry: Mapping[str, Value]) -> Manifest:
    # Rule 8.2-1.
    if "engine" in entry:
        raise document.error(
            (*_ENTRY, "engine"),
            "the key engine is from Proton's preview; it is rendering_engine now",
            of_key=True,
        )
    if "rendering_engine" not in entry:
        raise document.error(_ENTRY, "the key rendering_engine is missing")
    engine = entry["rendering_engine"]
    if engine == "codebuild":
        document.refuse_unknown(
            entry, ["rendering_engine", "settings"], _ENTRY, "a template of CodeBuild"
        )
        return _codebuild(document, entry)
    if not isinstance(engine, str) or engine not in _LANGUAGES:
        raise document.error(
            (*_ENTRY, "rendering_engine"),
            f"the rendering_engine {shown(engine)} is unknown; the choices are {_ENGINES}",
        )
    keys = ["file", "rendering_engine", "template_language"]
    document.refuse_unknown(entry, keys, _ENTRY, f"a template of {engine}")
    for key in keys:
        if key not in entry:
            raise document.error(_ENTRY, f"the key {key} is missing")
    language = entry["template_language"]
    if language != _LANGUAGES[engine]:
        raise document.error(
            (*_ENTRY, "template_language"),
            f"the template_language {shown(language)} does not go with the rendering_engine "
            f"{engine}; the choices are {_ENGINES}",
        )
    file = _file(document, entry["file"])
    if engine == "hcl":
        return TerraformManifest(file)
    if file == ALL_TERRAFORM_FILES:
        raise document.error((*_ENTRY, "file"), "CloudFormation takes one file by name, not *")
    return CloudFormationManifest(file)


def _file(document: Document, value: Value) -> str:
    path = (*_ENTRY, "file")
    named = document.string(value, path, "file")
    file = _HERE.sub("", named)
    if file and file != named:
        document.doubt(path, f"the file {shown(named)} is taken for {file}, which is its name")
    if not file or "/" in file or "\\" in file or file in (".", "..") or not file.isprintable():
        raise document.error(
            path, f"the file {shown(named)} is not the name of a file in the manifest's directory"
        )
    return file


def _codebuild(document: Document, entry: Mapping[str, Value]) -> CodeBuildManifest:
    # Rules 8.2-4 and 8.2-5.
    path = (*_ENTRY, "settings")
    if "settings" not in entry:
        raise document.error(_ENTRY, "the key settings is missing")
    settings = document.mapping(entry["settings"], path, "settings")
    if "provision" not in settings:
        raise document.error(path, "the key provision is missing")
    input_type = settings.get("input_type", "JSON")
    if input_type not in ("JSON", "HCL"):
        raise document.error(
            (*path, "input_type"), f"the input_type must be JSON or HCL, not {shown(input_type)}"
        )
    env_path = (*path, "env")
    env = document.mapping(settings.get("env", {}), env_path, "env")
    image = settings.get("image")
    return CodeBuildManifest(
        provision=_commands(document, settings, "provision"),
        deprovision=_commands(document, settings, "deprovision"),
        input_type=InputType(input_type),
        image=None if image is None else document.string(image, (*path, "image"), "image"),
        runtimes=document.mapping(settings.get("runtimes", {}), (*path, "runtimes"), "runtimes"),
        variables=document.mapping(
            env.get("variables", {}), (*env_path, "variables"), "env.variables"
        ),
        project_properties=document.mapping(
            settings.get("project_properties", {}),
            (*path, "project_properties"),
            "project_properties",
        ),
    )


def _commands(document: Document, settings: Mapping[str, Value], key: str) -> tuple[str, ...]:
    path = (*_ENTRY, "settings", key)
    commands = settings.get(key, ())
    if not isinstance(commands, tuple):
        raise document.error(path, f"{key} must be a list of commands, not {shown(commands)}")
    for index, command in enumerate(commands):
        if not isinstance(command, str):
            raise document.error(
                (*path, index),
                f"{key}[{index}] must be a command as a string, not {shown(command)}",
            )
    return tuple(command for command in commands if isinstance(command, str))
