"""``${Proton::CURRENT_VAL}``: the values that a proposed spec keeps from the current one.

An input whose whole value is the placeholder takes the current value of the same path, with its
type; inside a longer string, or as a key, it is text like any other. Instances are matched by name,
members of mappings by key, elements of lists by index. Rules: section 4.4 of docs/behaviour.md.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from moto_proton.spec.dump import dump_environment_spec, dump_service_spec
from moto_proton.spec.errors import CurrentValueError
from moto_proton.spec.grammar import EnvironmentSpec, InstanceSpec, ServiceSpec
from moto_proton.spec.values import (
    MISSING,
    NO_INPUTS,
    Missing,
    Value,
    element_path,
    member_path,
)
from moto_proton.spec.values import PLACEHOLDER as PLACEHOLDER


def has_placeholder(spec: ServiceSpec | EnvironmentSpec) -> bool:
    """Whether any input's whole value is the placeholder."""
    # The text contains the placeholder literally, unless it uses escapes.
    if PLACEHOLDER not in spec.text and "\\" not in spec.text:
        return False
    if isinstance(spec, EnvironmentSpec):
        return _holds_placeholder(spec.inputs)
    return _holds_placeholder(spec.pipeline) or any(
        _holds_placeholder(instance.inputs) for instance in spec.instances
    )


def resolve_service_spec(proposed: ServiceSpec, current: ServiceSpec | None) -> ServiceSpec:
    """The proposed spec with current values in place of placeholders, its text normalised then.

    Without a placeholder it is the proposed spec itself. Raises CurrentValueError when a place
    has no current value, which is all of them when ``current`` is None.

    Rules 4.3-2, 4.3-4, 4.3-5 and 4.4-7.
    """
    resolved, missing = resolve_where_possible(proposed, current)
    if missing:
        raise CurrentValueError(missing)
    return resolved


def resolve_environment_spec(
    proposed: EnvironmentSpec, current: EnvironmentSpec | None
) -> EnvironmentSpec:
    """:func:`resolve_service_spec` for an environment.

    Rule 4.4-5.
    """
    if not has_placeholder(proposed):
        return proposed
    missing: list[str] = []
    values = NO_INPUTS if current is None else current.inputs
    inputs = _resolve_inputs(proposed.inputs, values, "spec", missing.append)
    if missing:
        raise CurrentValueError(tuple(missing))
    return EnvironmentSpec(dump_environment_spec(inputs), inputs)


def resolve_where_possible(
    proposed: ServiceSpec, current: ServiceSpec | None
) -> tuple[ServiceSpec, tuple[str, ...]]:
    """:func:`resolve_service_spec`, with the paths of what could not be resolved, which stays."""
    if not has_placeholder(proposed):
        return proposed, ()
    missing: list[str] = []
    values = NO_INPUTS if current is None else current.pipeline
    pipeline = _resolve_inputs(proposed.pipeline, values, "pipeline", missing.append)
    instances = tuple(
        _resolve_instance(instance, current, missing.append) for instance in proposed.instances
    )
    text = dump_service_spec(pipeline, instances)
    return ServiceSpec(text, pipeline, instances), tuple(missing)


def resolve_for_instance(proposed: ServiceSpec, current: ServiceSpec, name: str) -> ServiceSpec:
    """:func:`resolve_service_spec` for a call that uses nothing but one instance's entry.

    Other places without a current value are ignored: an existing part that holds one stays as it is
    now, and a new entry is left out. Raises CurrentValueError for places in the entry itself.

    Rule 4.4-3.
    """
    return _resolve_part(proposed, current, instance_inputs_path(name))


def resolve_for_pipeline(proposed: ServiceSpec, current: ServiceSpec) -> ServiceSpec:
    """:func:`resolve_for_instance` for a call that uses nothing but the pipeline inputs.

    Rule 4.4-4.
    """
    return _resolve_part(proposed, current, "pipeline")


def _resolve_part(proposed: ServiceSpec, current: ServiceSpec, part: str) -> ServiceSpec:
    resolved, missing = resolve_where_possible(proposed, current)
    own = tuple(path for path in missing if path.startswith((f"{part}.", f"{part}[")))
    if own:
        raise CurrentValueError(own)
    if not missing:
        return resolved
    pipeline = current.pipeline if _holds_placeholder(resolved.pipeline) else resolved.pipeline
    entries = (
        current.instance(entry.name) if _holds_placeholder(entry.inputs) else entry
        for entry in resolved.instances
    )
    # If none is left, all of them were new: the service has other instances, which stay as they
    # are.
    instances = tuple(entry for entry in entries if entry is not None) or current.instances
    return ServiceSpec(dump_service_spec(pipeline, instances), pipeline, instances)


def instance_inputs_path(name: str) -> str:
    """The path of an instance's inputs in messages that identify instances by name."""
    return f"instances[{name}].spec"


def _resolve_instance(
    proposed: InstanceSpec, current: ServiceSpec | None, report: Callable[[str], None]
) -> InstanceSpec:
    now = None if current is None else current.instance(proposed.name)
    inputs = _resolve_inputs(
        proposed.inputs,
        NO_INPUTS if now is None else now.inputs,
        instance_inputs_path(proposed.name),
        report,
    )
    if inputs is proposed.inputs:
        return proposed
    return InstanceSpec(proposed.name, proposed.environment, inputs)


def _resolve_inputs(
    proposed: Mapping[str, Value],
    current: Mapping[str, Value],
    path: str,
    report: Callable[[str], None],
) -> Mapping[str, Value]:
    if not _holds_placeholder(proposed):
        return proposed
    return _resolve_mapping(proposed, current, path, report)


def _resolve_mapping(
    proposed: Mapping[str, Value],
    current: Value | Missing,
    path: str,
    report: Callable[[str], None],
) -> Mapping[str, Value]:
    now = current if isinstance(current, Mapping) else NO_INPUTS
    return MappingProxyType(
        {
            key: _resolve(value, now.get(key, MISSING), member_path(path, key), report)
            for key, value in proposed.items()
        }
    )


def _resolve(
    proposed: Value, current: Value | Missing, path: str, report: Callable[[str], None]
) -> Value:
    # Rules 4.4-1 and 4.4-8 to 4.4-10.
    if isinstance(proposed, str) and proposed == PLACEHOLDER:
        if isinstance(current, Missing) or _holds_placeholder(current):
            report(path)
            return proposed
        return current
    if isinstance(proposed, Mapping):
        return _resolve_mapping(proposed, current, path, report)
    if isinstance(proposed, tuple):
        now = current if isinstance(current, tuple) else ()
        return tuple(
            _resolve(
                value,
                now[index] if index < len(now) else MISSING,
                element_path(path, index),
                report,
            )
            for index, value in enumerate(proposed)
        )
    return proposed


def _holds_placeholder(value: Value) -> bool:
    if isinstance(value, str):
        return value == PLACEHOLDER
    if isinstance(value, Mapping):
        return any(map(_holds_placeholder, value.values()))
    if isinstance(value, tuple):
        return any(map(_holds_placeholder, value))
    return False
