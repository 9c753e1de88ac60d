"""One creation or update of a stack in moto's CloudFormation, and how it is rolled back.

This module decides what is created, changed and deleted in which order, and what happens on a
failure. ``provision`` reads, checks and evaluates templates, with what ``stack_surroundings`` knows
of moto; ``stack_resources`` deals with single resources. Sources: the CloudFormation user guide
(stack updates, rollback).

What an update no longer needs is deleted last, and what can't be deleted then stays behind, as in
CloudFormation. What moto can't update it deletes and creates again (choice).
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from moto_proton.bridge import stack_resources, stack_types
from moto_proton.bridge.stack_lifecycle import (
    KEPT,
    delete_all,
    record_event,
    take_out,
    withdraw_exports,
)
from moto_proton.bridge.stack_stand_ins import StandIns, is_made, refuse_what_is_not_made
from moto_proton.bridge.stack_surroundings import MotoResource, MotoSurroundings
from moto_proton.bridge.stack_types import Json, backend_of
from moto_proton.provision.expressions import evaluated
from moto_proton.provision.loading import load_template
from moto_proton.provision.provisioner import ProvisioningError, StackPlace
from moto_proton.provision.scope import NO_VALUE
from moto_proton.provision.template import Resource


@dataclass(slots=True)
class _Undo:
    """The action that undoes one step of an update."""

    logical_id: str
    json: Json | None = None
    resource: Any = None
    keep_resource: bool = False


class StackDeployment:
    """One creation or update of a stack; what is wrong with the template shows before it starts.

    ``strict`` is True when a resource that moto can't make is to fail it; ``stand_ins`` are those
    that were worked out instead.
    """

    def __init__(
        self, place: StackPlace, text: str, tags: Mapping[str, str], *, strict: bool
    ) -> None:
        self._place, self._text, self._tags = place, text, dict(tags)
        self._template = load_template(text, place)
        stack_resources.load_moto()
        self._backend = backend_of("cloudformation", place)
        self._scope = self._template.scope_at(place, MotoSurroundings())
        self._texts = texts = self._scope.parameters
        # moto: its models need numbers and booleans as they are in the template, not as text.
        self._scope.parameters = {
            name: parameter.declared["Default"] if texts[name] == parameter.default else texts[name]
            for name, parameter in self._template.parameters.items()
        }
        conditions = self._scope.conditions
        # In the order in which they are made.
        self._resources = {
            resource.logical_id: resource
            for resource in self._template.existing_resources(conditions)
        }
        self._strict = strict
        if strict:
            refuse_what_is_not_made(self._resources.values())
        self.stand_ins = StandIns(place)
        self._template.refuse_unresolved(conditions)
        # The resources whose names are made up here.
        self._named: set[str] = set()
        # Resources that updates have replaced or dropped, to be deleted at the end.
        self._obsolete: list[tuple[str, Any, Json]] = []
        self._undo: list[_Undo] = []

    def run(self) -> dict[str, str]:
        """Create or update the stack; its outputs. Raises :class:`ProvisioningError`."""
        stack = self._backend.stacks.get(self._place.arn)
        if stack is not None:
            return self._update(stack)
        # A copy: another thread may be making a stack with CloudFormation's own API.
        for other in list(self._backend.stacks.values()):
            if other.name == self._place.name:
                raise ProvisioningError(f"Stack [{self._place.name}] already exists")
        return self._create()

    # Creation

    def _create(self) -> dict[str, str]:
        stack = stack_resources.new_stack(self._place, self._tags, self._backend.exports)
        self._look_at(stack)
        self._backend.stacks[stack.stack_id] = stack
        record_event(stack, "CREATE_IN_PROGRESS", "User Initiated")
        try:
            for resource in self._present():
                self._create_or_work_out(stack, resource, self._json(resource, None))
            outputs = self._evaluate_outputs(stack)
            self.stand_ins.announce()
        except Exception as error:  # moto's models raise all kinds of exceptions
            record_event(stack, "CREATE_FAILED", str(error))
            record_event(stack, "ROLLBACK_IN_PROGRESS", str(error))
            if failures := delete_all(stack, self._place, rollback=True):
                record_event(stack, "ROLLBACK_FAILED", " ".join(failures.values()))
                raise ProvisioningError(
                    f"{error}; not rolled back: {' '.join(failures.values())}"
                ) from error
            record_event(stack, "ROLLBACK_COMPLETE")
            take_out(self._backend, stack)
            raise
        self._finish(stack, outputs)
        # Remove a deleted stack of the same id.
        self._backend.deleted_stacks.pop(stack.stack_id, None)
        record_event(stack, "CREATE_COMPLETE", self.stand_ins.words())
        return {name: output["Value"] for name, output in outputs.items()}

    def _create_or_work_out(self, stack: Any, resource: Resource, resource_json: Json) -> None:
        """Create a resource; work out one that moto refuses because what it needs does not
        exist.
        """
        try:
            self._create_resource(stack, resource.logical_id, resource_json)
        except ProvisioningError as error:
            if not self.stand_ins.are_needed_by(resource, self._scope.conditions):
                raise
            self.stand_ins.take(resource, self._scope, str(error))

    def _create_resource(self, stack: Any, logical_id: str, resource_json: Json) -> None:
        try:
            stack_resources.create(stack, self._place, logical_id, resource_json)
        except ProvisioningError:
            # A resource whose name we made up can only be ours.
            if logical_id in self._named:
                named = stack_types.name_property(resource_json["Type"])
                name = resource_json["Properties"][named]
                stack_resources.delete_remains(self._place, name, resource_json)
            raise

    # Update

    def _update(self, stack: Any) -> dict[str, str]:
        self._look_at(stack)
        before, tags = dict(stack.resource_map._resource_json_map), stack.tags
        record_event(stack, "UPDATE_IN_PROGRESS", "User Initiated")
        stack.tags = self._tags
        try:
            for resource in self._present():
                self._step(stack, resource, before.get(resource.logical_id))
            outputs = self._evaluate_outputs(stack)
            self.stand_ins.announce()
        except Exception as error:
            record_event(stack, "UPDATE_ROLLBACK_IN_PROGRESS", str(error))
            stack.tags = tags
            failures = self._roll_back(stack)
            self._reorder(stack, before)
            if failures:
                record_event(stack, "UPDATE_ROLLBACK_FAILED", " ".join(failures))
                raise ProvisioningError(
                    f"{error}; not rolled back: {' '.join(failures)}"
                ) from error
            record_event(stack, "UPDATE_ROLLBACK_COMPLETE")
            raise
        self._clean_up(stack, before)
        self._reorder(stack, self._resources)
        self._finish(stack, outputs)
        record_event(stack, "UPDATE_COMPLETE", self.stand_ins.words())
        return {name: output["Value"] for name, output in outputs.items()}

    def _step(self, stack: Any, declared: Resource, old: Json | None) -> None:
        logical_id, new = declared.logical_id, self._json(declared, old)
        resource = stack.resource_map._parsed_resources.get(logical_id)
        if old is None or resource is None:
            self._create_or_work_out(stack, declared, new)
            self._undo.append(_Undo(logical_id))
            return
        if _compared(old) == _compared(new):
            stack.resource_map._resource_json_map[logical_id] = new
            self._undo.append(_Undo(logical_id, old, resource, keep_resource=True))
            return
        is_kept = new.get("UpdateReplacePolicy") in KEPT and _is_another(old, new)
        if is_kept or old["Type"] != new["Type"] or self._is_replaced_first(new["Type"]):
            stack_resources.forget(stack, logical_id)
            self._undo.append(_Undo(logical_id, old, resource, keep_resource=True))
            self._create_resource(stack, logical_id, new)
            if not is_kept:
                self._obsolete.append((logical_id, resource, old))
            return
        self._undo.append(_Undo(logical_id, old, resource))
        self._change(stack, logical_id, resource, old, new)

    def _is_replaced_first(self, resource_type: str) -> bool:
        """Whether the new resource can and must be created before the old one is deleted."""
        return not stack_resources.can_update(resource_type) and not (
            stack_types.name_property(resource_type)
        )

    def _change(self, stack: Any, logical_id: str, resource: Any, old: Json, new: Json) -> None:
        """Update a resource as moto does; where moto can't, delete it and create it again."""
        if stack_resources.can_update(new["Type"]):
            try:
                stack_resources.update(stack, self._place, logical_id, new)
            except ProvisioningError:
                if not stack_types.name_property(new["Type"]):
                    raise
            else:
                return
        stack_resources.delete(stack, self._place, resource, old)
        stack_resources.forget(stack, logical_id)
        self._create_resource(stack, logical_id, new)

    def _roll_back(self, stack: Any) -> list[str]:
        failures: list[str] = []
        resources = stack.resource_map
        for undo in reversed(self._undo):
            current = resources._parsed_resources.get(undo.logical_id)
            current_json = resources._resource_json_map.get(undo.logical_id)
            try:
                if undo.json is None or undo.keep_resource:
                    if current is not None and current is not undo.resource:
                        stack_resources.delete(stack, self._place, current, current_json or {})
                    stack_resources.forget(stack, undo.logical_id)
                    if undo.json is not None:
                        resources._resource_json_map[undo.logical_id] = undo.json
                        resources._parsed_resources[undo.logical_id] = undo.resource
                elif current is None:
                    stack_resources.create(stack, self._place, undo.logical_id, undo.json)
                else:
                    self._change_back(stack, undo.logical_id, current, current_json, undo.json)
            except ProvisioningError as error:
                failures.append(str(error))
        return failures

    def _change_back(
        self, stack: Any, logical_id: str, current: Any, current_json: Json | None, old: Json
    ) -> None:
        try:
            self._change(stack, logical_id, current, current_json or old, old)
        except ProvisioningError:
            # moto may have deleted the old one before it failed to create the new one.
            stack_resources.forget(stack, logical_id)
            stack_resources.create(stack, self._place, logical_id, old)

    def _clean_up(self, stack: Any, before: Mapping[str, Json]) -> None:
        resources = stack.resource_map
        for logical_id in before:
            if logical_id not in self._resources or logical_id in self.stand_ins:
                resource = resources._parsed_resources.get(logical_id)
                stack_resources.forget(stack, logical_id)
                if resource is not None and before[logical_id].get("DeletionPolicy") not in KEPT:
                    self._obsolete.append((logical_id, resource, before[logical_id]))
        left = list(reversed(self._obsolete))
        while left:
            failed: list[tuple[str, Any, Json]] = []
            for logical_id, resource, resource_json in left:
                try:
                    stack_resources.delete(stack, self._place, resource, resource_json)
                except ProvisioningError:
                    failed.append((logical_id, resource, resource_json))
            if len(failed) == len(left):
                names = ", ".join(logical_id for logical_id, _, _ in failed)
                # CloudFormation: what can't be deleted no longer belongs to the stack.
                record_event(
                    stack, "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", f"Left behind: [{names}]"
                )
                return
            left = failed

    # Both

    def _look_at(self, stack: Any) -> None:
        """Make the references of the template resolve within this stack."""
        missing = None if self._strict else self.stand_ins.attribute_of
        for logical_id, resource in self._resources.items():
            self._scope.resources[logical_id] = MotoResource(
                logical_id, resource.type_name, stack, missing
            )

    def _present(self) -> Iterator[Resource]:
        """The resources that moto makes; the others are worked out when their turn comes."""
        for resource in self._resources.values():
            if is_made(resource):
                yield resource
            else:
                self.stand_ins.take(resource, self._scope)

    def _json(self, resource: Resource, old: Json | None) -> Json:
        """A resource as it is passed to moto: evaluated, named and tagged."""
        resource_type, logical_id = resource.type_name, resource.logical_id
        with stack_resources.errors_about(logical_id, resource_type):
            # moto: its models change their arguments, and the template is cached.
            properties = copy.deepcopy(dict(resource.properties_in(self._scope)))
            policies = {
                name: evaluated(value, self._scope) for name, value in resource.policies.items()
            }
        named = stack_types.name_property(resource_type)
        if named and named not in properties:
            self._named.add(logical_id)
            same = old is not None and old["Type"] == resource_type
            properties[named] = (
                old["Properties"][named]
                if same and old is not None and named in old["Properties"]
                else stack_types.physical_name(
                    resource_type, self._place.name, logical_id, properties
                )
            )
        with stack_resources.errors_about(logical_id, resource_type):
            properties = stack_types.for_moto(resource_type, properties, self._tags)
        return {
            "Type": resource_type,
            "Properties": properties,
            **{name: value for name, value in policies.items() if value is not NO_VALUE},
        }

    def _evaluate_outputs(self, stack: Any) -> dict[str, Json]:
        """The outputs with their final values as text, so that moto evaluates nothing in them."""
        outputs: dict[str, Json] = {}
        for declared in self._template.existing_outputs(self._scope.conditions):
            try:
                output: Json = {"Value": declared.text(self._scope)}
                exported = declared.export_name(self._scope)
            except ProvisioningError as error:
                raise ProvisioningError(f"Output {declared.name}: {error}") from error
            if declared.description is not None:
                output["Description"] = declared.description
            if exported is not None:
                other = self._backend.exports.get(exported)
                if other is not None and other.exporting_stack_id != stack.stack_id:
                    raise ProvisioningError(
                        f"Export with name {exported} is already exported by stack "
                        f"{other.exporting_stack_id}"
                    )
                output["Export"] = {"Name": exported}
            outputs[declared.name] = output
        return outputs

    def _finish(self, stack: Any, outputs: dict[str, Json]) -> None:
        """Update what moto's CloudFormation shows of the stack."""
        from moto.cloudformation.parsing import OutputMap

        resources = stack.resource_map
        slots = {
            name: copy.deepcopy(dict(parameter.declared))
            for name, parameter in self._template.parameters.items()
        }
        stack.template = self._text
        stack.description = self._template.description
        # Already evaluated, since moto would evaluate it anew each time it shows it.
        stack.template_dict = {
            "Description": stack.description,
            "Parameters": slots,
            "Resources": resources._resource_json_map,
            "Outputs": outputs,
        }
        resources._template = stack.template_dict
        resources.resolved_parameters = {
            name: ",".join(value) if isinstance(value, list) else value
            for name, value in self._texts.items()
        }
        resources.no_echo_parameter_keys = [
            name for name, slot in slots.items() if str(slot.get("NoEcho")).lower() == "true"
        ]
        stack.tags = self._tags
        withdraw_exports(self._backend, stack)
        stack.output_map = OutputMap(resources, stack.template_dict, stack.stack_id)
        for export in stack.exports:
            self._backend.exports[export.name] = export

    @staticmethod
    def _reorder(stack: Any, order: Mapping[str, Any]) -> None:
        resources = stack.resource_map._resource_json_map
        ordered = {name: resources[name] for name in order if name in resources}
        ordered.update(resources)
        resources.clear()
        resources.update(ordered)


def _is_another(old: Json, new: Json) -> bool:
    """Whether CloudFormation certainly replaces a resource, because its type or its name has
    changed.

    That moto can't update a resource does not mean that CloudFormation replaces it.
    """
    if old["Type"] != new["Type"]:
        return True
    named = stack_types.name_property(new["Type"])
    return bool(named) and old["Properties"].get(named) != new["Properties"].get(named)


def _compared(resource_json: Json) -> Json:
    return {key: resource_json[key] for key in ("Type", "Properties")}
