"""YAML in which every scalar is read as text, whatever its form: for the files that sync reads."""

from __future__ import annotations

from typing import Any

import yaml

from moto_proton.yamltext.building import Builder, Reason, Refused, document
from moto_proton.yamltext.events import with_events


class NotYamlError(Exception):
    """A text that can't be read; the message says why."""


def texts(text: str) -> Any:
    """The document as dicts, lists and strings, None for an empty one; tags are ignored.

    The last of duplicate keys counts. Aliases refer to the same object without a copy, so a short
    text can stand for gigabytes: callers must neither write the result out nor change it. Raises
    :class:`NotYamlError`.
    """
    try:
        return with_events(text, lambda next_event: document(next_event, _Texts()))
    except Refused as refused:
        if refused.reason is Reason.EMPTY:
            return None
        raise NotYamlError(str(refused)) from None
    except (yaml.YAMLError, ValueError) as error:
        # ValueError: PyYAML's own parser raises it for an escape beyond Unicode.
        raise NotYamlError(str(error)) from error


class _Texts(Builder):
    max_aliased = None

    def scalar(self, event: Any) -> Any:
        return event.value

    def key(self, container: Any, value: Any, event: Any) -> Any:
        if not isinstance(value, str):
            raise Refused("a key must be a string")
        return value

    def begin(self, event: Any, *, is_mapping: bool) -> Any:
        return {} if is_mapping else []
