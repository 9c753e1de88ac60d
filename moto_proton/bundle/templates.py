"""The syntax of infrastructure files: CloudFormation with or without Jinja, Terraform.

What the files mean is for rendering and provisioning. Formats are checked at registration, logic is
not (Rule 7.2-2). How far that goes is a choice: Jinja must parse; a CloudFormation file without any
Jinja must be YAML or JSON with Resources; Terraform must parse. Verdicts are remembered by text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from moto_proton import nesting
from moto_proton.bundle.errors import BundleError
from moto_proton.remembering import remembering
from moto_proton.yamltext.building import Builder, Reason, Refused, document
from moto_proton.yamltext.events import with_events

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

    def fault(next_event: Callable[[], Any]) -> _Fault | None:
        syntax = _Syntax()
        document(next_event, syntax)
        return _resources_fault(syntax.resources)

    try:
        return with_events(text, fault)
    except Refused as refused:
        return _refusal(refused)
    except yaml.MarkedYAMLError as error:
        what = ", ".join(part for part in (error.context, error.problem) if part)
        mark = error.problem_mark or error.context_mark
        return f"this is not YAML: {what}", None if mark is None else mark.line + 1
    except (yaml.reader.ReaderError, ValueError):
        return "this is not YAML: a character is not allowed", None


def _refusal(refused: Refused) -> _Fault:
    if refused.reason is Reason.EMPTY:
        return "the template is empty", None
    if refused.reason is Reason.MANY_DOCUMENTS:
        return "there is more than one YAML document", None
    detail = f"this is {refused}" if refused.reason is Reason.TOO_DEEP else str(refused)
    return detail, refused.event.start_mark.line + 1


class _Syntax(Builder):
    """Goes through a template and keeps nothing but where its Resources are.

    As nothing is kept, aliases cannot swell.
    """

    max_aliased = None
    open_aliases = True

    def __init__(self) -> None:
        self.resources: tuple[bool, int | None] | None = None
        """Whether they are a mapping, and their line."""
        self._depth = 0

    def scalar(self, event: Any) -> Any:
        self._check_tag(event)
        if self._depth == 0:
            raise Refused("a template must be a mapping")
        return _Part(event.start_mark.line + 1, text=event.value)

    def key(self, container: Any, value: Any, event: Any) -> Any:
        return value.text

    def begin(self, event: Any, *, is_mapping: bool) -> Any:
        self._check_tag(event)
        if self._depth == 0 and not is_mapping:
            raise Refused("a template must be a mapping")
        self._depth += 1
        return _Part(event.start_mark.line + 1, is_mapping=is_mapping, is_top=self._depth == 1)

    def alias(self, value: Any, event: Any) -> Any:
        return _Part(event.start_mark.line + 1)

    def begin_key(self, event: Any) -> None:
        """Any key will do."""

    def member(self, container: Any, key: Any, value: Any) -> None:
        if container.is_top and key == "Resources":
            self.resources = (value.is_mapping, value.line)

    def item(self, container: Any, value: Any) -> None:
        """Nothing is kept of a list."""

    def end(self, container: Any, *, is_mapping: bool) -> Any:
        self._depth -= 1
        return container

    def _check_tag(self, event: Any) -> None:
        if event.tag is not None and not _TAG.fullmatch(event.tag):
            raise Refused(f"the tag {event.tag[:60]!r} is not CloudFormation's")


@dataclass(frozen=True, slots=True)
class _Part:
    """What is to be known of a value: its line, and the text of a scalar."""

    line: int
    text: str | None = None
    is_mapping: bool = False
    is_top: bool = False


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
