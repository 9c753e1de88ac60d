"""Runs the tests of a class, with set-up, tear-down and clean-ups, inside a context manager.

unittest calls ``run`` of each test, pytest calls methods and fixtures, and a test may call a method
itself: each has a wrapper. Wrappers may nest, because only the outermost one empties the state. The
wrappers of fixtures are in ``pytest_plugin``, which calls ``around_of``. Source: moto's own
decorator for which methods of a class are wrapped and when state is emptied; ``unittest/suite.py``
and ``case.py`` of Python 3.10 to 3.14.

Internal: no part of the public API.
"""

from __future__ import annotations

import functools
import inspect
import sys
import unittest
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from types import FunctionType
from typing import Any, Final, TypeVar

from moto_proton.wrapping.functions import FRESH, KEEP, SET_UP, Around, ResetOptions, wrap_function

C = TypeVar("C", bound=type)

_AROUND: Final = "_moto_proton_around"
"""The attribute of a wrapped class that holds the context of its tests; subclasses inherit it."""

# In the order in which pytest and unittest call them: the first one that a class has starts its
# tests.
_SET_UPS: Final = ("setup_method", "setUp", "asyncSetUp")
_TEAR_DOWNS: Final = ("asyncTearDown", "tearDown", "teardown_method")
_RUNNERS: Final = ("run", "debug")
_OF_CLASSES: Final = {
    "setup_class": SET_UP,
    "setUpClass": SET_UP,
    "teardown_class": KEEP,
    "tearDownClass": KEEP,
}


def wrap_class(tests: C, around: Around) -> C:
    """Wrap the tests of a class and of its subclasses, in place.

    Public methods defined by the class are wrapped, and tests, set-up and tear-down also if they
    are inherited; so are set-up and tear-down of the class, and the clean-ups of unittest. Each
    test starts with an empty state. If there is a set-up method, the state is emptied before it,
    and the test finds what it made; what the set-up of the class made is gone by then. Other static
    methods, class methods and properties are left alone. Classes nested in the class are treated
    likewise.
    """
    before = vars(tests).get(_AROUND)
    if before is None:
        _wrap_members(tests)
    elif not isinstance(before, _Inherited):
        around = _both(around, before)  # two decorators
    setattr(tests, _AROUND, staticmethod(around))
    _wrap_nested(tests, around)
    return tests


class _Inherited(staticmethod):  # type: ignore[type-arg]
    """The context of a class that was wrapped because a base of it is."""


def around_of(tests: object) -> Around | None:
    """The context of a class that is wrapped or has a wrapped base; None for other objects."""
    around: Around | None = getattr(tests, _AROUND, None)
    return around


def _both(outer: Around, inner: Any) -> Around:
    @contextmanager
    def around(scope: ResetOptions) -> Iterator[None]:
        with outer(scope), inner.__func__(scope):
            yield

    return around


def _enter(
    tests: type, scope: ResetOptions
) -> Callable[[tuple[Any, ...]], AbstractContextManager[object]]:
    """Makes the context of the class that a call's first argument is, or is an instance of.

    So the decorator of a subclass also applies to the methods that the subclass has inherited.
    """

    def enter(args: tuple[Any, ...]) -> AbstractContextManager[object]:
        first = args[0] if args else tests
        of = first if isinstance(first, type) else type(first)
        around = around_of(of) or around_of(tests)
        assert around is not None
        return around(scope)

    return enter


def _wrap_nested(tests: type, around: Around) -> None:
    for name, inner in list(vars(tests).items()):
        if not name.startswith("_") and _is_defined_in(tests, inner):
            wrap_class(inner, around)


def _wrap_members(tests: type) -> None:
    is_first = not hasattr(tests, _AROUND)
    _wrap_methods(tests)
    _wrap_what_is_of_the_class(tests)
    if issubclass(tests, unittest.TestCase):
        _wrap_runners(tests, is_first)
        if is_first:
            _wrap_class_cleanups(tests)
    if is_first:
        _wrap_subclasses_to_come(tests)


# --- Methods ---


def _wrap_methods(tests: type) -> None:
    methods = _methods_of(tests)
    set_up = next((name for name in _SET_UPS if name in methods), None)
    for name, (owner, function) in methods.items():
        if _AROUND in vars(owner):
            continue  # it was wrapped together with the class that defines it
        if name == set_up:
            scope = SET_UP
        elif set_up is None and name.startswith(unittest.TestLoader.testMethodPrefix):
            scope = FRESH
        else:
            scope = KEEP
        if owner is not tests:
            function = _forwarding(tests, name, function)
        setattr(tests, name, wrap_function(function, _enter(tests, scope)))


