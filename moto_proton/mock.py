"""``mock_proton``: moto's mock with Proton in it, in every form in which tests want to use it.

All uses that overlap share one ``mock_aws``. Each use sets its own credentials and configuration on
top of those of the use before, and each can end in any order: the last one to end restores the
original values. How functions and classes are wrapped is decided in ``wrapping``; what moto has to
do, in ``bridge``. Like moto's, the mock holds for the whole process: all threads and all tasks of
an event loop share it. Source: moto's ``mock_aws``, whose forms and behaviour it copies.

Internal: no part of the public API.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, TypeVar, overload

from moto_proton import bridge
from moto_proton.forking import ForkSafeLock
from moto_proton.wrapping import ResetOptions, wrap

if TYPE_CHECKING:
    from moto.core.models import MockAWS
    from typing_extensions import Self

F = TypeVar("F", bound=Callable[..., Any])

_FAKE_CREDENTIALS: Final = {
    "AWS_ACCESS_KEY_ID": "FOOBARKEY",
    "AWS_SECRET_ACCESS_KEY": "FOOBARSECRET",
}
"""The same fake credentials that moto puts into the environment."""


@overload
def mock_proton(func: F, config: Mapping[str, object] | None = None) -> F: ...


@overload
def mock_proton(func: None = None, config: Mapping[str, object] | None = None) -> MockProton: ...


def mock_proton(
    func: F | None = None, config: Mapping[str, object] | None = None
) -> F | MockProton:
    """Mock Proton and the rest of AWS: a decorator, a context manager, or started and stopped by
    hand.

    Decorates functions, coroutine functions, generator functions of both kinds (so fixtures), and
    classes of tests, with or without parentheses; works in ``with`` and ``async with``. ``config``
    is moto's own configuration, and ``{"proton": {...}}`` as ``moto_proton.settings`` describes it.
    Raises ``ValueError``, before anything is patched, if that part of it is wrong, or if the
    configuration has a key that neither moto nor moto_proton reads.
    """
    mock = MockProton(config)
    return mock if func is None else mock(func)


class MockProton:
    """A mock that can be started any number of times, even while it is active."""

    def __init__(self, config: Mapping[str, object] | None = None) -> None:
        if config is not None and not isinstance(config, Mapping):
            raise ValueError(f"config must be a mapping, not {type(config).__name__}")
        self._config = dict(config or {})
        if self._config:
            _check(self._config)
        self._uses: list[_Use] = []

    @overload
    def __call__(self, func: F, reset: bool = True, remove_data: bool = True) -> F: ...

    @overload
    def __call__(self, func: None = None, reset: bool = True, remove_data: bool = True) -> Self: ...

    def __call__(
        self, func: F | None = None, reset: bool = True, remove_data: bool = True
    ) -> F | Self:
        """Decorate a function or a class; see :func:`mock_proton`."""
        if func is None:
            return self
        decorated: F = wrap(func, self._around, ResetOptions(reset, remove_data))
        return decorated

    def start(self, reset: bool = True) -> None:
        """Start mocking; with ``reset``, and if no mock is active yet, on empty backends."""
        self._uses.append(_process.enter(self._config, reset))

    def stop(self, remove_data: bool = True) -> None:
        """Undo the last :meth:`start`; with ``remove_data``, the last mock to end empties the
        backends.

        Raises ``RuntimeError`` if there was no start.
        """
        if not self._uses:
            raise RuntimeError("Called stop() before start().")
        _process.leave(self._uses.pop(), remove_data)

    def reset(self) -> None:
        """Empty all backends; the mock stays active."""
        _process.reset()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()

    async def __aenter__(self) -> Self:
        self.start()
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()

    def _around(self, scope: ResetOptions) -> AbstractContextManager[object]:
        # Not start() and stop(): calls of one decorated function may overlap in threads and tasks,
        # and each has to end its own use.
        return self._use(scope)

    @contextmanager
    def _use(self, scope: ResetOptions) -> Iterator[None]:
        use = _process.enter(self._config, scope.reset)
        try:
            yield
        finally:
            _process.leave(use, scope.remove_data)


def _check(config: Mapping[str, object]) -> None:
    """Refuse what nobody would read; only for keys of moto's does moto have to be imported."""
    from moto_proton import settings

    if set(config) != {"proton"}:
        settings.check_top(config, bridge.moto_config_keys())
    settings.check(config.get("proton"))


