"""Code of the kind that moto_proton is for: it rolls a service out by editing its spec.

Nothing here knows of a mock; given a client of the real service it would do the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError


@dataclass(frozen=True)
class Rollout:
    """What a rollout did: instance names, or why it was refused."""

    added: list[str]
    deleted: list[str]
    kept: list[str]
    refused: str | None = None

    def __str__(self) -> str:
        if self.refused is not None:
            return f"refused: {self.refused}"
        parts = [("added", self.added), ("deleted", self.deleted), ("kept", self.kept)]
        return "\n".join(f"{what:8} {', '.join(names) or '-'}" for what, names in parts)


def roll_out(proton: Any, service: str, spec: str) -> Rollout:
    """Edit a service's spec and wait until Proton has added and deleted what follows from it."""
    before = _instances(proton, service)
    try:
        proton.update_service(name=service, spec=spec)
    except ClientError as error:
        return Rollout([], [], sorted(before), refused=error.response["Error"]["Message"])
    proton.get_waiter("service_updated").wait(name=service)
    after = _instances(proton, service)
    return Rollout(sorted(after - before), sorted(before - after), sorted(before & after))


def _instances(proton: Any, service: str) -> set[str]:
    pages = proton.get_paginator("list_service_instances").paginate(serviceName=service)
    return {instance["name"] for page in pages for instance in page["serviceInstances"]}
