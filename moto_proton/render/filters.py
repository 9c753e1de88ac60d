"""Proton's own filters, with their checks.

Rules: section 8.6 of docs/behaviour.md. In the guide's rendered examples, every line
of a YAML block starts at the column where the filter stands. So the further lines of a block are
marked when it is printed (:func:`marked`), and indented by :func:`aligned` once the file is
rendered. A text that a template builds from a block is not treated as a block.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from jinja2 import Undefined

from moto_proton.recorded_messages import ILLEGAL_CHARACTERS

_PLAIN_NAME: Final = re.compile(r"[a-zA-Z0-9_-]*")
_POLICY_ARN: Final = re.compile(r"arn:[a-zA-Z-]+:iam::\d{12}:policy/")
# General reference, "Amazon Resource Names": six parts; region and account may be empty.
_ARN: Final = re.compile(
    r"arn:[a-z][a-z0-9-]*:[a-z0-9-]+:[a-z0-9-]*:(?:\d{12}|aws)?:[\w$./:@*+=,-]+",
    re.ASCII,
)
# Text that needs no quotes in a YAML block. By YAML 1.1, where `yes` is a boolean.
_UNQUOTED: Final = re.compile(r"[A-Za-z_](?:[\w./+-]|:(?=[\w/:]))*", re.ASCII)
_WORDS_OF_YAML: Final = frozenset(["true", "false", "yes", "no", "on", "off", "y", "n", "null"])
_ESCAPED: Final = re.compile(
    r'[\\"]|[^\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\uffef]'
)

# Lone surrogates, which no file can contain. They mark where a block begins, and its further
# lines.
_BLOCK: Final = "\udc01"
_LINE: Final = "\udc02"


class Block(str):
    """Lines of YAML that have to start at the same column, whatever that of the first is."""

    __slots__ = ()


class FilterError(Exception):
    """A value that one of Proton's filters does not accept."""


def ecs_environment(value: Any, raw: bool = True) -> str:
    """A YAML list of ``Name`` and ``Value`` for each output, as a container definition has it.

    Rule 8.6-1.
    """
    name = "proton_cfn_ecs_task_definition_formatted_env_vars"
    return Block(
        "\n".join(
            f"- Name: {_scalar(key)}\n  Value: {_scalar(text)}"
            for key, text in _texts(value, name, raw)
        )
    )


def lambda_environment(value: Any, raw: bool = True) -> str:
    """A YAML mapping of the outputs, as the environment variables of a function have it.

    Rule 8.6-2.
    """
    name = "proton_cfn_lambda_function_formatted_env_vars"
    return Block(
        "\n".join(f"{_scalar(key)}: {_scalar(text)}" for key, text in _texts(value, name, raw))
    )


def policy_arns(value: Any) -> str:
    """A YAML list of those outputs that are ARNs of IAM policies; empty text if there are none.

    Rules 8.6-3 and 8.6-6.
    """
    outputs = _mapping(value, "proton_cfn_iam_policy_arns")
    return Block(
        "\n".join(
            f"- {_scalar(output)}"
            for output in outputs.values()
            if isinstance(output, str) and _POLICY_ARN.match(output)
        )
    )


def sanitize(value: Any) -> str:
    """The same string, if it is safe to put anywhere (Rule 8.6-4)."""
    if isinstance(value, Undefined) or not isinstance(value, str):
        raise FilterError(_takes("proton_cfn_sanitize", "a string", value))
    if _PLAIN_NAME.fullmatch(value) is None and _ARN.fullmatch(value) is None:
        raise FilterError(f"{_illegal(value)} or be a valid ARN")
    return value


def marked(block: Block) -> str:
    """The text of a block with the marks that :func:`aligned` replaces."""
    return _BLOCK + block.replace("\n", "\n" + _LINE) if block else ""


def too_long(most: int) -> str:
    """The message for a text of more than ``most`` characters."""
    return f"the rendered file is longer than {most:,} characters"


def aligned(text: str, most: int) -> str:
    """A rendered text in which the lines of each marked block start at the same column.

    Raises ValueError for one of more than ``most`` characters.
    """
    if _BLOCK not in text:
        return text
    column = length = 0
    lines = []
    for line in text.split("\n"):
        before, mark, after = line.rpartition(_LINE)
        if mark and not before.strip():
            line = " " * column + after
        first = line.find(_BLOCK)
        if first >= 0:
            column = first
        length += len(line)
        if length > most:
            raise ValueError(too_long(most))
        lines.append(line.replace(_BLOCK, "").replace(_LINE, ""))
    return "\n".join(lines)


def _texts(value: Any, name: str, raw: bool) -> list[tuple[str, str]]:
    texts = []
    for key, item in _mapping(value, name).items():
        if isinstance(item, bool):
            text = "true" if item else "false"
        elif isinstance(item, (str, int, float)):
            text = str(item)
        else:
            raise FilterError(f"{_takes(name, 'text and numbers', item)} for '{key}'")
        if not raw and _PLAIN_NAME.fullmatch(text) is None:
            raise FilterError(_illegal(text))
        texts.append((str(key), text))
    return texts


def _mapping(value: Any, name: str) -> Mapping[Any, Any]:
    if isinstance(value, Undefined) or not isinstance(value, Mapping):
        raise FilterError(_takes(name, "a mapping", value))
    return value


def _takes(name: str, wanted: str, value: Any) -> str:
    if isinstance(value, Undefined):
        str(value)  # raises the error that names it
    given = "null" if value is None else f"a {_TYPE_NAMES.get(type(value), type(value).__name__)}"
    return f"{name} takes {wanted}, not {given}"


_TYPE_NAMES: Final = {
    bool: "boolean",
    dict: "mapping",
    float: "number",
    int: "number",
    list: "list",
    str: "string",
}


def _illegal(text: str) -> str:
    return ILLEGAL_CHARACTERS(text=text, pattern=f"^{_PLAIN_NAME.pattern}$")


def _scalar(text: str) -> str:
    """The text as a YAML scalar, quoted if it needs to be."""
    if _UNQUOTED.fullmatch(text) and text.lower() not in _WORDS_OF_YAML:
        return text
    return f'"{_ESCAPED.sub(_escape, text)}"'


def _escape(found: re.Match[str]) -> str:
    character = found.group()
    if character in '\\"':
        return "\\" + character
    code = ord(character)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


PROTON_FILTERS: Final[Mapping[str, Callable[..., Any]]] = {
    "proton_cfn_ecs_task_definition_formatted_env_vars": ecs_environment,
    "proton_cfn_iam_policy_arns": policy_arns,
    "proton_cfn_lambda_function_formatted_env_vars": lambda_environment,
    "proton_cfn_sanitize": sanitize,
}
