"""GetResourcesSummary: how many resources there are, and how many are up to date, behind or failed.

Rules: section 6.15 of docs/behaviour.md.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from moto_proton.proton.components.components import Components
from moto_proton.proton.deployments.status import DeploymentStatus
from moto_proton.proton.environments.environments import Environments
from moto_proton.proton.services.instance_list import staleness
from moto_proton.proton.services.runner import ServiceRunner
from moto_proton.proton.services.service import Service
from moto_proton.proton.services.services import Services
from moto_proton.proton.templates.environment_templates import EnvironmentTemplates
from moto_proton.proton.templates.numbers import Version
from moto_proton.proton.templates.service_templates import ServiceTemplates

_FAILED = frozenset({DeploymentStatus.FAILED, DeploymentStatus.DELETE_FAILED})
_WORST_FIRST = ("BEHIND_MAJOR", "BEHIND_MINOR", "UP_TO_DATE")


def resources_summary(
    environment_templates: EnvironmentTemplates,
    service_templates: ServiceTemplates,
    environments: Environments,
    all_services: Services,
    all_components: Components,
) -> dict[str, dict[str, int]]:
    """The counts by kind of resource, members in snake case (Rules 6.15-1 to 6.15-5)."""
    services = list(all_services)
    best = {
        name: service_templates.recommended(name) for name in {s.template_name for s in services}
    }
    instances = [instance for service in services for instance in service.instances.values()]
    pipelines = [service.pipeline for service in services if service.pipeline is not None]
    components = list(all_components)
    return {
        "components": {
            "total": len(components),
            "failed": sum(component.deployment_status in _FAILED for component in components),
        },
        "environment_templates": {"total": len(environment_templates)},
        # The operation's text mentions staleness here, but the shape has only a total: the shape
        # decides.
        "environments": {"total": len(list(environments))},
        "pipelines": _runner_counts(pipelines, best),
        "service_instances": _runner_counts(instances, best),
        "service_templates": {"total": len(service_templates)},
        "services": {
            "total": len(services),
            "failed": sum(_has_failed(service) for service in services),
            **_staleness_counts(_worst(service, best) for service in services),
        },
    }


def _runner_counts(
    runners: Iterable[ServiceRunner], best: dict[str, Version | None]
) -> dict[str, int]:
    runners = list(runners)
    return {
        "total": len(runners),
        "failed": sum(runner.deployment_status in _FAILED for runner in runners),
        **_staleness_counts(_staleness(runner, best) for runner in runners),
    }


def _staleness_counts(classes: Iterable[str | None]) -> dict[str, int]:
    # Rule 6.15-7.
    counts = Counter(classes)
    return {
        "up_to_date": counts["UP_TO_DATE"],
        "behind_major": counts["BEHIND_MAJOR"],
        "behind_minor": counts["BEHIND_MINOR"],
    }


def _staleness(runner: ServiceRunner, best: dict[str, Version | None]) -> str | None:
    """None for what was never deployed: it counts in the total, and among the failed.

    Rules 6.15-6 and 6.15-10.
    """
    version = best[runner.template_name]
    if runner.deployed is None or version is None:
        return None
    return staleness(runner.deployed.version, version)


def _worst(service: Service, best: dict[str, Version | None]) -> str | None:
    # Rule 6.15-9.
    classes = {_staleness(runner, best) for runner in service.runners}
    return next((name for name in _WORST_FIRST if name in classes), None)


def _has_failed(service: Service) -> bool:
    # Rule 6.15-8.
    status = service.status.value
    return "FAILED" in status and not status.endswith("IN_PROGRESS")
