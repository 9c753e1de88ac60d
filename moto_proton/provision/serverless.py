"""Templates of the Serverless Application Model, expanded as their transform does.

The transform itself is AWS's own: ``aws-sam-translator``, which takes most of a second to import
and knows boto3. It is kept from both account and network here: the region comes with the call, no
policy is looked up, and applications of the repository become the nested stacks they would be.
"""

from __future__ import annotations

import copy
import warnings
from dataclasses import dataclass
from threading import Lock
from typing import Any, Final

from moto_proton.provision.provisioner import ProvisioningError

_TRANSFORM: Final = "Transform AWS::Serverless-2016-10-31 failed with: "
_APPLICATION: Final = "AWS::Serverless::Application"
# The library keeps the region on a class.
_ONE_AT_A_TIME: Final = Lock()


@dataclass(frozen=True, slots=True)
class _Session:
    """All that the library asks of a boto3 session."""

    region_name: str


def expand(data: dict[str, Any], partition: str, region: str, account_id: str) -> dict[str, Any]:
    """The template without anything serverless; ``data`` is not changed.

    Raises ProvisioningError for what the transform refuses, or if the library is not installed.
    """
    try:
        with warnings.catch_warnings():
            # The library's own; a test that takes warnings for errors means its own code.
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

    template = _without_applications(copy.deepcopy(data))
    values = {"AWS::AccountId": account_id, "AWS::Partition": partition, "AWS::Region": region}
    with _ONE_AT_A_TIME, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        region_before = ArnGenerator.BOTO_SESSION_REGION_NAME
        try:
            policies = dict(get_bundled_managed_policy_map(partition) or {})
            to_py27_compatible_template(template, values)
            translator = Translator(policies, Parser(), boto_session=_Session(region))
            expanded: dict[str, Any] = undo_mark_unicode_str_in_template(
                translator.translate(
                    template, parameter_values=values, get_managed_policy_map=lambda: policies
                )
            )
            # To nobody; otherwise the library complains in the log that it never was.
            translator.metrics.publish()
        except InvalidDocumentException as error:
            causes = "".join(f" {cause.message}" for cause in error.causes)
            raise ProvisioningError(f"{_TRANSFORM}{error.message}{causes}") from None
        except Exception:
            # The library trips over templates that are not well-formed in ways it did not foresee.
            raise ProvisioningError(f"{_TRANSFORM}Internal transform failure.") from None
        finally:
            ArnGenerator.BOTO_SESSION_REGION_NAME = region_before
    expanded.pop("Globals", None)
    return expanded


def _without_applications(template: dict[str, Any]) -> dict[str, Any]:
    """Nested stacks in place of applications, of which the library would ask the network."""
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
