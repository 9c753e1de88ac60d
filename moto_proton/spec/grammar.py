"""The grammar of a service spec and of an environment spec: text to typed, immutable specs.

:mod:`~moto_proton.spec.document` reads the YAML; inputs are checked against the template's schema
elsewhere. Rules: sections 4.1 and 4.2 of docs/behaviour.md. Our own choices are marked as such.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Final, NoReturn

from moto_proton.remembering import remembering
from moto_proton.spec import document
from moto_proton.spec.errors import SpecError, SpecKind
from moto_proton.spec.positions import position
from moto_proton.spec.values import (
    NO_INPUTS,
    PLACEHOLDER,
    Value,
    element_path,
    freeze_mapping,
    is_mapping,
    member_path,
    same_value,
    shown,
)

SERVICE_SPEC: Final = "ServiceSpec"
ENVIRONMENT_SPEC: Final = "EnvironmentSpec"

# Characters of the cached texts, more than a busy test uses; a cached spec takes several times the
# memory of its text.
_REMEMBERED: Final = 1_000_000

# Service model: the pattern and the lengths of ResourceName.
_RESOURCE_NAME = re.compile(r"[0-9A-Za-z][0-9A-Za-z_\-]{0,99}")

_Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True, eq=False)
class InstanceSpec:
    """One entry of a service spec; equal to another when all its values are, types included."""

    name: str
    environment: str
    inputs: Mapping[str, Value] = field(default_factory=lambda: NO_INPUTS)

    def __post_init__(self) -> None:
        if not isinstance(self.inputs, MappingProxyType):
            object.__setattr__(self, "inputs", freeze_mapping(self.inputs))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, InstanceSpec):
            return NotImplemented
        return self is other or (
            self.name == other.name
            and self.environment == other.environment
            and same_value(self.inputs, other.inputs)
        )

    def __hash__(self) -> int:
        return hash((self.name, self.environment))


@dataclass(frozen=True, eq=False)
class ServiceSpec:
    """A service spec and the text it came from; equal to another when the texts are.

    Made by :func:`parse_service_spec` and the functions that edit or resolve one. ``pipeline`` is
    empty when the section is absent.
    """

    text: str
    pipeline: Mapping[str, Value]
    instances: tuple[InstanceSpec, ...]

    @cached_property
    def _instances_by_name(self) -> dict[str, InstanceSpec]:
        return {instance.name: instance for instance in self.instances}

    def instance(self, name: str) -> InstanceSpec | None:
        """The entry of that name, if there is one."""
        return self._instances_by_name.get(name)

    def __eq__(self, other: object) -> bool:
        return self.text == other.text if isinstance(other, ServiceSpec) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.text)


@dataclass(frozen=True, slots=True, eq=False)
class EnvironmentSpec:
    """An environment spec and the text it came from; equal to another when the texts are."""

    text: str
    inputs: Mapping[str, Value]

    def __eq__(self, other: object) -> bool:
        return self.text == other.text if isinstance(other, EnvironmentSpec) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.text)


@remembering(lambda text: len(text), _REMEMBERED)
def parse_service_spec(text: str) -> ServiceSpec:
    """The service spec in the text; cached by text, as specs are immutable.

    Without instances (``instances: []``) it is a spec like any other. ``pipeline:`` and ``spec:``
    without a value count as empty (choice). Raises SpecError. Rule 15-1.
    """
    return _ServiceGrammar(text).spec()


def check_an_instance_remains(spec: ServiceSpec) -> None:
    """Refuse a spec without instances for a service that has some; raises SpecError.

    Rules 5.2-5 and 15-1: at least one must remain, but only where a service is edited.
    """
    if not spec.instances:
        _ServiceGrammar(spec.text).refuse(("instances",), "at least one instance must remain")


@remembering(lambda text: len(text), _REMEMBERED)
def parse_environment_spec(text: str) -> EnvironmentSpec:
    """The environment spec in the text; cached by text, as specs are immutable.

    Raises SpecError. ``spec`` may be absent or empty when no input is required.
    """
    return _EnvironmentGrammar(text).spec()


class _Grammar:
    """The common parts of both kinds of spec: the header, the known keys, and refusals."""

    kind: SpecKind
    header: str

    def __init__(self, text: str) -> None:
        self.text = text

    def refuse(self, path: _Path, detail: str, *, of_key: bool = False) -> NoReturn:
        line, column = position(self.text, path, of_key=of_key)
        raise SpecError(self.kind, _written(path), detail, line, column)

    def top(self, sections: frozenset[str]) -> Mapping[str, Value]:
        # Rule 4.1-3.
        top = document.load(self.text, self.kind)
        if not is_mapping(top):
            self.refuse((), f"a spec is a mapping that starts with proton: {self.header}")
        if "proton" not in top:
            self.refuse(("proton",), f"required, with the value {self.header}")
        if top["proton"] != self.header:
            self.refuse(("proton",), f"must be {self.header}, not {shown(top['proton'])}")
        self.check_keys((), top, sections)
        return top

    def check_keys(self, path: _Path, mapping: Mapping[str, Value], known: frozenset[str]) -> None:
        # Rule 4.1-10.
        for key in mapping:
            if key not in known:
                names = ", ".join(sorted(known))
                self.refuse((*path, key), f"unknown key; known here: {names}", of_key=True)

    def inputs(self, path: _Path, value: Value) -> Mapping[str, Value]:
        # Rules 4.1-7 and 5.10-46.
        if is_mapping(value):
            return value
        if value is None:
            return NO_INPUTS
        self.refuse(path, "must be a mapping of inputs")


class _ServiceGrammar(_Grammar):
    kind = "Service"
    header = SERVICE_SPEC
    sections = frozenset({"proton", "pipeline", "instances"})
    entry_keys = frozenset({"name", "environment", "spec"})

    def spec(self) -> ServiceSpec:
        # Rules 4.1-5, 4.1-6 and 4.1-10.
        top = self.top(self.sections)
        pipeline = self.inputs(("pipeline",), top.get("pipeline"))
        if "instances" not in top:
            self.refuse(("instances",), "required; a list, empty for a service without instances")
        entries = top["instances"]
        if not isinstance(entries, tuple):
            self.refuse(("instances",), "must be a list of instances")
        instances = []
        names: set[str] = set()
        for index, entry in enumerate(entries):
            instance = self.instance(index, entry)
            if instance.name in names:
                path = ("instances", index, "name")
                self.refuse(path, f"the name {instance.name!r} stands in the list already")
            names.add(instance.name)
            instances.append(instance)
        return ServiceSpec(self.text, pipeline, tuple(instances))

    def instance(self, index: int, entry: Value) -> InstanceSpec:
        if not is_mapping(entry):
            self.refuse(("instances", index), "must be a mapping with name, environment and spec")
        if not entry.keys() <= self.entry_keys:
            self.check_keys(("instances", index), entry, self.entry_keys)
        return InstanceSpec(
            self.resource_name(index, entry, "name"),
            self.resource_name(index, entry, "environment"),
            self.inputs(("instances", index, "spec"), entry.get("spec")),
        )

    def resource_name(self, index: int, entry: Mapping[str, Value], key: str) -> str:
        # Rules 4.1-11 and 5.10-44.
        name = entry.get(key)
        if isinstance(name, str) and _RESOURCE_NAME.fullmatch(name):
            return name
        path = ("instances", index, key)
        if key not in entry:
            self.refuse(path, "required")
        if not isinstance(name, str):
            self.refuse(path, f"must be a string, not {shown(name)}")
        if name == PLACEHOLDER:
            self.refuse(path, f"{PLACEHOLDER} stands for the value of an input only")
        self.refuse(
            path,
            f"{shown(name)} is not a resource name: 1 to 100 letters, digits, hyphens and "
            "underscores, the first a letter or a digit",
        )


class _EnvironmentGrammar(_Grammar):
    kind = "Environment"
    header = ENVIRONMENT_SPEC
    sections = frozenset({"proton", "spec"})

    def spec(self) -> EnvironmentSpec:
        # Rules 4.2-1 and 4.2-2.
        top = self.top(self.sections)
        return EnvironmentSpec(self.text, self.inputs(("spec",), top.get("spec")))


def _written(path: _Path) -> str:
    written = ""
    for step in path:
        written = (
            element_path(written, step) if isinstance(step, int) else member_path(written, step)
        )
    return written
