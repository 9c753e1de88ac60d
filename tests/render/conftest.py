"""What the tests of rendering have in common: parameters of one small shop, and golden files.

``MOTO_PROTON_UPDATE_GOLDEN=1 pytest tests/render`` writes the golden files anew.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

from moto_proton.bundle.infrastructure import CloudFormationManifest, Infrastructure
from moto_proton.render import (
    AttachedComponent,
    AttachedInstance,
    ComponentParameters,
    DeployedEnvironment,
    EnvironmentParameters,
    PipelineInstance,
    RenderError,
    ServiceInstanceParameters,
    ServiceParameters,
    ServicePipelineParameters,
    render_component,
    render_environment,
    render_service_instance,
    render_service_pipeline,
)

HERE = Path(__file__).parent

Render = Callable[..., str]


def _infrastructure(text: str, directory: str) -> Infrastructure:
    return Infrastructure(
        directory, CloudFormationManifest("cloudformation.yaml"), {"cloudformation.yaml": text}
    )


@pytest.fixture
def environment() -> DeployedEnvironment:
    return DeployedEnvironment("prod", "123456789012", {"TopicArn": "arn:aws:sns:eu:1:t"})


@pytest.fixture
def service() -> ServiceParameters:
    return ServiceParameters(
        "shop",
        repository_id="myorg/shop",
        repository_connection_arn="arn:aws:codestar-connections:eu-west-1:123456789012:connection/a",
        branch_name="main",
    )


@pytest.fixture
def render_text() -> Render:
    """Renders a text as an environment's file, with inputs by keyword."""

    def render(text: str, **inputs: Any) -> str:
        parameters = EnvironmentParameters("prod", MappingProxyType(inputs))
        return render_environment(_infrastructure(text, "infrastructure"), parameters).template

    return render


@pytest.fixture
def render_instance(environment: DeployedEnvironment, service: ServiceParameters) -> Render:
    """Renders a text as a service instance's file."""

    def render(
        text: str,
        inputs: Mapping[str, Any] = MappingProxyType({}),
        component: AttachedComponent | None = None,
    ) -> str:
        parameters = ServiceInstanceParameters("dev", service, environment, inputs, component)
        infrastructure = _infrastructure(text, "instance_infrastructure")
        return render_service_instance(infrastructure, parameters).template

    return render


@pytest.fixture
def render_pipeline(environment: DeployedEnvironment, service: ServiceParameters) -> Render:
    """Renders a text as a pipeline's file, of a service with the instances dev and prod."""

    def render(text: str, inputs: Mapping[str, Any] = MappingProxyType({})) -> str:
        instances = (
            PipelineInstance("dev", environment, {"port": 80}, {"Endpoint": "http://dev"}),
            PipelineInstance("prod", environment, {"port": 81}),
        )
        parameters = ServicePipelineParameters(service, inputs, instances)
        infrastructure = _infrastructure(text, "pipeline_infrastructure")
        return render_service_pipeline(infrastructure, parameters).template

    return render


@pytest.fixture
def render_detachable(environment: DeployedEnvironment) -> Render:
    """Renders a text as a component's file, attached to shop/dev or detached."""

    def render(text: str, *, attached: bool) -> str:
        instance = AttachedInstance("shop", "dev", {"port": 80}) if attached else None
        parameters = ComponentParameters("bucket", environment, instance)
        return render_component(_infrastructure(text, "component"), parameters).template

    return render


@pytest.fixture
def refusal(render_text: Render) -> Callable[..., RenderError]:
    """The error that rendering a text ends in; the test fails if there is none."""

    def refuse(text: str, **inputs: Any) -> RenderError:
        with pytest.raises(RenderError) as refused:
            render_text(text, **inputs)
        return refused.value

    return refuse


@pytest.fixture
def template_text() -> Callable[[str], str]:
    """The text of one of our own small templates."""
    return lambda name: (HERE / "templates" / name).read_text(encoding="utf-8")


@pytest.fixture
def check_golden() -> Callable[[str, str], None]:
    """Compares a text with a golden file; writes the file when asked to."""

    def check(name: str, text: str) -> None:
        file = HERE / "golden" / name
        if os.environ.get("MOTO_PROTON_UPDATE_GOLDEN"):
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        assert text == file.read_text(encoding="utf-8")

    return check
