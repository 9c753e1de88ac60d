"""What a CodeBuild job gets: the input file, and the properties of its project.

Rules: section 8.2 of docs/behaviour.md, and Rule 8.5-14.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from moto_proton.render import hcl, terraform
from moto_proton.render.errors import RenderError

JSON_FILE: Final = "proton-inputs.json"
# The guide says that it is a tfvars file; the rest of the name is Terraform's.
HCL_FILE: Final = "proton.auto.tfvars"

Evaluate = Callable[[str, str], Any]


def input_file(namespace: Mapping[str, Any], *, as_hcl: bool) -> dict[str, str]:
    """The parameters as the file that the job's commands read, by its name."""
    if as_hcl:
        lines = [f"{name} = {hcl.expression(value)}\n" for name, value in namespace.items()]
        return {HCL_FILE: "\n".join(lines)}
    return {JSON_FILE: terraform.as_json(namespace)}


def rendered_properties(
    properties: Mapping[str, Any], file: str, evaluate: Evaluate
) -> Mapping[str, Any]:
    """The manifest's ``project_properties`` with each string rendered.

    A string that is one expression becomes that expression's value, as lists are inputs too: the
    guide's example puts subnets so. Raises RenderError, which names the property.
    """
    rendered = {
        key: _rendered(value, f"project_properties.{key}", file, evaluate)
        for key, value in properties.items()
    }
    return MappingProxyType(rendered)


def _rendered(value: Any, path: str, file: str, evaluate: Evaluate) -> Any:
    if isinstance(value, Mapping):
        return {
            key: _rendered(item, f"{path}.{key}", file, evaluate) for key, item in value.items()
        }
    if isinstance(value, (tuple, list)):
        return [
            _rendered(item, f"{path}[{index}]", file, evaluate) for index, item in enumerate(value)
        ]
    if not isinstance(value, str) or "{" not in value:
        return value
    try:
        return evaluate(file, value)
    except RenderError as error:
        # The line would be one of the string, not of the manifest.
        raise RenderError(file, f"{path}: {error.message}") from None
