"""Makes a parsed template pay for its work: the tree is changed before code is made from it.

Where Jinja offers no hook (loops, macros, ``~``, comparisons, literals), a call of a private filter
is put into the tree. Their names begin with a character that no template can write as a filter.
Statements that reach for other templates are refused here, with their line.
"""

from __future__ import annotations

from typing import Any, Final, TypeVar

from jinja2 import TemplateSyntaxError, nodes, pass_context

from moto_proton.render.limits import MOST_NODES, LimitExceededError, budget, pay_for
from moto_proton.render.operations import joined

_CHARGE: Final = "\0charge"
_MEASURE: Final = "\0measure"
_JOIN: Final = "\0join"
_OTHER_TEMPLATES: Final[dict[type[nodes.Node], str]] = {
    nodes.Extends: "extends",
    nodes.FromImport: "from ... import",
    nodes.Import: "import",
    nodes.Include: "include",
}
_CHARACTERS_OF_A_UNIT: Final = 16

_NodeT = TypeVar("_NodeT", bound=nodes.Node)


def account(tree: _NodeT) -> _NodeT:
    """A template's tree with the payments in it; raises TemplateSyntaxError."""
    _Accountant().visit(tree)
    return tree


class _Accountant:
    """Walks the tree once, from the leaves up, and knows the cost of each subtree."""

    def __init__(self) -> None:
        self._nodes = 0

    def visit(self, node: nodes.Node) -> int:
        """Change the subtree of a node; its cost."""
        self._nodes += 1
        if self._nodes > MOST_NODES:
            raise TemplateSyntaxError("the template has too many tags", node.lineno)
        refused = _OTHER_TEMPLATES.get(type(node))
        if refused is not None:
            raise TemplateSyntaxError(
                f"'{refused}' is not available: a template is one file", node.lineno
            )
        cost = 1
        if isinstance(node, nodes.TemplateData):
            return cost + len(node.data) // _CHARACTERS_OF_A_UNIT
        for field, child in list(node.iter_fields()):
            if isinstance(child, nodes.Node):
                cost += self.visit(child)
                setattr(node, field, self._changed(child))
            elif isinstance(child, list):
                for index, item in enumerate(child):
                    if isinstance(item, nodes.Node):
                        cost += self.visit(item)
                        child[index] = self._changed(item)
        if isinstance(node, (nodes.For, nodes.Macro, nodes.CallBlock, nodes.Block)):
            node.body.insert(0, _charge(cost, node.lineno))
            if isinstance(node, nodes.For) and node.test is not None:
                paid = _filter(_CHARGE, nodes.Const(cost, lineno=node.lineno))
                node.test = nodes.And(paid, node.test, lineno=node.lineno)
        elif isinstance(node, nodes.Compare):
            node.expr = _measured(node.expr)
            for operand in node.ops:
                operand.expr = _measured(operand.expr)
        return cost

    @staticmethod
    def _changed(node: nodes.Node) -> nodes.Node:
        if isinstance(node, nodes.Concat):
            return _filter(_JOIN, nodes.List(node.nodes, lineno=node.lineno))
        if isinstance(node, (nodes.List, nodes.Dict)):
            return _filter(_MEASURE, node)
        if isinstance(node, nodes.Tuple) and node.ctx == "load":
            return _filter(_MEASURE, node)
        # Jinja: the code of a slice does not ask the environment.
        if isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Slice):
            return _filter(_MEASURE, node)
        return node


def _charge(cost: int, line: int) -> nodes.Node:
    return nodes.ExprStmt(_filter(_CHARGE, nodes.Const(cost, lineno=line)), lineno=line)


def _measured(node: nodes.Expr) -> nodes.Expr:
    return node if isinstance(node, nodes.Const) else _filter(_MEASURE, node)


def _filter(name: str, node: nodes.Expr) -> nodes.Filter:
    return nodes.Filter(node, name, [], [], None, None, lineno=node.lineno)


@pass_context
def _pay(_context: Any, cost: int) -> bool:
    if cost <= 0:
        raise LimitExceededError("a template cannot be paid")
    budget().charge(cost)
    return True


@pass_context
def _measure(_context: Any, value: Any) -> Any:
    pay_for(value, opaque=True)
    return value


@pass_context
def _join(_context: Any, parts: Any) -> str:
    return joined(parts)


PRIVATE_FILTERS: Final = {_CHARGE: _pay, _MEASURE: _measure, _JOIN: _join}
