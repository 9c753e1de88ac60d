"""The syntax of infrastructure files: CloudFormation with or without Jinja, Terraform.

What the files mean is for rendering and provisioning. Formats are checked at registration, logic is
not (Rule 7.2-2). How far that goes is a choice: Jinja must parse; a CloudFormation file without any
Jinja must be YAML or JSON with Resources; Terraform must parse. Verdicts are remembered by text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, Final

from moto_proton import nesting
from moto_proton.bundle.errors import BundleError
from moto_proton.remembering import remembering
from moto_proton.spec import document

# Characters of the texts whose faults are remembered, for each language.
_REMEMBERED: Final = 2_000_000
_JINJA = re.compile(r"\{[{%#]")
# The HCL parser takes some 40 microseconds for a token, so that this is about four seconds.
# Beyond it Terraform files go unchecked: to refuse a good one would be worse.
MAX_TERRAFORM_TOKENS: Final = 100_000
_TOKEN = re.compile(r"\w+|[^\w \t]")

_TAG = re.compile(
    "!(?:And|Base64|Cidr|Condition|Contains|EachMemberEquals|EachMemberIn|Equals|FindInMap|GetAZs"
    "|GetAtt|If|ImportValue|Join|Length|Not|Or|Ref|RefAll|Select|Split|Sub|ToJsonString|Transform"
    "|ValueOf|ValueOfAll)?"
    "|tag:yaml\\.org,2002:(?:binary|bool|float|int|map|null|seq|str|timestamp)"
)

_Fault = tuple[str, int | None]
"""What is wrong, and in which line."""


def check_cloudformation(text: str, file: str) -> None:
    """Refuse a CloudFormation file that could never render or deploy, with a BundleError."""
    _raise(_cloudformation_fault(text), file)


def check_terraform(files: Mapping[str, str]) -> None:
    """Refuse the first Terraform file that is not HCL, with a BundleError; keys are paths."""
    tokens = 0
    for file, text in files.items():
        tokens += sum(1 for _ in _TOKEN.finditer(text))
        if tokens > MAX_TERRAFORM_TOKENS:
            return
        _raise(_terraform_fault(text), file)


def _raise(fault: _Fault | None, file: str) -> None:
    if fault is not None:
        detail, line = fault
        raise BundleError(detail, file=file, line=line)


@remembering(lambda text: len(text), _REMEMBERED)
def _cloudformation_fault(text: str) -> _Fault | None:
    if _JINJA.search(text):
        return _jinja_fault(text)
    if not text.lstrip().startswith("{"):
        return _yaml_fault(text)
    # YAML takes most of JSON, but not its tabs, and JSON says better what is wrong with JSON.
    try:
        nesting.check_json(text)
        template = json.loads(text)
    except nesting.TooDeep as error:
        return f"this is {error}", error.line
    except ValueError as error:
        if _yaml_fault(text) is None:
            return None
        if isinstance(error, json.JSONDecodeError):
            return f"this is not JSON: {error.msg}", error.lineno
        return "this is not JSON: a number is too long", None
    if "Resources" not in template:
        return _resources_fault(None)
    return _resources_fault((isinstance(template["Resources"], dict), None))


def _jinja_fault(text: str) -> _Fault | None:
    from jinja2 import Environment, TemplateSyntaxError

    from moto_proton.bundle.jinja_tokens import EXTENSIONS, explained

    try:
        # Parsed only, never run.
        Environment(autoescape=False, extensions=EXTENSIONS).parse(text)
    except TemplateSyntaxError as error:
        return f"this is not a Jinja template: {explained(text, error)}", error.lineno
    except RecursionError:
        return "this is not a Jinja template: it is nested too deeply", None
    except (ValueError, OverflowError):
        return "this is not a Jinja template: a number is too long", None
    return None


def _yaml_fault(text: str) -> _Fault | None:
    import yaml

    try:
        return document.with_events(text, _event_fault)
    except yaml.MarkedYAMLError as error:
        what = ", ".join(part for part in (error.context, error.problem) if part)
        mark = error.problem_mark or error.context_mark
        return f"this is not YAML: {what}", None if mark is None else mark.line + 1
    except (yaml.reader.ReaderError, ValueError):
        return "this is not YAML: a character is not allowed", None


def _event_fault(next_event: Any) -> _Fault | None:
    """Go through a template's events; builds nothing, so aliases cannot swell."""
    import yaml

    next_event()  # the start of the stream
    start = next_event()
    if isinstance(start, yaml.StreamEndEvent):
        return "the template is empty", None
    anchors: set[str | None] = set()
    depth = 0
    is_key = False
    key: str | None = None
    resources: tuple[bool, int] | None = None  # whether they are a mapping, and their line
    while True:
        event = next_event()
        line = event.start_mark.line + 1
        if isinstance(event, yaml.DocumentEndEvent):
            break
        if isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
            continue
        if isinstance(event, yaml.AliasEvent):
            if event.anchor not in anchors:
                return f"the alias {str(event.anchor)[:60]!r} has no anchor before it", line
        else:
            anchors.add(event.anchor)
            tag = event.tag
            if tag is not None and not _TAG.fullmatch(tag):
                return f"the tag {tag[:60]!r} is not CloudFormation's", line
        is_collection = isinstance(event, yaml.CollectionStartEvent)
        if depth == 0 and not isinstance(event, yaml.MappingStartEvent):
            return "a template must be a mapping", line
        if depth == 1:
            is_key = not is_key
            if is_key:
                key = event.value if isinstance(event, yaml.ScalarEvent) else None
            elif key == "Resources":
                resources = (isinstance(event, yaml.MappingStartEvent), line)
        if is_collection:
            depth += 1
            if depth > nesting.MAX_DEPTH:
                return f"this is {nesting.TooDeep(line)}", line
    if not isinstance(next_event(), yaml.StreamEndEvent):
        return "there is more than one YAML document", None
    return _resources_fault(resources)


def _resources_fault(resources: tuple[bool, int | None] | None) -> _Fault | None:
    # That there is at least one is for the deployment to say.
    if resources is None:
        return "the template has no Resources", None
    is_mapping, line = resources
    return None if is_mapping else ("Resources must be a mapping", line)


@remembering(lambda text: len(text), _REMEMBERED)
def _terraform_fault(text: str) -> _Fault | None:
    import hcl2
    import lark

    try:
        # Terraform skips the mark of an encoding.
        hcl2.parses_to_tree(text.removeprefix("\ufeff"))
    except lark.UnexpectedInput as error:
        return "this is not HCL: a syntax error", _line(text, error)
    except lark.LarkError:
        return "this is not HCL", None
    except RecursionError:
        return "this is not HCL: it is nested too deeply", None
    return None


def _line(text: str, error: Any) -> int:
    """The line of the error; its last one if the text ends too early."""
    line = getattr(error, "line", None)
    token = getattr(error, "token", None)
    at_end = getattr(token, "type", None) == "$END"
    if at_end or not isinstance(line, int) or line < 1:
        return text.count("\n", 0, len(text.rstrip())) + 1
    return line
