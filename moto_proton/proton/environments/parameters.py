"""The values for the infrastructure files of an environment, and what others see of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from moto_proton.bundle import Infrastructure
from moto_proton.proton.deployments.parameters import deployment_facts, with_defaults
from moto_proton.proton.templates.numbers import Version

if TYPE_CHECKING:
    from moto_proton import render
    from moto_proton.proton.environments.environment import Environment, EnvironmentState


def environment_parameters(
    environment: Environment, state: EnvironmentState, infrastructure: Infrastructure
) -> render.EnvironmentParameters:
    """The values for the files of an environment; raises InputError (Rule 8.5-3)."""
    from moto_proton import render

    schema = state.bundle.schema.environment_inputs if state.bundle is not None else None
    return render.EnvironmentParameters(
        name=environment.name,
        inputs=with_defaults(schema, state.spec.inputs),
        deployment=deployment_facts(
            environment, infrastructure, template_facts(environment.template_arn, state.version)
        ),
    )


def deployed_environment(environment: Environment) -> render.DeployedEnvironment:
    """An environment as the files of what runs in it see it."""
    from moto_proton import render

    return render.DeployedEnvironment(
        environment.name, environment.provisioned_in, dict(environment.outputs)
    )


def template_facts(template_arn: str, version: Version) -> dict[str, str]:
    """What generated files say about the template version."""
    return {
        "template_arn": template_arn,
        "template_major_version": str(version.major),
        "template_minor_version": str(version.minor),
    }
