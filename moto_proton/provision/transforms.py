"""Applies the transforms of a CloudFormation template.

The serverless one is expanded in :mod:`~moto_proton.provision.serverless`, which is imported for
templates that need it. Macros of an account are not supported.

Source: the CloudFormation user guide (Transform).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from moto_proton.provision.provisioner import ProvisioningError
from moto_proton.provision.template import check_number

SERVERLESS: Final = "AWS::Serverless-2016-10-31"
LANGUAGE_EXTENSIONS: Final = "AWS::LanguageExtensions"
# Transforms that do not change the outputs of a stack, or whose functions are supported anyway.
_HARMLESS_TRANSFORMS: Final = frozenset(
    {
        "AWS::CodeDeployBlueGreen",
        LANGUAGE_EXTENSIONS,
        "AWS::SecretsManager-2020-07-23",
        "AWS::SecretsManager-2024-09-16",
    }
)
_LOOP: Final = "Fn::ForEach::"


def transformed(
    data: dict[str, Any], partition: str, region: str, account_id: str
) -> dict[str, Any]:
    """The template after its transforms; ``data`` is not changed.

    ProvisioningError for an unknown transform, or one that refuses the template.
    """
    names = _transforms(data)
    if LANGUAGE_EXTENSIONS in names:
        _refuse_loops(data)
    if SERVERLESS not in names:
        return data
    resources = data.get("Resources")
    if isinstance(resources, dict) and any(map(_is_serverless, resources.values())):
        from moto_proton.provision.serverless import expand, least_resources

        check_number("Resources", least_resources(data))
        return expand(data, partition, region, account_id)
    # Choice: nothing to expand, so the library is not needed.
    return {name: section for name, section in data.items() if name != "Globals"}


def _refuse_loops(data: Any) -> None:
    """Choice: of this transform only the functions are supported, not the loops."""
    left = [data]
    while left:
        value = left.pop()
        if isinstance(value, dict):
            for name in value:
                if name.startswith(_LOOP):
                    raise ProvisioningError(
                        f"Transform {LANGUAGE_EXTENSIONS} failed with: loops are not expanded "
                        f"here, and {name[:255]} is one."
                    )
            left += value.values()
        elif isinstance(value, list):
            left += value


def _is_serverless(resource: Any) -> bool:
    return isinstance(resource, dict) and str(resource.get("Type")).startswith("AWS::Serverless::")


def _transforms(data: Mapping[str, Any]) -> Sequence[str]:
    given = data.get("Transform", [])
    names = given if isinstance(given, list) else [given]
    found = []
    for transform in names:
        name = transform.get("Name") if isinstance(transform, dict) else transform
        if not isinstance(name, str):
            raise ProvisioningError("Template format error: every Transform must have a Name")
        if name == "AWS::Include":
            raise ProvisioningError(
                "Transform AWS::Include failed with: nothing is read from S3 here."
            )
        if name != SERVERLESS and name not in _HARMLESS_TRANSFORMS:
            raise ProvisioningError(f"No transform named {name[:255]} found.")
        found.append(name)
    return found
