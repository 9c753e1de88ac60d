"""The Jinja environment of all templates: Jinja's sandbox with stricter rules and size limits.

A template can use only the attributes and methods that are listed here for each type of value; all
others are refused. Names that a mapping does not have are undefined. The limits are those of
:mod:`~moto_proton.render.limits`. Jinja has no hook for loops, ``~``, comparisons and literals, so
checks for these are added to the syntax tree before it is compiled.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from types import BuiltinMethodType
from typing import Any, Final

from jinja2 import TemplateSyntaxError, Undefined, nodes, pass_context
from jinja2.defaults import DEFAULT_NAMESPACE
from jinja2.exceptions import SecurityError
from jinja2.runtime import BlockReference, Context, LoopContext, Macro
from jinja2.sandbox import ImmutableSandboxedEnvironment, safe_range
from jinja2.utils import Cycler, Namespace
from jinja2.visitor import NodeTransformer

from moto_proton.bundle.jinja_tokens import EXTENSIONS
from moto_proton.render.calls import (
    FILTERS,
    TESTS,
    BoundedFormatter,
    bounded,
    check_call,
    check_operator,
    dumps,
)
from moto_proton.render.filters import PROTON_FILTERS, Block, marked
from moto_proton.render.limits import budget, pay_for, weigh
from moto_proton.render.undefined import MAPPING_METHODS, Missing, MissingMethod, kind

# The methods a template may use, by the type of the value. The methods of strings that are missing
# (encode, translate, expandtabs, ...) are of no use in a template.
_NAMES: Final = {
    type_: frozenset(names.split())
    for type_, names in {
        str: "capitalize casefold center count endswith find index isalnum isalpha isascii "
        "isdecimal isdigit isidentifier islower isnumeric isprintable isspace istitle isupper "
        "join ljust lower lstrip partition removeprefix removesuffix replace rfind rindex rjust "
        "rpartition rsplit rstrip split splitlines startswith strip swapcase title upper zfill",
        LoopContext: "changed cycle depth depth0 first index index0 last length nextitem "
        "previtem revindex revindex0",
        Macro: "arguments caller catch_kwargs catch_varargs name",
        BlockReference: "super",
        Cycler: "current next reset",
        list: "count index",
        tuple: "count index",
    }.items()
}
# Names of filters that no template can write.
_WALK: Final = "\0walk"
_MEASURE: Final = "\0measure"
_DEFINED: Final = "\0defined"
_OTHER_TEMPLATES: Final[dict[type[nodes.Node], str]] = {
    nodes.Extends: "extends",
    nodes.FromImport: "from ... import",
    nodes.Import: "import",
    nodes.Include: "include",
}


class Sandbox(ImmutableSandboxedEnvironment):
    """The environment that all templates share; it holds nothing of any of them."""

    intercepted_binops = frozenset({"+", "-", "*", "/", "//", "**", "%"})

    def __init__(self, undefined: type[Undefined] = Missing) -> None:
        super().__init__(
            undefined=undefined,
            extensions=EXTENSIONS,
            keep_trailing_newline=True,
            finalize=_printed,
            # No constant folding: every computation has to run within the rendering's budget.
            optimized=False,
        )
        proton = {name: bounded(function, name) for name, function in PROTON_FILTERS.items()}
        self.filters = {
            **FILTERS,
            **proton,
            _WALK: _walked,
            _MEASURE: _measured,
            _DEFINED: _defined,
        }
        self.tests = dict(TESTS)
        kept = ("cycler", "dict", "joiner", "namespace")
        self.globals = {name: DEFAULT_NAMESPACE[name] for name in kept} | {"range": safe_range}
        self.policies["json.dumps_function"] = dumps

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        _Checks().visit(tree)
        return tree

    def getattr(self, obj: Any, attribute: str) -> Any:
        """``obj.attribute``: a mapping's entry, or an attribute allowed for the value's type."""
        if isinstance(obj, dict):
            try:
                return obj[attribute]
            except KeyError:
                missing = MissingMethod if attribute in MAPPING_METHODS else self.undefined
                return missing(obj=obj, name=attribute)
        if isinstance(obj, Undefined):
            str(obj)
            return obj  # only in a survey, which records the name instead of raising an error
        if isinstance(obj, str):
            obj = str(obj)
            if attribute == "format":
                return partial(BoundedFormatter(self).format, obj)
        return super().getattr(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        """``obj[argument]``; a string that is not a key is looked up as an attribute."""
        try:
            return obj[argument]
        except (TypeError, LookupError, AttributeError):
            if isinstance(argument, str) and not isinstance(obj, dict):
                return self.getattr(obj, str(argument))
            return self.undefined(obj=obj, name=argument)

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Whether a template may see an attribute."""
        if isinstance(obj, Namespace):
            # A value that the template itself has set; a private name would reach into the object.
            return not attr.startswith("_")
        is_of_group = isinstance(obj, tuple) and attr in ("grouper", "list")
        return is_of_group or attr in _NAMES.get(type(obj), ())

    def unsafe_undefined(self, obj: Any, attribute: str) -> Undefined:
        """The undefined value for an attribute that a template may not see."""
        hint = f"'{attribute}' of a {kind(obj)} is not for templates"
        return self.undefined(hint, obj=obj, name=attribute, exc=SecurityError)

    def call(self, context: Context, obj: Any, /, *args: Any, **kwargs: Any) -> Any:
        """``obj(...)``: the sandbox has allowed the callable; its arguments are charged here."""
        # Jinja: how it hands a loop's or a block's own names to what asks for a context.
        own = ("_loop_vars", "_block_vars")
        given = (*args, *(value for name, value in kwargs.items() if name not in own))
        if isinstance(obj, BuiltinMethodType):
            check_call(obj.__name__, (obj.__self__,), given)
        else:
            pay_for(given, defined=obj is safe_range)
        called = obj.call if isinstance(obj, MissingMethod) else obj
        result = context.call(called, *args, **kwargs)
        pay_for(result)
        return result

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """An arithmetic operator within the limits."""
        check_operator(operator, left, right)
        result = super().call_binop(context, operator, left, right)
        pay_for(result)
        return result


