"""Writes a spec's values as text, in the normalised form that Proton's recorded responses show.

This is the form of PyYAML's ``safe_dump(data, sort_keys=False)``. Letters beyond ASCII stay
readable instead of escaped (choice).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any

import yaml

from moto_proton.spec.grammar import ENVIRONMENT_SPEC, SERVICE_SPEC, InstanceSpec
from moto_proton.spec.values import Value


class _SpecDumper(yaml.SafeDumper):
    """Prints the normalised form."""

    def ignore_aliases(self, data: Any) -> bool:
        """Write a value in full wherever it occurs: a returned spec has no aliases."""
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
    """The normalised text; an empty ``pipeline`` or ``spec`` is left out.

    Rules 4.3-1 and 4.3-3.
    """
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
    dumper = _FAST_DUMPER if _all_texts(data, _both_dumpers_agree_on) else _SpecDumper
    # If not escaped, PyYAML folds a text at Unicode's rarer line breaks and loses them.
    readable = _all_texts(data, _is_readable)
    text: str = yaml.dump(data, Dumper=dumper, sort_keys=False, allow_unicode=readable)
    return text


def _all_texts(value: object, check: Callable[[str], bool]) -> bool:
    if isinstance(value, str):
        return check(value)
    if isinstance(value, Mapping):
        return all(check(key) and _all_texts(item, check) for key, item in value.items())
    if isinstance(value, (list, tuple)):
        return all(_all_texts(item, check) for item in value)
    return True


def _both_dumpers_agree_on(text: str) -> bool:
    # They differ in empty keys, in escapes and in characters beyond the basic plane.
    return text.isascii() and text.isprintable() and text != ""


def _is_readable(text: str) -> bool:
    return text.isascii() or text.replace("\n", "").isprintable()