def _methods_of(tests: type) -> dict[str, tuple[type, FunctionType]]:
    """Name to class and function, of the methods to wrap; the nearest definition of each."""
    methods: dict[str, tuple[type, FunctionType]] = {}
    seen: set[str] = set()
    for base in tests.__mro__:
        if base is object or _is_of_unittest(base):
            continue
        for name, value in vars(base).items():
            if name in seen:
                continue
            seen.add(name)
            wanted = base is tests or _is_called_by_a_runner(name)
            if isinstance(value, FunctionType) and wanted and not name.startswith("_"):
                methods[name] = (base, value)
    for name in _RUNNERS if issubclass(tests, unittest.TestCase) else ():
        methods.pop(name, None)
    return methods


def _is_of_unittest(base: type) -> bool:
    return base.__module__.split(".")[0] == "unittest"


def _is_called_by_a_runner(name: str) -> bool:
    return (
        name.startswith(unittest.TestLoader.testMethodPrefix)
        or name in _SET_UPS
        or name in _TEAR_DOWNS
    )


def _forwarding(tests: type, name: str, inherited: FunctionType) -> FunctionType:
    """A method for ``tests`` that calls the inherited one, wherever it stands in a subclass's
    order."""
    forward: Any
    if inspect.iscoroutinefunction(inherited):

        async def forward_async(self: Any, *args: Any, **kwargs: Any) -> Any:
            return await getattr(super(tests, self), name)(*args, **kwargs)

        forward = forward_async
    else:

        def forward_call(self: Any, *args: Any, **kwargs: Any) -> Any:
            return getattr(super(tests, self), name)(*args, **kwargs)

        forward = forward_call
    functools.update_wrapper(forward, inherited)
    function: FunctionType = forward
    return function


def _is_defined_in(outer: type, inner: object) -> bool:
    return (
        isinstance(inner, type)
        and inner.__module__ == outer.__module__
        and inner.__qualname__ == f"{outer.__qualname__}.{inner.__name__}"
    )


# --- Once for the class, and around each test ---


def _wrap_what_is_of_the_class(tests: type) -> None:
    for name, scope in _OF_CLASSES.items():
        owner = next((base for base in tests.__mro__ if name in vars(base)), None)
        if owner is None or _AROUND in vars(owner) or _is_of_unittest(owner):
            continue
        value = vars(owner)[name]
        if owner is not tests:
            forward = _forwarding(tests, name, value.__func__)
            setattr(tests, name, classmethod(wrap_function(forward, _enter(tests, scope))))
        elif isinstance(value, (classmethod, staticmethod)):
            wrapped: Any = wrap_function(value.__func__, _enter(tests, scope))
            setattr(tests, name, type(value)(wrapped))


def _wrap_runners(tests: type, is_first: bool) -> None:
    """Run all that unittest does for a test, clean-ups included, inside the context.

    The wrappers are not plain functions, because moto's decorator, applied on top of this one,
    would wrap those again, with resets of its own.
    """
    for name in _RUNNERS:
        own = vars(tests).get(name)
        if own is not None or is_first:
            setattr(tests, name, functools.partialmethod(_run, tests, name, own))


def _wrap_class_cleanups(tests: type) -> None:
    """Run each clean-up of the class, which unittest calls last, inside the context."""

    def add(cls: Any, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> None:
        wrapped = wrap_function(function, lambda _: _enter(tests, KEEP)((cls,)))
        getattr(super(tests, cls), name)(wrapped, *args, **kwargs)

    name = "addClassCleanup"
    setattr(tests, name, classmethod(add))


def _run(self: Any, tests: type, name: str, own: Any, *args: Any, **kwargs: Any) -> Any:
    run = own.__get__(self, type(self)) if own is not None else getattr(super(tests, self), name)
    with ExitStack() as stack:
        try:
            stack.enter_context(_enter(tests, FRESH)((self,)))
        except Exception:
            result = args[0] if args else kwargs.get("result")
            if result is None:
                raise
            # Report it as the error of this test, so that the other tests still run.
            result.startTest(self)
            result.addError(self, sys.exc_info())
            result.stopTest(self)
            return result
        return run(*args, **kwargs)


def _wrap_subclasses_to_come(tests: type) -> None:
    hook = "__init_subclass__"
    own: Any = vars(tests).get(hook)

    def init_subclass(cls: Any, /, **kwargs: Any) -> None:
        if own is None:
            getattr(super(tests, cls), hook)(**kwargs)
        else:
            own.__get__(None, cls)(**kwargs)
        if _AROUND not in vars(cls):
            around: Around = getattr(cls, _AROUND)
            _wrap_members(cls)
            setattr(cls, _AROUND, _Inherited(around))
            _wrap_nested(cls, around)

    setattr(tests, hook, classmethod(init_subclass))