class _Checks(NodeTransformer):
    """Adds checks to a template's syntax tree, and refuses references to other templates."""

    def visit(self, node: nodes.Node, *args: Any, **kwargs: Any) -> Any:
        refused = _OTHER_TEMPLATES.get(type(node))
        if refused is not None:
            what = f"'{refused}' is not available: a template is one file"
            raise TemplateSyntaxError(what, node.lineno)
        self.generic_visit(node)
        if isinstance(node, nodes.TemplateData):
            return nodes.Const(node.data, lineno=node.lineno)  # printed and charged like any value
        if isinstance(node, nodes.Concat):
            return _filter("join", nodes.List(node.nodes, lineno=node.lineno))
        if isinstance(node, nodes.For):
            node.iter = _filter(_WALK, node.iter)
        elif isinstance(node, nodes.Compare):
            node.expr = _filter(_MEASURE, node.expr)
            for operand in node.ops:
                operand.expr = _filter(_MEASURE, operand.expr)
        elif isinstance(node, nodes.Slice):
            for end in ("start", "stop", "step"):
                if getattr(node, end) is not None:
                    setattr(node, end, _filter(_DEFINED, getattr(node, end)))
        if isinstance(node, (nodes.List, nodes.Dict, nodes.Tuple, nodes.Getitem)):
            # Jinja compiles a slice without a call of the environment.
            is_slice = isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Slice)
            is_made = not isinstance(node, nodes.Getitem) and getattr(node, "ctx", "load") == "load"
            return _filter(_MEASURE, node) if is_slice or is_made else node
        return node


def _filter(name: str, node: Any) -> nodes.Filter:
    return nodes.Filter(node, name, [], [], None, None, lineno=node.lineno)


def _walked(iterable: Any) -> Iterator[Any]:
    spent = budget()
    for item in iterable:
        spent.charge(1)
        yield item


def _measured(value: Any) -> Any:
    pay_for(value)
    return value


def _defined(value: Any) -> Any:
    if isinstance(value, Undefined):
        str(value)
    return value


@pass_context
def _printed(_context: Any, value: Any) -> Any:
    """The value that ``{{ }}`` prints, once charged; Jinja writes it with ``str()``."""
    spent = budget()
    # Literal text of the template may be longer than a string in an expression.
    spent.charge(1 + (len(value) >> 2 if isinstance(value, str) else weigh(value, defined=True)))
    spent.printed += 1
    spent.value = value
    return marked(value) if isinstance(value, Block) else value
