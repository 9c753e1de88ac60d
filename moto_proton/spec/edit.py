"""A service spec with one part replaced, for the calls that deploy a part of a service.

The entry with which an instance or a pipeline was last deployed is copied into the service's spec.
"""

from __future__ import annotations

from collections.abc import Mapping

from moto_proton.spec.dump import dump_service_spec
from moto_proton.spec.grammar import InstanceSpec, ServiceSpec
from moto_proton.spec.values import Value, freeze_mapping, same_value


def with_instance(spec: ServiceSpec, instance: InstanceSpec) -> ServiceSpec:
    """The spec with this entry in place of the one of its name, or at the end if there is none.

    The same object when the entry is there with the same values; else the text is normalised.

    Rule 4.3-13.
    """
    now = spec.instance(instance.name)
    if now == instance:
        return spec
    if now is None:
        instances = (*spec.instances, instance)
    else:
        instances = tuple(
            instance if entry.name == instance.name else entry for entry in spec.instances
        )
    return ServiceSpec(dump_service_spec(spec.pipeline, instances), spec.pipeline, instances)


def with_pipeline(spec: ServiceSpec, inputs: Mapping[str, Value]) -> ServiceSpec:
    """The spec with these pipeline inputs; the same object when it has them already.

    Rule 4.3-13.
    """
    if same_value(spec.pipeline, inputs):
        return spec
    pipeline = freeze_mapping(inputs)
    return ServiceSpec(dump_service_spec(pipeline, spec.instances), pipeline, spec.instances)
