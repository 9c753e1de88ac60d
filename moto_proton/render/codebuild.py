"""What a CodeBuild job gets: the input file, its commands, and the properties of its project.

Rules: section 8.2 of docs/behaviour.md, and Rules 8.5-14 and 15-6.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final, TypeVar

from moto_proton.render import hcl, terraform
from moto_proton.render.errors import RenderError

JSON_FILE: Final = "proton-inputs.json"
# The guide says that it is a tfvars file; the rest of the name is Terraform's.
HCL_FILE: Final = "proton.auto.tfvars"

Evaluate = Callable[[str, str], Any]
Render = Callable[[str, str], str]
T = TypeVar("T")


def input_file(namespace: Mapping[str, Any], *, as_hcl: bool) -> dict[str, str]:
    """The input file that the job's commands read: its name and its text."""
    if as_hcl:
        lines = [f"{name} = {hcl.expression(value)}\n" for name, value in namespace.items()]
        return {HCL_FILE: "\n".join(lines)}
    return {JSON_FILE: terraform.as_json(namespace)}


def rendered_commands(
    commands: tuple[str, ...], key: str, file: str, render: Render
) -> tuple[str, ...]:
    """The manifest's ``provision`` or ``deprovision`` commands, rendered as the job runs them.

    Raises RenderError, which names the command.
    """
    return tuple(
        _told(f"{key}[{index}]", file, command, render) if "{" in command else command
        for index, command in enumerate(commands)
    )


def rendered_properties(
    properties: Mapping[str, Any], key: str, file: str, evaluate: Evaluate
) -> Mapping[str, Any]:
    """A mapping of the manifest, its ``project_properties`` or variables, each string rendered.

    A string that is a single expression becomes the value of that expression, so that it can be a
    list: the guide's example passes subnets like this. Raises RenderError, which names the
    property.
    """
    rendered = {
        name: _rendered(value, f"{key}.{name}", file, evaluate)
        for name, value in properties.items()
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
    return _told(path, file, value, evaluate)


def _told(path: str, file: str, source: str, render: Callable[[str, str], T]) -> T:
    """A text of the manifest, rendered; an error names the text's place in the manifest."""
    try:
        return render(file, source)
    except RenderError as error:
        # The error's line counts within the string, not within the manifest.
        raise RenderError(file, f"{path}: {error.message}") from None
