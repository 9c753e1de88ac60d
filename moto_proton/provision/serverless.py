"""Templates of the Serverless Application Model, expanded as their transform does.

The transform itself is AWS's own: ``aws-sam-translator``, which takes most of a second to import
and knows boto3. Here it uses neither an account nor the network: the region comes with the call, no
policy is looked up, and applications of the repository become nested stacks.

Choice: a template that the library would need too long for is refused before it starts. The library
copies the whole definition of an API for each event that adds a path to it.
"""

from __future__ import annotations

import copy
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from moto_proton.forking import ForkSafeLock
from moto_proton.provision.provisioner import ProvisioningError

_TRANSFORM: Final = "Transform AWS::Serverless-2016-10-31 failed with: "
_APPLICATION: Final = "AWS::Serverless::Application"
_API_EVENTS: Final = frozenset({"Api", "HttpApi"})
_API_TYPES: Final = frozenset({"AWS::Serverless::Api", "AWS::Serverless::HttpApi"})
# Values of API definitions that may be copied: a few seconds for the library. Each event adds a
# path of a dozen values, and the library goes through the template's own definition this many
# times.
_MAX_COPIED: Final = 500_000
_VALUES_OF_PATH: Final = 12
_TIMES_GONE_THROUGH: Final = 25
# The library keeps the region on a class.
_ONE_AT_A_TIME: Final = ForkSafeLock()


@dataclass(frozen=True, slots=True)
class _Session:
    """The part of a boto3 session that the library uses."""

    region_name: str


def expand(data: dict[str, Any], partition: str, region: str, account_id: str) -> dict[str, Any]:
    """The template with its serverless resources expanded; ``data`` is not changed.

    Raises ProvisioningError for what the transform refuses, or if the library is not installed.
    """
    try:
        with warnings.catch_warnings():
            # The warnings are about the library's own code, and must not fail a test that turns
            # warnings into errors.
            warnings.simplefilter("ignore")
            from samtranslator.internal.managed_policies import get_bundled_managed_policy_map
            from samtranslator.model.exceptions import InvalidDocumentException
            from samtranslator.parser.parser import Parser
            from samtranslator.translator.arn_generator import ArnGenerator
            from samtranslator.translator.translator import Translator
            from samtranslator.utils.py27hash_fix import (
                to_py27_compatible_template,
                undo_mark_unicode_str_in_template,
            )
    except ImportError:
        raise ProvisioningError(
            f"{_TRANSFORM}the package aws-sam-translator is not installed."
        ) from None

    _check_apis(data)
    template = _without_applications(copy.deepcopy(data))
    values = {"AWS::AccountId": account_id, "AWS::Partition": partition, "AWS::Region": region}
    with _ONE_AT_A_TIME, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        region_before = ArnGenerator.BOTO_SESSION_REGION_NAME
        translator = None
        try:
            policies = dict(get_bundled_managed_policy_map(partition) or {})
            to_py27_compatible_template(template, values)
            translator = Translator(policies, Parser(), boto_session=_Session(region))
            expanded: dict[str, Any] = undo_mark_unicode_str_in_template(
                translator.translate(
                    template, parameter_values=values, get_managed_policy_map=lambda: policies
                )
            )
        except InvalidDocumentException as error:
            causes = "".join(f" {cause.message}" for cause in error.causes)
            raise ProvisioningError(f"{_TRANSFORM}{error.message}{causes}") from None
        except Exception:
            # The library fails with all kinds of exceptions on malformed templates.
            raise ProvisioningError(f"{_TRANSFORM}Internal transform failure.") from None
        finally:
            if translator is not None:
                # A metrics sink that does nothing; without one the library logs a complaint.
                translator.metrics.publish()
            ArnGenerator.BOTO_SESSION_REGION_NAME = region_before
    expanded.pop("Globals", None)
    return expanded


def least_resources(data: Mapping[str, Any]) -> int:
    """The least number of resources of the expanded template.

    Each event of a function makes one or more, and each destination of a connector does.
    """
    number = 0
    for resource, properties in _resources(data):
        connectors = _mapping(resource.get("Connectors")).values()
        linked = [properties, *(_mapping(_mapping(each).get("Properties")) for each in connectors)]
        destinations = (each.get("Destination") for each in linked)
        number += 1 + len(_mapping(properties.get("Events")))
        number += sum(len(each) for each in destinations if isinstance(each, list))
    return number


def _check_apis(data: Mapping[str, Any]) -> None:
    events = values = 0
    for resource, properties in _resources(data):
        if _type(resource) in _API_TYPES:
            values += _number_of_values(properties.get("DefinitionBody"))
        for event in _mapping(properties.get("Events")).values():
            events += _type(_mapping(event)) in _API_EVENTS
    copied = events * (_VALUES_OF_PATH * events + values) + _TIMES_GONE_THROUGH * values
    if copied > _MAX_COPIED:
        raise ProvisioningError(
            f"{_TRANSFORM}its APIs are too large to be expanded here, with {events} events and "
            f"definitions of {values} values."
        )


def _resources(data: Mapping[str, Any]) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    """Each resource with its properties, empty for what is malformed."""
    for resource in _mapping(data.get("Resources")).values():
        yield _mapping(resource), _mapping(_mapping(resource).get("Properties"))


def _type(value: Mapping[str, Any]) -> str:
    """The type of a resource; empty if it is not text, which the library will refuse."""
    name = value.get("Type")
    return name if isinstance(name, str) else ""


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _number_of_values(value: Any) -> int:
    """The number of values in a value, which is no deeper than a template may be."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        return 1 + sum(map(_number_of_values, value))
    return 1


def _without_applications(template: dict[str, Any]) -> dict[str, Any]:
    """The template with nested stacks in place of applications, which the library would look up in
    the network.
    """
    resources = template.get("Resources")
    for resource in resources.values() if isinstance(resources, dict) else ():
        if isinstance(resource, dict) and resource.get("Type") == _APPLICATION:
            properties = resource.get("Properties")
            given = properties if isinstance(properties, dict) else {}
            resource["Type"] = "AWS::CloudFormation::Stack"
            resource["Properties"] = {
                name: given[name] for name in ("Parameters", "Tags") if name in given
            }
    return template
