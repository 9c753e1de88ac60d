"""Where templates run: Jinja's sandbox, made narrower, stricter and bounded.

A template sees values and nothing of Python behind them: what may be asked of a value is listed
here by type, and all else is refused. Names that a mapping does not have are undefined, and using
what is undefined is an error. What it costs is :mod:`~moto_proton.render.limits`'s.
"""

from __future__ import annotations

from collections import deque
from contextlib import suppress
from functools import partial
from types import MappingProxyType
from typing import Any, Final

from jinja2 import StrictUndefined, Undefined, nodes, pass_context
from jinja2.exceptions import SecurityError
from jinja2.runtime import BlockReference, Context, LoopContext, Macro, TemplateReference
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import Cycler, Namespace, missing

from moto_proton.render import jinja_functions
from moto_proton.render.accounting import PRIVATE_FILTERS, account
from moto_proton.render.filters import PROTON_FILTERS, Block, marked
from moto_proton.render.limits import budget, pay_for, weigh
from moto_proton.render.namespace import Lookup
from moto_proton.render.operations import (
    BOUNDED_METHODS,
    MAPPING_METHODS,
    STRING_METHODS,
    BoundedFormatter,
    binary,
    names,
)

_LOOP_NAMES: Final = names(
    "changed cycle depth depth0 first index index0 last length nextitem previtem revindex revindex0"
)
_MACRO_NAMES: Final = names("arguments caller catch_kwargs catch_varargs name")
# What templates may ask of a value by its type, apart from strings and mappings.
_NAMES: Final = MappingProxyType(
    {
        LoopContext: _LOOP_NAMES,
        Macro: _MACRO_NAMES,
        BlockReference: frozenset({"super"}),
        Cycler: frozenset({"current", "next", "reset"}),
        list: frozenset({"count", "index"}),
        tuple: frozenset({"count", "index"}),
    }
)


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
    """What a template has no value for; its message gives the full name where that is known."""

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
            return f"a {_kind(self._undefined_obj)} has no {_shown(name)}"
        return f"'{path}{_step(name)}' is undefined"


class MissingMethod(Missing):
    """A name that a mapping does not have, but may be called as the method of that name."""

    __slots__ = ()

    def call(self, *args: Any, **kwargs: Any) -> Any:
        """Answer as the mapping's method."""
        name = str(self._undefined_name)
        return MAPPING_METHODS[name](self._undefined_obj, *args, **kwargs)


class Sandbox(ImmutableSandboxedEnvironment):
    """The environment that all templates share; it holds nothing of any of them."""

    intercepted_binops = frozenset({"+", "-", "*", "/", "//", "**", "%"})

    def __init__(self) -> None:
        super().__init__(
            undefined=Missing,
            keep_trailing_newline=True,
            finalize=_printed,
            # No folding of constants: what a template computes is computed under its budget.
            optimized=False,
        )
        self.filters.clear()
        self.filters.update(jinja_functions.filters())
        self.filters.update(PROTON_FILTERS)
        self.filters.update(PRIVATE_FILTERS)
        self.tests.clear()
        self.tests.update(jinja_functions.tests())
        self.globals = jinja_functions.global_names()
        self.policies["json.dumps_function"] = jinja_functions.dumps

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        return account(super()._parse(source, name, filename))

    def getattr(self, obj: Any, attribute: str) -> Any:
        """``obj.attribute``: of a mapping its entry, of other values what their type allows."""
        if isinstance(obj, dict):
            try:
                return obj[attribute]
            except KeyError:
                kind = MissingMethod if attribute in MAPPING_METHODS else self.undefined
                return kind(obj=obj, name=attribute)
        if isinstance(obj, str):
            if attribute in STRING_METHODS:
                return getattr(obj, attribute)
            if attribute in BOUNDED_METHODS:
                return partial(BOUNDED_METHODS[attribute], str(obj))
            if attribute == "format":
                return partial(BoundedFormatter(self).format, str(obj))
        elif attribute in _NAMES.get(type(obj), ()):
            return getattr(obj, attribute)
        elif isinstance(obj, TemplateReference):
            with suppress(KeyError):
                return obj[attribute]
        elif isinstance(obj, Namespace):
            # What the template itself has put there; a private name would reach the object.
            if not attribute.startswith("_"):
                return getattr(obj, attribute, self.undefined(obj=obj, name=attribute))
        elif isinstance(obj, tuple) and attribute in ("grouper", "list"):
            return getattr(obj, attribute, self.undefined(obj=obj, name=attribute))
        elif isinstance(obj, Undefined):
            str(obj)
        if hasattr(obj, attribute):
            return self.undefined(
                f"'{attribute}' of a {_kind(obj)} is not for templates",
                obj=obj,
                name=attribute,
                exc=SecurityError,
            )
        return self.undefined(obj=obj, name=attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        """``obj[argument]``; a string that is no key is looked up as an attribute."""
        try:
            found = obj[argument]
        except (TypeError, LookupError, AttributeError):
            if isinstance(argument, str) and not isinstance(obj, dict):
                return self.getattr(obj, str(argument))
            return self.undefined(obj=obj, name=argument)
        return found

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Whether a template may see an attribute, for the parts of Jinja that ask."""
        return attr in _NAMES.get(type(obj), ())

    def call(self, context: Context, obj: Any, /, *args: Any, **kwargs: Any) -> Any:
        """``obj(...)``: what is called has been found in the sandbox, and pays here."""
        budget().charge(1)
        if isinstance(obj, MissingMethod):
            obj = obj.call
        for argument in args:
            pay_for(argument, opaque=True)
        for name, argument in kwargs.items():
            # Jinja: how it hands a loop's or a block's own names to what asks for a context.
            if name not in ("_loop_vars", "_block_vars"):
                pay_for(argument, opaque=True)
        result = context.call(obj, *args, **kwargs)
        pay_for(result, opaque=True)
        return result

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """An arithmetic operator within the limits."""
        return binary(operator, left, right)


@pass_context
def _printed(_context: Any, value: Any) -> Any:
    """What ``{{ }}`` puts out; values as Python writes them, as Jinja does."""
    spent = budget()
    spent.charge(1 + (weigh(value, defined=True) >> 2))
    spent.printed += 1
    spent.value = value
    return marked(value) if isinstance(value, Block) else value


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
            waiting += [(path + _step(key), item) for key, item in value.items()]
            if isinstance(value, Lookup):
                waiting += [(path + _step(key), item) for key, item in value.aside.items()]
        elif isinstance(value, list):
            waiting += [(f"{path}[{index}]", item) for index, item in enumerate(value)]
    return None


def _step(name: Any) -> str:
    return f".{name}" if isinstance(name, str) and name.isidentifier() else f"[{_shown(name)}]"


def _shown(name: Any) -> str:
    return repr(name) if len(repr(name)) <= 60 else "such entry"


def _kind(value: Any) -> str:
    return _KINDS.get(type(value), type(value).__name__)
