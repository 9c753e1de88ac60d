"""Names in an order in which each comes after those it needs."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from graphlib import CycleError, TopologicalSorter


class Circular(Exception):
    """There is no such order; the text lists the names of a circle."""


def in_order(needs: Mapping[str, Collection[str]]) -> list[str]:
    """All names, each after those it needs. Raises Circular."""
    if not any(needs.values()):
        return list(needs)
    try:
        return list(TopologicalSorter(needs).static_order())
    except CycleError as error:
        circle: list[str] = error.args[1]
        raise Circular(", ".join(circle[1:21])) from None
