"""The manifest of a component: which file, for which engine, in which language.

Source: user guide, "Wrap up template files", "AWS Proton components"; the class of the refusals is
inferred.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from moto_proton.proton.exceptions import ValidationError
from moto_proton.spec import SpecError
from moto_proton.spec.document import load

if TYPE_CHECKING:
    from moto_proton.proton.models.environments import Environment

# Rendering engine to template language; CodeBuild is not possible for components.
_LANGUAGES: Final = {"jinja": "cloudformation", "hcl": "terraform"}


def check_manifest(text: str, environment: Environment) -> None:
    """Refuse a manifest that is malformed, or of another language than the environment's."""
    entry = _only_entry(_load(text))
    engine, language = entry.get("rendering_engine"), entry.get("template_language")
    file = entry.get("file")
    if not isinstance(file, str) or not file:
        raise _malformed("the template entry needs a file")
    if not isinstance(engine, str) or _LANGUAGES.get(engine) != language:
        pairs = ", ".join(f"{engine} with {language}" for engine, language in _LANGUAGES.items())
        raise _malformed(f"rendering_engine and template_language must be one of {pairs}")
    if environment.provisioning is not None:
        return
    wanted = "terraform" if environment.self_managed else "cloudformation"
    if language != wanted:
        raise ValidationError(
            f"The component's template language is {language}, and the environment "
            f"{environment.name} is provisioned with {wanted}"
        )


def _load(text: str) -> Any:
    try:
        return load(text, "Service")
    except SpecError as error:
        raise _malformed(error.detail) from error


def _only_entry(manifest: Any) -> Any:
    if not _is_mapping_of(manifest, "infrastructure"):
        raise _malformed("it must have the one key infrastructure")
    infrastructure = manifest["infrastructure"]
    if not _is_mapping_of(infrastructure, "templates"):
        raise _malformed("infrastructure must have the one key templates")
    templates = infrastructure["templates"]
    if not isinstance(templates, tuple) or len(templates) != 1 or not hasattr(templates[0], "get"):
        raise _malformed("templates must be a list with exactly one entry")
    return templates[0]


def _is_mapping_of(value: Any, key: str) -> bool:
    return hasattr(value, "keys") and set(value.keys()) == {key}


def _malformed(detail: str) -> ValidationError:
    return ValidationError(f"The component's manifest is not valid: {detail}")
