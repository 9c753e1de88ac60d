"""A spec's values to text, in the normalised form that Proton's recorded responses show.

Which is what PyYAML's ``safe_dump(data, sort_keys=False)`` prints (checked against the recorded
ones by the tests). Text beyond ASCII stays readable instead of escaped (choice).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

import yaml

from moto_proton.spec.grammar import ENVIRONMENT_SPEC, SERVICE_SPEC, InstanceSpec
from moto_proton.spec.values import Value


class _SpecDumper(yaml.SafeDumper):
    """The form's own printer."""

    def ignore_aliases(self, data: Any) -> bool:
        """Write a value out wherever it stands: a returned spec shows plain values."""
        return True


_SpecDumper.add_representer(MappingProxyType, yaml.SafeDumper.represent_dict)


def _fast_dumper() -> Any:
    try:
        from yaml import CSafeDumper
    except ImportError:
        return _SpecDumper

    class _FastSpecDumper(CSafeDumper):
        """libyaml's printer, four times as fast; the same text for the same plain values."""

        def ignore_aliases(self, data: Any) -> bool:
            return True

    _FastSpecDumper.add_representer(MappingProxyType, yaml.SafeDumper.represent_dict)
    return _FastSpecDumper


_FAST_DUMPER = _fast_dumper()


def dump_service_spec(pipeline: Mapping[str, Value], instances: Iterable[InstanceSpec]) -> str:
    """The normalised text; an empty ``pipeline`` or ``spec`` is left out."""
    data: dict[str, Any] = {"proton": SERVICE_SPEC}
    if pipeline:
        data["pipeline"] = pipeline
    data["instances"] = [_entry(instance) for instance in instances]
    return _dump(data)


def dump_environment_spec(inputs: Mapping[str, Value]) -> str:
    """The normalised text; an empty ``spec`` is left out."""
    return _dump({"proton": ENVIRONMENT_SPEC, **({"spec": inputs} if inputs else {})})


def _entry(instance: InstanceSpec) -> dict[str, Any]:
    entry: dict[str, Any] = {"name": instance.name, "environment": instance.environment}
    if instance.inputs:
        entry["spec"] = instance.inputs
    return entry


def _dump(data: dict[str, Any]) -> str:
    dumper = _FAST_DUMPER if _both_dumpers_agree_on(data) else _SpecDumper
    text: str = yaml.dump(data, Dumper=dumper, sort_keys=False, allow_unicode=True)
    return text


def _both_dumpers_agree_on(value: object) -> bool:
    # They differ in empty keys, in escapes and in characters beyond the basic plane.
    if isinstance(value, str):
        return value.isascii() and value.isprintable()
    if isinstance(value, Mapping):
        return all(
            key and _both_dumpers_agree_on(key) and _both_dumpers_agree_on(item)
            for key, item in value.items()
        )
    if isinstance(value, (list, tuple)):
        return all(map(_both_dumpers_agree_on, value))
    return True
