"""Renders the infrastructure files of a bundle with the values of a deployment.

Pure: it knows neither moto nor boto3. Bundles are read in :mod:`moto_proton.bundle`, and the
rendered files are provisioned by :mod:`moto_proton.provision`.
"""

from __future__ import annotations

from moto_proton.render.errors import RenderError
from moto_proton.render.parameters import (
    AttachedComponent,
    AttachedInstance,
    ComponentParameters,
    DeployedEnvironment,
    Deployment,
    EnvironmentParameters,
    PipelineInstance,
    ServiceInstanceParameters,
    ServiceParameters,
    ServicePipelineParameters,
)
from moto_proton.render.rendering import (
    Rendered,
    render_component,
    render_environment,
    render_service_instance,
    render_service_pipeline,
    undefined_names,
)

__all__ = [
    "AttachedComponent",
    "AttachedInstance",
    "ComponentParameters",
    "DeployedEnvironment",
    "Deployment",
    "EnvironmentParameters",
    "PipelineInstance",
    "RenderError",
    "Rendered",
    "ServiceInstanceParameters",
    "ServiceParameters",
    "ServicePipelineParameters",
    "render_component",
    "render_environment",
    "render_service_instance",
    "render_service_pipeline",
    "undefined_names",
]
