"""Runs functions of every kind, and the tests of a class, inside a context manager.

It knows nothing about mocks: the context manager is passed in, so that the rules for what is
wrapped, and how, can be read and tested on their own.

Internal: no part of the public API.
"""

from __future__ import annotations

from typing import Any

from moto_proton.wrapping.classes import around_of, wrap_class
from moto_proton.wrapping.functions import FRESH, KEEP, Around, ResetOptions, wrap_function

__all__ = ["FRESH", "KEEP", "Around", "ResetOptions", "around_of", "wrap"]


def wrap(target: Any, around: Around, scope: ResetOptions = FRESH) -> Any:
    """Wrap a function, or a class of tests (which is changed and returned).

    Raises ``TypeError`` if the target can't be called.
    """
    if isinstance(target, type):
        return wrap_class(target, around)
    if isinstance(target, (staticmethod, classmethod)):
        return type(target)(wrap(target.__func__, around, scope))
    # pytest: a class of its own since 8.4, before that the function with a mark.
    if type(target).__name__ == "FixtureFunctionDefinition" or hasattr(
        target, "_pytestfixturefunction"
    ):
        raise TypeError("mock_proton belongs below @pytest.fixture: it wraps the function itself")
    if not callable(target):
        raise TypeError(f"mock_proton decorates functions and classes, not {target!r}")
    return wrap_function(target, lambda args: around(scope))
