"""Runs functions of every kind inside a context manager.

Source: Python's reference (PEP 342, 380 and 525) for generators.

Internal: no part of the public API.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from types import FunctionType
from typing import Any, Final, TypeVar

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class ResetOptions:
    """Whether the state is emptied before the call (``reset``) and after it (``remove_data``)."""

    reset: bool = True
    remove_data: bool = True


Around = Callable[[ResetOptions], AbstractContextManager[object]]
"""Makes the context that a call runs in; called anew for each call."""

Enter = Callable[[tuple[Any, ...]], AbstractContextManager[object]]
"""Makes the context of a call from the call's positional arguments."""

KEEP: Final = ResetOptions(reset=False, remove_data=False)
SET_UP: Final = ResetOptions(reset=True, remove_data=False)
FRESH: Final = ResetOptions()

_COUNTED: Final = frozenset(
    f"{moment}_{what}"
    for moment in ("setup", "teardown")
    for what in ("method", "function", "class", "module")
)


def wrap_function(function: F, enter: Enter) -> F:
    """Wrap a function so that its body runs inside the context.

    The body of a coroutine function runs while it is awaited; that of a generator function from the
    first value asked for until it is exhausted or closed, so while it is suspended in a ``yield``
    too.
    """
    wrapper: Any
    if inspect.isasyncgenfunction(function):
        wrapper = _around_async_generator(function, enter)
    elif inspect.iscoroutinefunction(function):
        wrapper = _around_coroutine(function, enter)
    elif inspect.isgeneratorfunction(function):
        wrapper = _around_generator(function, enter)
    else:
        wrapper = _around_call(function, enter)
    functools.update_wrapper(wrapper, function)
    wrapped: F = wrapper
    return wrapped


def _around_call(function: Callable[..., Any], enter: Enter) -> Any:
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        with enter(args):
            return function(*args, **kwargs)

    if getattr(function, "__name__", "") in _COUNTED and isinstance(function, FunctionType):
        # pytest passes these functions an argument only if they have a parameter for it, so the
        # wrapper must have the same number of parameters.
        if function.__code__.co_argcount == 1:
            return lambda first, /: wrapper(first)
        if function.__code__.co_argcount == 2:
            return lambda first, second, /: wrapper(first, second)
    return wrapper


def _around_coroutine(function: Callable[..., Any], enter: Enter) -> Any:
    async def wrapper(*args: Any, **kwargs: Any) -> Any:
        with enter(args):
            return await function(*args, **kwargs)

    return wrapper


def _around_generator(function: Callable[..., Any], enter: Enter) -> Any:
    def wrapper(*args: Any, **kwargs: Any) -> Generator[Any, Any, Any]:
        with enter(args):
            return (yield from function(*args, **kwargs))

    return wrapper


def _around_async_generator(function: Callable[..., Any], enter: Enter) -> Any:
    async def wrapper(*args: Any, **kwargs: Any) -> AsyncGenerator[Any, Any]:
        with enter(args):
            generator: AsyncGenerator[Any, Any] = function(*args, **kwargs)
            # Python has no `yield from` for asynchronous generators; this does the same.
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
