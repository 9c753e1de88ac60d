"""The deletion of stacks in moto's CloudFormation, and the events of stacks."""

from __future__ import annotations

from typing import Any, Final

from moto_proton.bridge import stack_resources
from moto_proton.provision.provisioner import ProvisioningError, StackPlace

KEPT: Final = ("Retain", "RetainExceptOnCreate")


def delete_all(stack: Any, place: StackPlace, *, rollback: bool = False) -> dict[str, str]:
    """Delete a stack's resources, dependents first. Returns, by logical id, why some could not be
    deleted.

    A ``rollback`` ignores DeletionPolicy, as the names would be taken the next time otherwise
    (choice; CloudFormation retains such resources).
    """
    resources = stack.resource_map
    kept = () if rollback else KEPT
    left = list(reversed(resources._resource_json_map.items()))
    while left:
        failures: dict[str, str] = {}
        remaining = []
        for logical_id, resource_json in left:
            resource = resources._parsed_resources.get(logical_id)
            try:
                if resource is not None and resource_json.get("DeletionPolicy") not in kept:
                    stack_resources.delete(stack, place, resource, resource_json)
            except ProvisioningError as error:
                failures[logical_id] = str(error)
                remaining.append((logical_id, resource_json))
            else:
                stack_resources.forget(stack, logical_id)
        if len(remaining) == len(left):
            return failures
        left = remaining
    return {}


def take_out(backend: Any, stack: Any) -> None:
    """Move a stack to moto's deleted ones, where it can be described by its id only."""
    withdraw_exports(backend, stack)
    backend.stacks.pop(stack.stack_id, None)
    backend.deleted_stacks[stack.stack_id] = stack
    record_event(stack, "DELETE_COMPLETE")


def withdraw_exports(backend: Any, stack: Any) -> None:
    """Remove the exports of a stack."""
    for name, export in list(backend.exports.items()):
        if export.exporting_stack_id == stack.stack_id:
            del backend.exports[name]


def record_event(stack: Any, status: str, why: str | None = None) -> None:
    """Set a stack's status and record the event for it."""
    stack.status = status.removesuffix("_CLEANUP_IN_PROGRESS")
    stack._add_stack_event(status, resource_status_reason=why)
