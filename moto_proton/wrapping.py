"""Puts a context around functions of every kind, and around the methods of a class of tests.

It knows nothing about mocks: the context is passed in, so that the rules for what is wrapped, and
how, can be read and tested on their own. Source: moto's own decorator for which methods of a class
are wrapped and when state is reset; Python's reference (PEP 342, 380 and 525) for generators.

Internal: no part of the public API.
"""

from __future__ import annotations

import functools
import inspect
import unittest
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from types import FunctionType
from typing import Any, Final, TypeVar

F = TypeVar("F", bound=Callable[..., Any])
C = TypeVar("C", bound=type)


@dataclass(frozen=True, slots=True)
class Scope:
    """Whether the state is emptied before the call (``reset``) and after it (``remove_data``)."""

    reset: bool = True
    remove_data: bool = True


Around = Callable[[Scope], AbstractContextManager[object]]
"""Makes the context that a call runs in; called anew for each call."""

KEEP: Final = Scope(reset=False, remove_data=False)
SET_UP: Final = Scope(reset=True, remove_data=False)
FRESH: Final = Scope()

# In the order in which pytest and unittest call them: a test starts with the first one that its
# class has.
_SET_UPS: Final = ("setup_method", "setUp", "asyncSetUp")
_COUNTED: Final = frozenset(
    f"{moment}_{what}"
    for moment in ("setup", "teardown")
    for what in ("method", "function", "class", "module")
)
_TEAR_DOWNS: Final = ("asyncTearDown", "tearDown", "teardown_method")


def wrap(target: Any, around: Around, scope: Scope = FRESH) -> Any:
    """Wrap a function, or the methods of a class (which is changed and returned).

    Raises ``TypeError`` for what can't be called.
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
    return wrap_function(target, around, scope)


def wrap_function(function: F, around: Around, scope: Scope) -> F:
    """The same function, in the context for as long as its body runs.

    The body of a coroutine function runs while it is awaited; that of a generator function from the
    first value asked for until it is exhausted or closed, so while it is suspended in a ``yield``
    too.
    """
    wrapper: Any
    if inspect.isasyncgenfunction(function):
        wrapper = _around_async_generator(function, around, scope)
    elif inspect.iscoroutinefunction(function):
        wrapper = _around_coroutine(function, around, scope)
    elif inspect.isgeneratorfunction(function):
        wrapper = _around_generator(function, around, scope)
    else:
        wrapper = _around_call(function, around, scope)
    functools.update_wrapper(wrapper, function)
    wrapped: F = wrapper
    return wrapped


def _around_call(function: Callable[..., Any], around: Around, scope: Scope) -> Any:
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        with around(scope):
            return function(*args, **kwargs)

    if getattr(function, "__name__", "") in _COUNTED and isinstance(function, FunctionType):
        # pytest passes these functions one more argument if they take one, so the wrapper must take
        # as many.
        if function.__code__.co_argcount == 1:
            return lambda first, /: wrapper(first)
        if function.__code__.co_argcount == 2:
            return lambda first, second, /: wrapper(first, second)
    return wrapper


def _around_coroutine(function: Callable[..., Any], around: Around, scope: Scope) -> Any:
    async def wrapper(*args: Any, **kwargs: Any) -> Any:
        with around(scope):
            return await function(*args, **kwargs)

    return wrapper


def _around_generator(function: Callable[..., Any], around: Around, scope: Scope) -> Any:
    def wrapper(*args: Any, **kwargs: Any) -> Generator[Any, Any, Any]:
        with around(scope):
            return (yield from function(*args, **kwargs))

    return wrapper


def _around_async_generator(function: Callable[..., Any], around: Around, scope: Scope) -> Any:
    async def wrapper(*args: Any, **kwargs: Any) -> AsyncGenerator[Any, Any]:
        with around(scope):
            generator: AsyncGenerator[Any, Any] = function(*args, **kwargs)
            # Python has no `yield from` for asynchronous generators; this is what it would do.
            try:
                value = await generator.__anext__()
                while True:
                    try:
                        sent = yield value
                    except GeneratorExit:
                        raise
                    except BaseException as error:
                        value = await generator.athrow(error)
                    else:
                        value = await generator.asend(sent)
            except StopAsyncIteration:
                return
            finally:
                await generator.aclose()

    return wrapper


def wrap_class(tests: C, around: Around) -> C:
    """Wrap the methods of a class of tests, in place.

    Public methods defined by the class are wrapped, and tests, set-up and tear-down also if they
    are inherited. Each test starts empty; but if there is a set-up method then that one starts
    empty, and what it makes is there in the test. Static methods, class methods, properties and
    fixtures are left alone. Classes nested in the class are treated likewise.
    """
    methods = _methods_of(tests)
    set_up = next((name for name in _SET_UPS if name in methods), None)
    for name, function in methods.items():
        if name == set_up:
            scope = SET_UP
        elif set_up is None and name.startswith(unittest.TestLoader.testMethodPrefix):
            scope = FRESH
        else:
            scope = KEEP
        if name not in vars(tests):
            function = _forwarding(tests, name, function)
        setattr(tests, name, wrap_function(function, around, scope))
    for name, inner in list(vars(tests).items()):
        if not name.startswith("_") and _is_defined_in(tests, inner):
            wrap_class(inner, around)
    return tests


def _methods_of(tests: type) -> dict[str, FunctionType]:
    """Name to function, of the methods to wrap; the nearest definition of each."""
    methods: dict[str, FunctionType] = {}
    seen: set[str] = set()
    for base in tests.__mro__:
        if base is object or base.__module__.split(".")[0] == "unittest":
            continue
        for name, value in vars(base).items():
            if name in seen:
                continue
            seen.add(name)
            wanted = base is tests or _is_called_by_a_runner(name)
            if isinstance(value, FunctionType) and wanted and not name.startswith("_"):
                methods[name] = value
    return methods


def _is_called_by_a_runner(name: str) -> bool:
    return (
        name.startswith(unittest.TestLoader.testMethodPrefix)
        or name in _SET_UPS
        or name in _TEAR_DOWNS
    )


def _forwarding(tests: type, name: str, inherited: FunctionType) -> FunctionType:
    """A method for ``tests`` that calls the inherited one, wherever it stands in the method
    resolution order of a subclass.
    """
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
