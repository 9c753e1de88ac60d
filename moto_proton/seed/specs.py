"""Texts of specs: what a seed writes, and what of a spec that is there it can be held against."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

from moto_proton.spelling import refuse_unknown

Inputs: TypeAlias = Mapping[str, Any]


def environment_spec(inputs: Inputs) -> str:
    """The text of an environment spec with these inputs."""
    return _dump({"proton": "EnvironmentSpec", "spec": dict(inputs)})


def service_spec(
    instances: Mapping[str, str],
    *,
    inputs: Inputs | None = None,
    pipeline: Inputs | None = None,
    instance_inputs: Mapping[str, Inputs] | None = None,
) -> str:
    """The text of a service spec.

    ``instances`` are environments by instance name, ``inputs`` what each instance gets, and
    ``instance_inputs``, by instance name, what one of them gets over these. Raises ``ValueError``
    for inputs of an instance that is not in ``instances``.
    """
    own = instance_inputs or {}
    refuse_unknown("instances", own, list(instances))
    spec: dict[str, Any] = {"proton": "ServiceSpec"}
    if pipeline:
        spec["pipeline"] = dict(pipeline)
    spec["instances"] = [
        {"name": name, "environment": environment, **({"spec": given} if given else {})}
        for name, environment in instances.items()
        for given in [{**(inputs or {}), **own.get(name, {})}]
    ]
    return _dump(spec)


def inputs_of_environment(text: str) -> object:
    """The inputs in an environment spec."""
    return _load(text).get("spec", {})


def placed(text: str) -> dict[str, str]:
    """The environments by instance name in a service spec."""
    return {each["name"]: each["environment"] for each in _load(text).get("instances", [])}


def _load(text: str) -> dict[str, Any]:
    import yaml

    return dict(yaml.safe_load(text) or {})


def _dump(data: dict[str, Any]) -> str:
    import yaml

    return str(yaml.safe_dump(data, sort_keys=False))
