"""What an edited service spec adds, deletes and keeps, and which of its edits are refused.

The diff depends on the two specs alone; whether a service can be edited now is decided where its
state is. Rules: section 5.3 of docs/behaviour.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from moto_proton.spec.current_value import instance_inputs_path, resolve_where_possible
from moto_proton.spec.grammar import (
    InstanceSpec,
    ServiceSpec,
    check_an_instance_remains,
    parse_service_spec,
)
from moto_proton.spec.values import (
    MISSING,
    PLACEHOLDER,
    Missing,
    Value,
    element_path,
    member_path,
    same_value,
    shown,
)

EditReason = Literal["changed", "added", "removed", "no current value"]


@dataclass(frozen=True, slots=True)
class RefusedEdit:
    """An edit that UpdateService refuses: of a pipeline input or of an instance that stays.

    ``path`` is the innermost one at which the specs differ, with instances by name:
    "instances[dev].spec.port", "instances[dev].environment", "pipeline.dockerfile".

    Rules 5.1-3, 5.2-6 and 5.2-7.
    """

    path: str
    reason: EditReason
    old: Value | Missing = MISSING
    new: Value | Missing = MISSING

    @property
    def message(self) -> str:
        """One line that says what was edited."""
        return f"{self.path}: {self.explanation}"

    @property
    def explanation(self) -> str:
        """The message without the path."""
        if self.reason == "no current value":
            return f"{PLACEHOLDER} has no current value to keep"
        if isinstance(self.old, Missing):
            return f"added with {_shown(self.new)}"
        if isinstance(self.new, Missing):
            return f"removed, was {_shown(self.old)}"
        return f"changed from {_shown(self.old)} to {_shown(self.new)}"


@dataclass(frozen=True, slots=True)
class ServiceSpecDiff:
    """Every instance of either spec in exactly one of the first four fields.

    All are forms of the new spec, placeholders resolved, in its order; only ``deleted`` has forms
    and order of the old one. ``edited`` are instances that stay and that ``refused`` names.
    ``refused`` starts with the pipeline and follows the new spec.
    """

    added: tuple[InstanceSpec, ...] = ()
    deleted: tuple[InstanceSpec, ...] = ()
    kept: tuple[InstanceSpec, ...] = ()
    edited: tuple[InstanceSpec, ...] = ()
    refused: tuple[RefusedEdit, ...] = ()

    @property
    def changes(self) -> bool:
        """Whether instances are added or deleted."""
        return bool(self.added or self.deleted)

    @property
    def allowed(self) -> bool:
        """Whether no edit is refused."""
        return not self.refused


def diff_service_specs(old: str | ServiceSpec, new: str | ServiceSpec) -> ServiceSpecDiff:
    """Sort the instances of two service specs by what UpdateService would do with them.

    Placeholders of the new spec take the old one's values; one without a value is a refused edit.
    An instance is known by its name, so a rename deletes one and adds another. Raises SpecError
    for a text that is not a service spec, and for a new one that leaves no instance of several.

    Rules 4.4-2, 5.1-2, 5.3-1 to 5.3-4, 5.3-7, 5.3-8 and 5.3-10.
    """
    old = parse_service_spec(old) if isinstance(old, str) else old
    new = parse_service_spec(new) if isinstance(new, str) else new
    if old.instances:
        check_an_instance_remains(new)
    new, unresolved = resolve_where_possible(new, old)
    if not unresolved and (new is old or new.text == old.text):
        return ServiceSpecDiff(kept=new.instances)
    refused = [*_unresolved_below("pipeline", unresolved)]
    refused += _differences("pipeline", old.pipeline, new.pipeline)
    added: list[InstanceSpec] = []
    kept: list[InstanceSpec] = []
    edited: list[InstanceSpec] = []
    for instance in new.instances:
        now = old.instance(instance.name)
        if now == instance and not unresolved:
            kept.append(instance)
            continue
        edits = [*_unresolved_below(instance_inputs_path(instance.name), unresolved)]
        if now is None:
            added.append(instance)
        else:
            edits += _instance_differences(now, instance)
            (edited if edits else kept).append(instance)
        refused += edits
    return ServiceSpecDiff(
        added=tuple(added),
        deleted=tuple(gone for gone in old.instances if new.instance(gone.name) is None),
        kept=tuple(kept),
        edited=tuple(edited),
        refused=tuple(refused),
    )


def _unresolved_below(inputs_path: str, paths: tuple[str, ...]) -> Iterator[RefusedEdit]:
    for path in paths:
        if path.startswith((f"{inputs_path}.", f"{inputs_path}[")):
            yield RefusedEdit(path, "no current value", new=PLACEHOLDER)


def _instance_differences(old: InstanceSpec, new: InstanceSpec) -> Iterator[RefusedEdit]:
    if old.environment != new.environment:
        path = f"instances[{old.name}].environment"
        yield RefusedEdit(path, "changed", old.environment, new.environment)
    yield from _differences(instance_inputs_path(old.name), old.inputs, new.inputs)


def _differences(path: str, old: Value | Missing, new: Value | Missing) -> Iterator[RefusedEdit]:
    if isinstance(new, str) and new == PLACEHOLDER:
        return  # not resolved, which is reported already
    if isinstance(old, Missing):
        yield RefusedEdit(path, "added", new=new)
    elif isinstance(new, Missing):
        yield RefusedEdit(path, "removed", old=old)
    elif same_value(old, new):
        return
    elif isinstance(old, Mapping) and isinstance(new, Mapping):
        # In the order of the new spec, then what it leaves out.
        for key in {**new, **old}:
            yield from _differences(
                member_path(path, key), old.get(key, MISSING), new.get(key, MISSING)
            )
    elif isinstance(old, tuple) and isinstance(new, tuple):
        for index in range(max(len(old), len(new))):
            yield from _differences(
                element_path(path, index),
                old[index] if index < len(old) else MISSING,
                new[index] if index < len(new) else MISSING,
            )
    else:
        yield RefusedEdit(path, "changed", old, new)


def _shown(value: Value | Missing) -> str:
    return "nothing" if isinstance(value, Missing) else shown(value)
