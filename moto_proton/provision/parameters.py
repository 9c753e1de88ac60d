"""The parameters of a template: Proton passes none, so that each has its default.

Source: the CloudFormation user guide (Parameters) and API errors as users have reported them.
``AllowedPattern`` is not checked, because matching a pattern can take forever (choice).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from moto_proton.provision.provisioner import ProvisioningError, StackPlace
from moto_proton.provision.surroundings import Surroundings

MAX_CHARACTERS: Final = 4096
_SSM_VALUE: Final = "AWS::SSM::Parameter::Value<"


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter: its type, and its default as text, None without one.

    ``declared`` is the declaration in the template.
    """

    name: str
    type_name: str
    default: str | None
    declared: Mapping[str, Any]

    def value(self, place: StackPlace, surroundings: Surroundings) -> str | list[str]:
        """Its value in a stack. The parameter must have a default.

        Raises ProvisioningError if that names a parameter of SSM which is not there.
        """
        text, type_name = self.default or "", self.type_name
        if type_name.startswith(_SSM_VALUE):
            type_name = type_name[len(_SSM_VALUE) : -1]
            text = surroundings.ssm_parameter(place, text, type_name)
        if type_name == "CommaDelimitedList" or type_name.startswith("List<"):
            return [item.strip() for item in text.split(",")] if text else []
        return text


def read_parameters(section: Mapping[str, Any]) -> Mapping[str, Parameter]:
    """The parameters by name. ProvisioningError for one whose default it does not admit."""
    return {name: _parameter(name, value) for name, value in section.items()}


def check_values(parameters: Mapping[str, Parameter]) -> None:
    """Refuse parameters without a value, as CloudFormation does."""
    missing = [parameter.name for parameter in parameters.values() if parameter.default is None]
    if missing:
        raise ProvisioningError(f"Parameters: [{', '.join(missing)}] must have values")


def _parameter(name: str, value: Any) -> Parameter:
    if not name.isascii() or not name.isalnum() or len(name) > 255:
        raise ProvisioningError(
            f"Template format error: Parameter name {name[:255]} is non alphanumeric."
        )
    if not isinstance(value, dict):
        raise ProvisioningError("Template format error: Every Parameters member must be an object.")
    type_name = value.get("Type")
    if not isinstance(type_name, str):
        raise ProvisioningError(
            "Template format error: Every Parameters object must contain a Type member."
        )
    if not (
        type_name in ("String", "Number", "CommaDelimitedList", "List<Number>")
        or type_name.startswith(("AWS::", "List<AWS::"))
    ):
        raise ProvisioningError(
            f"Template format error: Unrecognized parameter type: {type_name[:255]}"
        )
    default = value.get("Default")
    if default is None:
        return Parameter(name, type_name, None, value)
    text = _as_text(default)
    if text is None:
        raise ProvisioningError("Template format error: Every Default member must be a string.")
    if len(text) > MAX_CHARACTERS:
        raise ProvisioningError(
            f"Parameter '{name}' must be at most {MAX_CHARACTERS} characters long"
        )
    _check_default(name, type_name, text, value)
    return Parameter(name, type_name, text, value)


def _as_text(value: Any) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, (str, int, float)) else None


def _check_default(name: str, type_name: str, text: str, value: Mapping[str, Any]) -> None:
    allowed = value.get("AllowedValues")
    if isinstance(allowed, list):
        values = [text] if "List" not in type_name else [item.strip() for item in text.split(",")]
        if not {_as_text(item) for item in allowed}.issuperset(values):
            raise ProvisioningError(f"Parameter '{name}' must be one of AllowedValues")
    if type_name == "Number":
        number = _number(text)
        if number is None:
            raise ProvisioningError(f"Parameter '{name}' must be a number")
        least, most = _number(value.get("MinValue")), _number(value.get("MaxValue"))
        if least is not None and number < least:
            raise ProvisioningError(
                f"Parameter '{name}' must be a number not less than {value['MinValue']}"
            )
        if most is not None and number > most:
            raise ProvisioningError(
                f"Parameter '{name}' must be a number not greater than {value['MaxValue']}"
            )
    elif type_name == "String":
        least, most = _number(value.get("MinLength")), _number(value.get("MaxLength"))
        if least is not None and len(text) < least:
            raise ProvisioningError(
                f"Parameter '{name}' must contain at least {value['MinLength']} characters"
            )
        if most is not None and len(text) > most:
            raise ProvisioningError(
                f"Parameter '{name}' must contain at most {value['MaxLength']} characters"
            )


def _number(value: Any) -> float | None:
    try:
        return float(value)
    except (TypeError, ValueError, OverflowError):
        return None
