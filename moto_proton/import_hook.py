"""Calls a function as soon as another module has been imported, without importing that module.

It knows nothing about moto: ``moto_proton/__init__.py`` decides which modules to wait for and what
to do then. Rules: the import system, Python's language reference, "The import system", 5.3.

Internal: no part of the public API.
"""

from __future__ import annotations

import importlib
import sys
import threading
from collections.abc import Callable, Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

Callback = Callable[[], object]


def when_imported(name: str, callback: Callback) -> None:
    """Call ``callback`` once, as soon as the module ``name`` has been executed.

    An exception from the callback reaches the code that imports the module. A failed import keeps
    the callback waiting for the next attempt.
    """
    if name not in sys.modules:
        _watcher.wait_for(name, callback)
        # Another thread may have found the module's spec before we started waiting, and imported it
        # since.
        if name not in sys.modules or not _watcher.withdraw(name, callback):
            return
    # Returns at once, or when the thread that is executing the module has finished.
    importlib.import_module(name)
    callback()


class _Watcher(MetaPathFinder):
    """Has the other finders look for an awaited module, and wraps the loader that they return.

    It is on ``sys.meta_path`` only while a module is awaited.
    """

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._waiting: dict[str, list[Callback]] = {}
        self._asking = threading.local()

    def wait_for(self, name: str, callback: Callback) -> None:
        with self._lock:
            self._waiting.setdefault(name, []).append(callback)
            if self not in sys.meta_path:
                sys.meta_path.insert(0, self)

    def withdraw(self, name: str, callback: Callback) -> bool:
        """Stop waiting; False if the callback has been called already."""
        with self._lock:
            waiting = self._waiting.get(name, [])
            if callback not in waiting:
                return False
            waiting.remove(callback)
            if not waiting:
                self._forget(name)
            return True

    def announce(self, name: str) -> None:
        with self._lock:
            callbacks = self._waiting.get(name, [])
            self._forget(name)
        for callback in callbacks:
            callback()

    def _forget(self, name: str) -> None:
        self._waiting.pop(name, None)
        if not self._waiting and self in sys.meta_path:
            sys.meta_path.remove(self)

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        # A finder that goes through sys.meta_path itself calls us again: then there is nothing to
        # add.
        if fullname not in self._waiting or fullname in vars(self._asking):
            return None
        setattr(self._asking, fullname, True)
        try:
            spec = self._ask_others(fullname, path, target)
        finally:
            delattr(self._asking, fullname)
        if spec is not None and hasattr(spec.loader, "exec_module"):
            spec.loader = _AnnouncingLoader(spec.loader, self)
        return spec

    def _ask_others(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None
    ) -> ModuleSpec | None:
        for finder in list(sys.meta_path):
            find_spec = getattr(finder, "find_spec", None)
            if finder is self or find_spec is None:
                continue
            spec: ModuleSpec | None = find_spec(fullname, path, target)
            if spec is not None:
                return spec
        return None


class _AnnouncingLoader(Loader):
    """The real loader, which in addition reports when the module has been executed."""

    def __init__(self, loader: Any, watcher: _Watcher) -> None:
        self._loader = loader
        self._watcher = watcher

    def __getattr__(self, name: str) -> Any:
        return getattr(self._loader, name)

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        module: ModuleType | None = self._loader.create_module(spec)
        return module

    def exec_module(self, module: ModuleType) -> None:
        # The module must see its real loader: tools ask that for source and data files.
        module.__loader__ = self._loader
        if module.__spec__ is not None:
            module.__spec__.loader = self._loader
        self._loader.exec_module(module)
        self._watcher.announce(module.__name__)


_watcher = _Watcher()
