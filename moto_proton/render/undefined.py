"""Names that a template has no value for: using one is an error, which gives its full name."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from types import MappingProxyType
from typing import Any, Final

from jinja2 import StrictUndefined, Undefined
from jinja2.utils import missing

from moto_proton.render.limits import budget
from moto_proton.render.namespace import Lookup
from moto_proton.spelling import hint

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
    """A name that a template has no value for; the message gives the full name where it is known.

    Rule 8.5-18.
    """

    __slots__ = ()

    @property
    def _undefined_message(self) -> str:
        return _message_of(self)


class Told(Undefined):
    """An undefined name in a survey of a template: it is recorded, and then counts as empty."""

    __slots__ = ()

    @property
    def _undefined_message(self) -> str:
        return _message_of(self)

    def _tell(self) -> None:
        tell = budget().tell
        if tell is not None:
            message = self._undefined_message
            if not self._undefined_hint:
                beside = near(budget().namespace, self._undefined_obj, str(self._undefined_name))
                message += beside
            tell(message)

    def __str__(self) -> str:
        self._tell()
        return ""

    def __iter__(self) -> Iterator[Any]:
        self._tell()
        return iter(())

    def __len__(self) -> int:
        self._tell()
        return 0

    def __bool__(self) -> bool:
        self._tell()
        return False

    def __eq__(self, other: object) -> bool:
        self._tell()
        return False

    def __ne__(self, other: object) -> bool:
        self._tell()
        return True

    def __hash__(self) -> int:
        self._tell()
        return 0

    def __contains__(self, item: object) -> bool:
        self._tell()
        return False

    def _go_on(self, *args: Any, **kwargs: Any) -> Any:
        self._tell()
        return self

    __getitem__ = __call__ = _go_on
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = _go_on
    __truediv__ = __rtruediv__ = __floordiv__ = __rfloordiv__ = __mod__ = __rmod__ = _go_on
    __pow__ = __rpow__ = __pos__ = __neg__ = __lt__ = __le__ = __gt__ = __ge__ = _go_on


def near(namespace: dict[str, Any], missing_from: Any, name: str) -> str:
    """A suggestion such as ``"; did you mean 'x'?"``, or the names next to a missing one."""
    known = namespace if missing_from is missing else missing_from
    if not isinstance(known, dict) or not isinstance(name, str):
        return ""
    names = [*map(str, known), *map(str, known.aside if isinstance(known, Lookup) else ())]
    found = hint(name, names)
    return found or (f"; known there: {', '.join(names[:12])}" if names else "; nothing is there")


def _message_of(undefined: Undefined) -> str:
    name = undefined._undefined_name
    budget().undefined_name = name if isinstance(name, str) else None
    if undefined._undefined_hint:
        return undefined._undefined_hint
    if undefined._undefined_obj is missing:
        return f"'{name}' is undefined"
    path = _path_of(budget().namespace, undefined._undefined_obj)
    if path is None:
        return f"a {kind(undefined._undefined_obj)} has no {_shown(name)}"
    return f"'{path}{_step(name)}' is undefined"


class MissingMethod(Missing):
    """A name that is not a key of a mapping, but is a method of it that may be called."""

    __slots__ = ()

    def call(self, *args: Any, **kwargs: Any) -> Any:
        """Call the mapping's method."""
        name = str(self._undefined_name)
        result = getattr(dict, name)(self._undefined_obj, *args, **kwargs)
        return list(result) if name in ("items", "keys", "values") else result


def kind(value: Any) -> str:
    """What a value is called in messages."""
    return _KINDS.get(type(value), type(value).__name__)


def _path_of(namespace: dict[str, Any], wanted: Any) -> str | None:
    """The name by which a template reaches this very mapping or list (compared by identity)."""
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
