"""Checks the inputs in a spec against the schema of a template version.

Rules: section 4.1 of docs/behaviour.md. The checks themselves are in ``moto_proton.bundle``; a
version that was registered without a bundle accepts any inputs.
"""

from __future__ import annotations

from collections.abc import Mapping

from moto_proton.bundle import EnvironmentBundle, InputError, InputSchema, ServiceBundle
from moto_proton.proton.exceptions import ValidationError
from moto_proton.spec import EnvironmentSpec, InstanceSpec, ServiceSpec, Value


def check_environment_inputs(bundle: EnvironmentBundle | None, spec: EnvironmentSpec) -> None:
    """Refuse a value that breaks the schema, or a required input that is missing."""
    if bundle is not None:
        _check(bundle.schema.environment_inputs, spec.inputs, "environment")


def check_instance_inputs(bundle: ServiceBundle | None, entry: InstanceSpec) -> None:
    """Refuse the entry of an instance whose inputs break the schema."""
    if bundle is not None:
        _check(bundle.schema.service_inputs, entry.inputs, f"service instance {entry.name}")


def check_pipeline_inputs(bundle: ServiceBundle | None, spec: ServiceSpec) -> None:
    """Refuse a spec whose pipeline inputs break the schema."""
    if bundle is not None:
        _check(bundle.schema.pipeline_inputs, spec.pipeline, "pipeline")


def _check(schema: InputSchema | None, inputs: Mapping[str, Value], whose: str) -> None:
    # Rule 4.1-9.
    if schema is None:
        return
    try:
        schema.check(inputs)
    except InputError as error:
        problems = "; ".join(f"{problem.input}: {problem.message}" for problem in error.problems)
        raise ValidationError(f"The inputs of the {whose} are not valid: {problems}") from error
