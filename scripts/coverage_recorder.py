"""A pytest plugin that records which test got which answer from which operation.

``python -m scripts.coverage`` loads it, and says by an environment variable where to write. Answers
that come from another process (a server, a subprocess) are not seen.
"""

from __future__ import annotations

import ast
import inspect
import json
import os
import textwrap
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

DIRECTORY = "MOTO_PROTON_COVERAGE_DIR"
"""The environment variable that names the directory to write to."""

SUCCESS = "success"

_EXPECTS_AN_EXCEPTION = ("raises", "refused")
"""``pytest.raises``, and the fixture of the tests of operations."""


class Recorder:
    """Collects (operation, answer, test) while tests run, and writes them down at the end.

    An answer is ``success`` or the code of an exception; ``injected`` marks those that a fault
    brought about, ``weight`` is the number of different answers that the test got: few mean that
    it is about them. ``direct`` says that the code of the test itself names the operation,
    ``asserts`` and ``refuses`` that it holds an ``assert``, or expects an exception.

    An answer without anything in it (a delete of nothing, an empty list) is no success, unless the
    operation's answers are all like that.
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._seen: Counter[tuple[str, str, bool]] | None = None
        self._injected = False
        self._notes: list[dict[str, Any]] = []

    def watch(self) -> None:
        """Record every answer of this process's mock from now on."""
        from moto_proton.proton.account.faults import book
        from moto_proton.proton.exceptions import ProtonError
        from moto_proton.proton.responses import base

        answer = base.ProtonResponse._answer
        take_error = book.take_error

        def taken(operation: str) -> ProtonError | None:
            error = take_error(operation)
            self._injected = error is not None
            return error

        def noted(response: Any, request: Any) -> str:
            target = response.headers.get("X-Amz-Target", "")
            name = target.decode() if isinstance(target, bytes) else str(target)
            operation = name.partition(".")[2]
            self._injected = False
            try:
                body = answer(response, request)
            except ProtonError as error:
                self._note(operation, error.code)
                raise
            if _has_content(operation, body):
                self._note(operation, SUCCESS)
            return body

        # On the instance, and without functools.wraps: the tests' own watch looks for __wrapped__.
        book.take_error = taken  # type: ignore[method-assign]
        base.ProtonResponse._answer = noted  # type: ignore[method-assign, assignment]

    def _note(self, operation: str, answer: str) -> None:
        if self._seen is not None:
            self._seen[operation, answer, self._injected] += 1

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Iterator[None]:
        """Record the answers while the test itself runs, without its fixtures."""
        self._seen = Counter()
        try:
            yield
        except BaseException:
            self._seen = None  # a test that fails or is skipped exercises nothing
            raise
        seen, self._seen = self._seen, None
        words = _words_of(item)
        for operation, answer, injected in seen:
            self._notes.append(
                {
                    "operation": operation,
                    "answer": answer,
                    "injected": injected,
                    "test": item.nodeid.partition("[")[0],
                    "weight": len(seen),
                    "direct": operation in words or _snake(operation) in words,
                    "asserts": _holds(item.obj, ast.Assert),  # type: ignore[attr-defined]
                    "refuses": not words.isdisjoint(_EXPECTS_AN_EXCEPTION),
                }
            )

    def pytest_sessionfinish(self) -> None:
        """Write the notes of this process."""
        if self._notes:
            path = self._directory / f"{uuid.uuid4()}.json"
            path.write_text(json.dumps(self._notes), encoding="utf-8")


def pytest_configure(config: pytest.Config) -> None:
    """Start to record, if there is a directory to write to."""
    directory = os.environ.get(DIRECTORY)
    if directory:
        recorder = Recorder(Path(directory))
        recorder.watch()
        config.pluginmanager.register(recorder, "moto-proton-coverage-recorder")


def _has_content(operation: str, body: str) -> bool:
    from moto_proton import api

    shape: Any = api.service_model().operation_model(operation).output_shape
    if shape is None or not shape.members:
        return True
    members = json.loads(body)
    return any(value not in ([], {}, None, "") for value in members.values())


def _snake(name: str) -> str:
    return "".join(f"_{char.lower()}" if char.isupper() else char for char in name).lstrip("_")


def _words_of(item: pytest.Item) -> set[str]:
    """The names and strings of a test function, with the values of its parameters."""
    words = set(_words_in(item.obj))  # type: ignore[attr-defined]
    callspec = getattr(item, "callspec", None)
    if callspec is not None:
        words.update(value for value in callspec.params.values() if isinstance(value, str))
    return words


@cache
def _words_in(function: Callable[..., object]) -> frozenset[str]:
    words: set[str] = set(inspect.signature(function).parameters)
    names = getattr(function, "__globals__", {})
    for node in ast.walk(_tree_of(function)):
        if isinstance(node, ast.Attribute):
            words.add(node.attr)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            words.add(node.value)
        elif isinstance(node, ast.Name):
            value = names.get(node.id)  # CALL = "notify_..."
            if isinstance(value, str):
                words.add(value)
    return frozenset(words)


@cache
def _holds(function: Callable[..., object], kind: type[ast.AST]) -> bool:
    return any(isinstance(node, kind) for node in ast.walk(_tree_of(function)))


def _tree_of(function: Callable[..., object]) -> ast.AST:
    return ast.parse(textwrap.dedent(inspect.getsource(function)))
