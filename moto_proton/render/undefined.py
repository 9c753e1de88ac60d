"""Names that a template has no value for: using one is an error, which tells its full name."""

from __future__ import annotations

from collections import deque
from types import MappingProxyType
from typing import Any, Final

from jinja2 import StrictUndefined
from jinja2.utils import missing

from moto_proton.render.limits import budget
from moto_proton.render.namespace import Lookup

MAPPING_METHODS: Final = frozenset({"copy", "get", "items", "keys", "values"})
_KINDS: Final = MappingProxyType(
    {
        bool: "boolean",
        dict: "mapping",
        float: "number",
        int: "number",
        Lookup: "mapping",
        str: "string",
        type(None): "null",
    }
)


class Missing(StrictUndefined):
    """What a template has no value for; its message gives the full name where that is known.

    Rule 8.5-18.
    """

    __slots__ = ()

    @property
    def _undefined_message(self) -> str:
        name = self._undefined_name
        budget().undefined_name = name if isinstance(name, str) else None
        if self._undefined_hint:
            return self._undefined_hint
        if self._undefined_obj is missing:
            return f"'{name}' is undefined"
        path = _path_of(budget().namespace, self._undefined_obj)
        if path is None:
            return f"a {kind(self._undefined_obj)} has no {_shown(name)}"
        return f"'{path}{_step(name)}' is undefined"


class MissingMethod(Missing):
    """A name that a mapping does not have, but may be called as the method of that name."""

    __slots__ = ()

    def call(self, *args: Any, **kwargs: Any) -> Any:
        """Answer as the mapping's method."""
        name = str(self._undefined_name)
        result = getattr(dict, name)(self._undefined_obj, *args, **kwargs)
        return list(result) if name in ("items", "keys", "values") else result


def kind(value: Any) -> str:
    """What a value is called in messages."""
    return _KINDS.get(type(value), type(value).__name__)


def _path_of(namespace: dict[str, Any], wanted: Any) -> str | None:
    """The name by which a template reaches a mapping or list, which is known by its identity."""
    if not isinstance(wanted, (dict, list)):
        return None
    waiting: deque[tuple[str, Any]] = deque(namespace.items())
    while waiting:
        path, value = waiting.popleft()
        if value is wanted:
            return path
        if isinstance(value, dict):
            aside = value.aside if isinstance(value, Lookup) else {}
            waiting += [(path + _step(key), item) for key, item in (*value.items(), *aside.items())]
        elif isinstance(value, list):
            waiting += [(f"{path}[{index}]", item) for index, item in enumerate(value)]
    return None


def _step(name: Any) -> str:
    return f".{name}" if isinstance(name, str) and name.isidentifier() else f"[{_shown(name)}]"


def _shown(name: Any) -> str:
    return repr(name) if len(repr(name)) <= 60 else "such entry"
