"""The invariants of everything that can be seen, whatever calls were made.

The steps of the statuses are the tables of the machines themselves.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Set
from typing import Any, Final

import yaml

from moto_proton.proton.account.status_machine import StatusMachine
from moto_proton.proton.connections.connection import CONNECTION
from moto_proton.proton.deployments.status import DEPLOYMENT
from moto_proton.proton.services.status import SERVICE
from moto_proton.proton.templates.status import TEMPLATE_VERSION
from tests.properties.calls import OWN
from tests.properties.looking import Seen, of_kind

PREFIX: Final = f"arn:aws:proton:us-east-1:{OWN}:"

BUSY = {"IN_PROGRESS", "DELETE_IN_PROGRESS", "CANCELLING"}


def reachable(machine: StatusMachine[Any]) -> dict[str, set[str]]:
    """What can follow after any number of steps; a status is followed by itself."""
    steps = {
        status.value: {each.value for each in following}
        for status, following in machine.follows.items()
    }
    closed = {status: {status, *following} for status, following in steps.items()}
    for _ in steps:
        for following in closed.values():
            following |= set().union(*(closed[each] for each in following))
    return closed


REACHABLE = {
    "deployment": reachable(DEPLOYMENT),
    "service": reachable(SERVICE),
    "connection": reachable(CONNECTION),
    "version": reachable(TEMPLATE_VERSION),
}


def check_references(seen: Seen) -> None:
    for instance in of_kind(seen, "service-instance").values():
        assert f"{PREFIX}service/{instance['serviceName']}" in seen
        assert f"{PREFIX}environment/{instance['environmentName']}" in seen
    for kind, noun in (("environment", "environment"), ("service", "service")):
        for resource in of_kind(seen, kind).values():
            template = f"{PREFIX}{noun}-template/{resource['templateName']}"
            assert template in seen
    for noun in ("environment", "service-instance"):
        for resource in of_kind(seen, noun).values():
            if "templateMinorVersion" in resource:
                version = f"{resource['templateMajorVersion']}.{resource['templateMinorVersion']}"
                kind = noun.removesuffix("-instance")
                assert f"{PREFIX}{kind}-template/{resource['templateName']}:{version}" in seen
    for component in of_kind(seen, "component").values():
        assert f"{PREFIX}environment/{component['environmentName']}" in seen
        if "serviceName" in component:
            path = f"{component['serviceName']}/service-instance/{component['serviceInstanceName']}"
            instance = seen[f"{PREFIX}service/{path}"]
            assert instance["environmentName"] == component["environmentName"]
    for key, config in seen.items():
        if key.startswith("sync of"):
            repository = f"{config['repositoryProvider'].lower()}:{config['repositoryName']}"
            assert f"{PREFIX}repository/{repository}" in seen
            assert PREFIX + followed_by(config) in seen
    through = seen["settings"].get("pipelineProvisioningRepository")
    assert through is None or through["arn"] in seen


def check_deployments(seen: Seen, deleted: set[str]) -> None:
    for key, resource in seen.items():
        pipeline = resource.get("pipeline") if isinstance(resource, dict) else None
        for each in (resource, pipeline):
            if not isinstance(each, dict) or ":deployment/" in key:
                continue
            for member in ("lastAttemptedDeploymentId", "lastSucceededDeploymentId"):
                made = each.get(member)
                if made is not None and made not in deleted:
                    record = seen[f"{PREFIX}deployment/{made}"]
                    assert record["targetArn"] == each["arn"]


def check_instances(seen: Seen) -> None:
    """The spec of a service at rest names all its instances, but for those stuck in deletion."""
    found: dict[str, dict[str, str]] = {}
    for instance in of_kind(seen, "service-instance").values():
        names = found.setdefault(instance["serviceName"], {})
        names[instance["name"]] = instance["deploymentStatus"]
    for service in of_kind(seen, "service").values():
        if service["status"] == "ACTIVE" or service["status"].startswith("UPDATE"):
            spec = yaml.safe_load(service["spec"])["instances"]
            named = [entry["name"] for entry in spec]
            assert len(named) == len(set(named))
            statuses = found.get(service["name"], {})
            if not service["status"].endswith("IN_PROGRESS"):
                assert set(named) <= statuses.keys()
                stuck = {statuses[name] for name in statuses.keys() - set(named)}
                assert stuck <= {"DELETE_FAILED"}
            for entry in spec:
                arn = f"{PREFIX}service/{service['name']}/service-instance/{entry['name']}"
                if arn in seen and not service["status"].endswith("IN_PROGRESS"):
                    assert seen[arn]["environmentName"] == entry["environment"]


def check_counts(seen: Seen) -> None:
    counts = seen["counts"]
    pipelines = sum("pipeline" in each for each in of_kind(seen, "service").values())
    totals = {
        "environmentTemplates": len(of_kind(seen, "environment-template")),
        "serviceTemplates": len(of_kind(seen, "service-template")),
        "environments": len(of_kind(seen, "environment")),
        "services": len(of_kind(seen, "service")),
        "serviceInstances": len(of_kind(seen, "service-instance")),
        "components": len(of_kind(seen, "component")),
        "pipelines": pipelines,
    }
    assert {kind: counts[kind]["total"] for kind in totals} == totals
    failed = Counter(
        each["deploymentStatus"].endswith("FAILED")
        for each in of_kind(seen, "service-instance").values()
    )
    assert counts["serviceInstances"].get("failed", 0) == failed[True]
    for of in counts.values():
        parts = [of.get(part, 0) for part in ("upToDate", "behindMajor", "behindMinor")]
        assert sum(parts) <= of["total"]


def check_steps(before: Seen, after: Seen) -> None:
    for arn in before.keys() & after.keys():
        old, new = before[arn], after[arn]
        if not isinstance(old, dict) or not isinstance(new, dict):
            continue
        if old.get("createdAt") != new.get("createdAt"):
            continue  # another of the same name
        for member, kind in (("deploymentStatus", "deployment"), ("status", "service")):
            if member in old and member in new:
                if "requestedAt" in old:
                    kind = "connection"
                elif "-template/" in arn:
                    kind = "version"
                elif member == "status" and "pipeline" not in old and ":service/" not in arn:
                    continue
                assert new[member] in REACHABLE[kind][old[member]], (arn, old[member], new[member])


def check_syncs(seen: Seen) -> None:
    """What follows a repository is what has a config, and only what is there is in the way."""
    followed = Counter(
        (definition["parent"], definition["target"], definition["branch"])
        for key, definitions in seen.items()
        if key.startswith("definitions for ")
        for definition in definitions
    )
    configured = Counter(
        (
            f"{PREFIX}repository/{config['repositoryProvider'].lower()}:{config['repositoryName']}",
            PREFIX + followed_by(config),
            config["branch"],
        )
        for key, config in seen.items()
        if key.startswith("sync of ")
    )
    assert followed == configured
    blockers = [
        blocker
        for key, summary in seen.items()
        if key.startswith("blockers of ")
        for blocker in summary["latestBlockers"]
    ]
    assert {blocker["status"] for blocker in blockers} <= {"ACTIVE"}
    assert len({blocker["id"] for blocker in blockers}) == len(blockers)


def followed_by(config: Mapping[str, str]) -> str:
    """What a sync config is for, as in its ARN."""
    if "serviceName" in config:
        return f"service/{config['serviceName']}"
    return f"{config['templateType'].lower()}-template/{config['templateName']}"


def check_made(seen: Seen) -> None:
    """Each output is listed once, and so is each provisioned resource."""
    for key, listed in seen.items():
        if key.startswith(("outputs of ", "provisioned_resources of ")):
            names = [each.get("key", each.get("identifier")) for each in listed]
            assert len(set(names)) == len(names), (key, names)


def check_rest(seen: Seen, waiting: Set[str]) -> None:
    """Without anything held nothing is busy, but for what waits for notifications."""
    for arn, resource in seen.items():
        if isinstance(resource, dict) and arn.startswith("arn:"):
            of = resource.get("targetArn", arn)
            if any(of == each or of.startswith(f"{each}/") for each in waiting):
                continue
            status = resource.get("deploymentStatus", "")
            assert status not in BUSY, (arn, status)
            if ":service/" in arn and "status" in resource:
                assert not resource["status"].endswith("IN_PROGRESS"), (arn, resource["status"])


def check(
    before: Seen, after: Seen, *, deleted: set[str], at_rest: bool, waiting: Set[str]
) -> None:
    """All of it. ``deleted`` are records of deployments; ``at_rest`` says that nothing is held.

    ``waiting`` are ARNs of services with a self-managed pipeline.
    """
    check_references(after)
    check_deployments(after, deleted)
    check_instances(after)
    check_counts(after)
    check_syncs(after)
    check_made(after)
    check_steps(before, after)
    if at_rest:
        check_rest(after, waiting)
