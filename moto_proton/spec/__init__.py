"""Proton's specs as values, and the decision that ``update_service`` makes about them.

Pure: usable without any mock, and imports neither moto nor boto3.
"""

from __future__ import annotations

from moto_proton.spec.current_value import (
    has_placeholder,
    resolve_environment_spec,
    resolve_for_instance,
    resolve_for_pipeline,
    resolve_service_spec,
)
from moto_proton.spec.diff import (
    EditReason,
    RefusedEdit,
    ServiceSpecDiff,
    diff_service_specs,
)
from moto_proton.spec.dump import dump_environment_spec, dump_service_spec
from moto_proton.spec.edit import with_instance, with_pipeline
from moto_proton.spec.errors import CurrentValueError, SpecError, SpecKind
from moto_proton.spec.grammar import (
    EnvironmentSpec,
    InstanceSpec,
    ServiceSpec,
    parse_environment_spec,
    parse_service_spec,
)
from moto_proton.spec.values import MISSING, PLACEHOLDER, Missing, Value, same_value

__all__ = [
    "MISSING",
    "PLACEHOLDER",
    "CurrentValueError",
    "EditReason",
    "EnvironmentSpec",
    "InstanceSpec",
    "Missing",
    "RefusedEdit",
    "ServiceSpec",
    "ServiceSpecDiff",
    "SpecError",
    "SpecKind",
    "Value",
    "diff_service_specs",
    "dump_environment_spec",
    "dump_service_spec",
    "has_placeholder",
    "parse_environment_spec",
    "parse_service_spec",
    "resolve_environment_spec",
    "resolve_for_instance",
    "resolve_for_pipeline",
    "resolve_service_spec",
    "same_value",
    "with_instance",
    "with_pipeline",
]
