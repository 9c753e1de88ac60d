"""Which names each kind of file sees."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from moto_proton.render import AttachedComponent, RenderError

Render = Callable[..., str]


@pytest.mark.rule("8.5-1", "8.5-3")
@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("environment.name", "prod"),
        ("environment.inputs.size", "3"),
    ],
)
def test_an_environment_sees(render_text: Render, expression: str, expected: str) -> None:
    assert render_text(f"{{{{ {expression} }}}}", size=3) == expected


@pytest.mark.rule("8.5-2", "8.5-4")
@pytest.mark.parametrize(
    "expression",
    [
        "environment.account_id",
        "environment.outputs",
        "service",
        "service_instance",
        "service_instances",
        "pipeline",
        "component",
        "proton_tags",
    ],
)
def test_an_environment_does_not_see(render_text: Render, expression: str) -> None:
    with pytest.raises(RenderError, match=f"'{expression}' is undefined"):
        render_text(f"{{{{ {expression} }}}}")


@pytest.mark.rule("8.5-1", "8.5-2", "8.5-4", "8.5-5", "8.5-6", "8.5-7", "8.5-8", "8.5-13")
@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("environment.name", "prod"),
        ("environment.account_id", "123456789012"),
        ("environment.outputs.TopicArn", "arn:aws:sns:eu:1:t"),
        ("service.name", "shop"),
        ("service.repository_id", "myorg/shop"),
        ("service.branch_name", "main"),
        ("service_instance.name", "dev"),
        ("service_instance.inputs.port", "80"),
        ("service_instance.environment.outputs.TopicArn", "arn:aws:sns:eu:1:t"),
        ("service_instance.components.default.name", "bucket"),
        ("service_instance.components.default.outputs.Arn", "arn"),
    ],
)
def test_a_service_instance_sees(render_instance: Render, expression: str, expected: str) -> None:
    component = AttachedComponent("bucket", {"Arn": "arn"})

    assert render_instance(f"{{{{ {expression} }}}}", {"port": 80}, component) == expected


@pytest.mark.rule("8.5-3")
@pytest.mark.parametrize(
    "expression", ["environment.inputs", "pipeline", "service_instances", "component"]
)
def test_a_service_instance_does_not_see(render_instance: Render, expression: str) -> None:
    with pytest.raises(RenderError, match=f"'{expression}' is undefined"):
        render_instance(f"{{{{ {expression} }}}}")


@pytest.mark.rule("8.5-17")
@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("service_instance.components", "{}"),
        ("service_instance.components.default", "{}"),
        ("service_instance.components['default']", "{}"),
        ("service_instance.components.default.outputs", "{}"),
        ("service_instance.components.default.outputs | length", "0"),
        ("service_instance.components.default.outputs.Arn is defined", "False"),
        ("service_instance.components.default.outputs.Arn | default('none')", "none"),
        ("service_instance.components.default.name is defined", "False"),
        ("'default' in service_instance.components", "False"),
        ("service_instance | tojson", '{"components": {}, "inputs": {}, "name": "dev"}'),
    ],
)
def test_an_instance_without_a_component_has_an_empty_one(
    render_instance: Render, expression: str, expected: str
) -> None:
    assert render_instance(f"{{{{ {expression} }}}}") == expected


@pytest.mark.rule("8.5-5", "8.5-6", "8.5-9", "8.5-10")
@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("pipeline.inputs.command", "make"),
        ("service.name", "shop"),
        ("service.branch_name", "main"),
        ("service_instances | length", "2"),
        ("service_instances[0].name", "dev"),
        ("service_instances[1].inputs.port", "81"),
        ("service_instances[0].outputs.Endpoint", "http://dev"),
        ("service_instances[0].environment.account_id", "123456789012"),
        ("service_instances[0].environment.name", "prod"),
        ("service_instances[0].environment.outputs.TopicArn", "arn:aws:sns:eu:1:t"),
        ("service_instances | map(attribute='name') | join(',')", "dev,prod"),
    ],
)
def test_a_pipeline_sees(render_pipeline: Render, expression: str, expected: str) -> None:
    assert render_pipeline(f"{{{{ {expression} }}}}", {"command": "make"}) == expected


@pytest.mark.parametrize("expression", ["environment", "service_instance", "component"])
def test_a_pipeline_does_not_see(render_pipeline: Render, expression: str) -> None:
    with pytest.raises(RenderError, match=f"'{expression}' is undefined"):
        render_pipeline(f"{{{{ {expression} }}}}")


@pytest.mark.rule("8.5-1", "8.5-4", "8.5-5", "8.5-7", "8.5-11")
@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("component.name", "bucket"),
        ("environment.name", "prod"),
        ("environment.account_id", "123456789012"),
        ("environment.outputs.TopicArn", "arn:aws:sns:eu:1:t"),
        ("service.name", "shop"),
        ("service_instance.name", "dev"),
        ("service_instance.inputs.port", "80"),
    ],
)
def test_an_attached_component_sees(
    render_detachable: Render, expression: str, expected: str
) -> None:
    assert render_detachable(f"{{{{ {expression} }}}}", attached=True) == expected


@pytest.mark.rule("6.11-5")
@pytest.mark.parametrize("expression", ["service", "service_instance", "pipeline"])
def test_a_detached_component_does_not_see(render_detachable: Render, expression: str) -> None:
    with pytest.raises(RenderError, match=f"'{expression}' is undefined"):
        render_detachable(f"{{{{ {expression} }}}}", attached=False)


@pytest.mark.parametrize(
    "expression",
    ["service.repository_id", "service_instance.components", "environment.inputs"],
)
def test_an_attached_component_does_not_see(render_detachable: Render, expression: str) -> None:
    with pytest.raises(RenderError, match=f"'{expression}' is undefined"):
        render_detachable(f"{{{{ {expression} }}}}", attached=True)
