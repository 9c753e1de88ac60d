"""Values and types in the language of Terraform, as far as the generated files need it.

Source: Terraform's "Configuration Syntax" and "Type Constraints".
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

_IDENTIFIER: Final = re.compile(r"[A-Za-z_][\w-]*", re.ASCII)
_TEMPLATE_SEQUENCE: Final = re.compile(r"([$%])\{")


def expression(value: Any, indent: str = "") -> str:
    """A value as a literal expression; ``indent`` is that of the line it begins on."""
    if value is None:
        return "null"
    if isinstance(value, str):
        return _string(value)
    inner = indent + "  "
    if isinstance(value, Mapping):
        width = max((len(_key(str(key))) for key in value), default=0)
        entries = [
            f"{inner}{_key(str(key)):<{width}} = {expression(item, inner)}\n"
            for key, item in value.items()
        ]
        return "{\n" + "".join(entries) + indent + "}" if entries else "{}"
    if isinstance(value, (list, tuple)):
        items = [f"{inner}{expression(item, inner)},\n" for item in value]
        return "[\n" + "".join(items) + indent + "]" if items else "[]"
    return json.dumps(value)


def variable(name: str, type_constraint: str, *, default: str | None = None) -> str:
    """A variable block, as ``terraform fmt`` would have it."""
    if default is None:
        return f'variable "{name}" {{\n  type = {type_constraint}\n}}\n'
    if "\n" in type_constraint:
        # Alignment stops at an argument of more than one line.
        return f'variable "{name}" {{\n  type = {type_constraint}\n  default = {default}\n}}\n'
    return f'variable "{name}" {{\n  type    = {type_constraint}\n  default = {default}\n}}\n'


def object_type(members: Sequence[tuple[str, str]], indent: str = "  ") -> str:
    """The type of an object with these members and their types; ``indent`` is the line's own."""
    width = max((len(name) for name, member in members if "\n" not in member), default=0)
    lines = "".join(
        f"{indent}  {name} = {member}\n"
        if "\n" in member
        else f"{indent}  {name:<{width}} = {member}\n"
        for name, member in members
    )
    return "object({\n" + lines + indent + "})"


def _key(name: str) -> str:
    return name if _IDENTIFIER.fullmatch(name) else _string(name)


def _string(text: str) -> str:
    # Strings of HCL have the escapes of JSON but for \b, \f and \/, and sequences of their own.
    quoted = json.dumps(text, ensure_ascii=False)
    quoted = re.sub(
        r"\\(?:\\|[bf])",
        lambda found: {"\\b": "\\u0008", "\\f": "\\u000c"}.get(found.group(), found.group()),
        quoted,
    )
    return _TEMPLATE_SEQUENCE.sub(r"\1\1{", quoted)
