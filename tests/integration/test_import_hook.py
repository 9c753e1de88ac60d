from __future__ import annotations

import importlib
import importlib.util
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from moto_proton.import_hook import _watcher, when_imported

MakeModule = Callable[[str, str], str]


@pytest.fixture
def make_module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MakeModule]:
    """Writes a module that can be imported by its name."""
    monkeypatch.syspath_prepend(str(tmp_path))
    made: list[str] = []

    def make(name: str, text: str) -> str:
        (tmp_path / f"{name}.py").write_text(text)
        importlib.invalidate_caches()
        made.append(name)
        return name

    yield make
    for name in made:
        sys.modules.pop(name, None)
        _watcher._forget(name)


def test_the_callback_runs_once_the_module_has_been_executed(make_module: MakeModule) -> None:
    name = make_module("hooked_once", "VALUE = 41 + 1")
    seen: list[int] = []
    when_imported(name, lambda: seen.append(sys.modules[name].VALUE))
    assert seen == []

    importlib.import_module(name)
    importlib.reload(sys.modules[name])

    assert seen == [42]


def test_the_callback_runs_at_once_if_the_module_is_there(make_module: MakeModule) -> None:
    name = make_module("hooked_late", "")
    importlib.import_module(name)
    seen: list[str] = []

    when_imported(name, lambda: seen.append("called"))

    assert seen == ["called"]


def test_every_callback_of_a_module_runs_in_order(make_module: MakeModule) -> None:
    name = make_module("hooked_twice", "")
    seen: list[str] = []
    when_imported(name, lambda: seen.append("first"))
    when_imported(name, lambda: seen.append("second"))

    importlib.import_module(name)

    assert seen == ["first", "second"]


def test_the_hook_leaves_nothing_behind(make_module: MakeModule) -> None:
    name = make_module("hooked_clean", "")
    before = [finder for finder in sys.meta_path if finder is not _watcher]
    when_imported(name, lambda: None)
    assert sys.meta_path[0] is _watcher

    module = importlib.import_module(name)

    assert type(module.__spec__.loader).__name__ == "SourceFileLoader"  # type: ignore[union-attr]
    assert module.__loader__ is module.__spec__.loader  # type: ignore[union-attr]
    assert name not in _watcher._waiting
    assert [finder for finder in sys.meta_path if finder is not _watcher] == before


def test_looking_for_a_module_is_not_importing_it(make_module: MakeModule) -> None:
    name = make_module("hooked_sought", "TEXT = 'here'")
    seen: list[str] = []
    when_imported(name, lambda: seen.append("called"))

    spec = importlib.util.find_spec(name)

    assert spec is not None
    assert spec.loader is not None
    assert spec.loader.get_source(name) == "TEXT = 'here'"  # type: ignore[attr-defined]
    assert seen == []
    importlib.import_module(name)
    assert seen == ["called"]


def test_an_import_that_fails_is_reported_and_can_be_tried_again(
    make_module: MakeModule, tmp_path: Path
) -> None:
    name = make_module("hooked_broken", "raise RuntimeError('not today')")
    seen: list[str] = []
    when_imported(name, lambda: seen.append("called"))
    with pytest.raises(RuntimeError, match="not today"):
        importlib.import_module(name)
    assert seen == []

    (tmp_path / f"{name}.py").write_text("VALUE = 'quite another length'")
    importlib.invalidate_caches()
    importlib.import_module(name)

    assert seen == ["called"]


def test_a_module_that_does_not_exist_is_still_missing() -> None:
    when_imported("no_such_module_at_all", lambda: None)
    try:
        with pytest.raises(ModuleNotFoundError, match="no_such_module_at_all"):
            importlib.import_module("no_such_module_at_all")
    finally:
        _watcher._forget("no_such_module_at_all")


def test_what_the_callback_raises_reaches_the_importer(make_module: MakeModule) -> None:
    name = make_module("hooked_unlucky", "")

    def refuse() -> None:
        raise ImportError("incompatible")

    when_imported(name, refuse)
    with pytest.raises(ImportError, match="incompatible"):
        importlib.import_module(name)


def test_threads_that_import_together_call_back_once(make_module: MakeModule) -> None:
    name = make_module("hooked_threads", "")
    seen: list[str] = []
    when_imported(name, lambda: seen.append("called"))
    start = threading.Barrier(8)

    def import_it() -> None:
        start.wait()
        importlib.import_module(name)

    threads = [threading.Thread(target=import_it) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert seen == ["called"]


def test_another_hook_that_asks_all_finders_gets_an_answer(
    make_module: MakeModule, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = make_module("hooked_among_hooks", "")

    class Asking:
        """Like the hooks of tracing tools: finds by asking everybody, itself left out."""

        asking = False

        @classmethod
        def find_spec(cls, fullname: str, path: object, target: object = None) -> object:
            if cls.asking or fullname != name:
                return None
            cls.asking = True
            try:
                return importlib.util.find_spec(fullname)
            finally:
                cls.asking = False

    seen: list[str] = []
    when_imported(name, lambda: seen.append("called"))
    monkeypatch.setattr(sys, "meta_path", [Asking, *sys.meta_path])
    importlib.import_module(name)

    assert seen == ["called"]