def _not_hidden(config: Mapping[str, object]) -> Mapping[str, object]:
    """The configuration, with Proton in moto's list of the services that it answers for, if one is
    in force: whoever starts this mock wants it.
    """
    core = config.get("core", bridge.moto_config().get("core"))
    if not isinstance(core, Mapping):
        return config
    listed = core.get("service_whitelist")
    if listed is None or "proton" in listed:
        return config
    return {**config, "core": {**core, "service_whitelist": [*listed, "proton"]}}


class _Missing:
    """Marks a key that had no value."""


_MISSING: Final = _Missing()


@dataclass(eq=False, slots=True)
class _Overlay:
    """Values laid over a mapping; ``before`` is what to put back, by key."""

    target: MutableMapping[str, Any]
    before: dict[str, Any] = field(default_factory=dict)

    def lay(self, values: Mapping[str, object]) -> None:
        self.before = {key: self.target.get(key, _MISSING) for key in values}
        self.target.update(values)

    def lift(self, above: list[_Overlay]) -> None:
        """Restore the old values; for a key that a later overlay has covered, hand the old value to
        that overlay, which restores it when it is lifted.
        """
        for key, value in self.before.items():
            cover = next((o for o in above if o.target is self.target and key in o.before), None)
            if cover is not None:
                cover.before[key] = value
            elif value is _MISSING:
                self.target.pop(key, None)
            else:
                self.target[key] = value


@dataclass(eq=False, slots=True)
class _Use:
    """One call of ``start`` that has not been stopped yet."""

    overlays: list[_Overlay] = field(default_factory=list)


class _Process:
    """The active uses in this process, and the one moto mock that they share.

    Nested moto mocks restore everything only if they end in the opposite order, and not always even
    then; so there is a single one, which ends with the last use.
    """

    def __init__(self) -> None:
        self._lock = ForkSafeLock()
        self._uses: list[_Use] = []
        self._beneath: MockAWS | None = None
        self._requests = ExitStack()
        self._faults_left = False

    def enter(self, config: Mapping[str, object], reset: bool) -> _Use:
        bridge.register()
        with self._lock:
            use = _Use()
            self._uses.append(use)
            try:
                self._lay(use, bridge.moto_config(), _not_hidden(config))
                if "proton" in config and bridge.is_server_mode():
                    from moto_proton.control_routes.configuration import server_config

                    self._lay(use, server_config, {"proton": config["proton"]})
                if bridge.fakes_credentials():
                    self._lay(use, os.environ, _FAKE_CREDENTIALS)
                if self._beneath is None:
                    self._start_beneath(reset)
            except BaseException:
                self._lift(use)
                raise
            return use

    def leave(self, use: _Use, remove_data: bool) -> None:
        with self._lock:
            try:
                if self._uses == [use]:
                    self._stop_beneath(remove_data)
            finally:
                self._lift(use)

    def reset(self) -> None:
        with self._lock:
            if self._beneath is not None:
                bridge.empty_moto(self._beneath)

    def _start_beneath(self, reset: bool) -> None:
        outermost = not bridge.mock_is_active()
        self._beneath = bridge.start_moto(reset=reset)
        self._requests.enter_context(bridge.intercepted_requests())
        if outermost and reset and self._faults_left:
            self._clear_faults()

    def _stop_beneath(self, remove_data: bool) -> None:
        beneath, self._beneath = self._beneath, None
        if beneath is None:
            return
        try:
            bridge.stop_moto(beneath, remove_data=remove_data)
        finally:
            # After moto, whose stop leaves a shorter list to search.
            self._requests.close()
            if not bridge.mock_is_active():
                # Faults are kept and cleared together with the data, so that those from a setUp
                # hold in its test.
                if remove_data:
                    self._clear_faults()
                else:
                    self._faults_left = True

    def _clear_faults(self) -> None:
        self._faults_left = False
        for name in ("moto_proton.faults", "moto_proton.git"):
            module = sys.modules.get(name)
            if module is not None:
                module.clear()

    def _lay(
        self, use: _Use, target: MutableMapping[str, Any], values: Mapping[str, object]
    ) -> None:
        overlay = _Overlay(target)
        use.overlays.append(overlay)
        overlay.lay(values)

    def _lift(self, use: _Use) -> None:
        index = self._uses.index(use)
        above = [overlay for later in self._uses[index + 1 :] for overlay in later.overlays]
        del self._uses[index]
        for overlay in use.overlays:
            overlay.lift(above)


_process = _Process()
