"""The structure of the package: no folder is too large, and no modules import each other in a
circle.

That imports run downwards from room to room is held by the contracts in ``.importlinter``. These
tests see what contracts between rooms do not: modules within a room, and how many there are.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import moto_proton

PACKAGE: Final = Path(moto_proton.__file__).parent
MOST_MODULES_OF_A_FOLDER: Final = 16
MOST_IN_A_TYPED_CIRCLE: Final = 12

Imports = Mapping[str, set[str]]
MODULES: Final = {
    ".".join(("moto_proton", *path.relative_to(PACKAGE).with_suffix("").parts)).removesuffix(
        ".__init__"
    ): path
    for path in PACKAGE.rglob("*.py")
}


def test_no_folder_has_more_modules_than_a_reader_takes_in() -> None:
    folders = {path.parent for path in MODULES.values()}
    crowded = {
        str(folder.relative_to(PACKAGE)): count
        for folder in folders
        if (count := sum(path.name != "__init__.py" for path in folder.glob("*.py")))
        > MOST_MODULES_OF_A_FOLDER
    }
    assert crowded == {}


def test_no_module_reaches_itself_through_imports_that_run() -> None:
    assert list(circles(imports(typed=False))) == []


def test_a_circle_is_seen() -> None:
    assert list(circles({"a": {"b"}, "b": {"c"}, "c": {"b"}, "d": {"a"}})) == [["b", "c"]]


def imports(*, typed: bool) -> Imports:
    """Which modules each module imports, inside of functions too; with those for annotations."""
    return {name: set(_imported(name, path, typed)) - {name} for name, path in MODULES.items()}


def _imported(name: str, path: Path, typed: bool) -> Iterator[str]:
    unread: list[ast.AST] = [ast.parse(path.read_text(encoding="utf-8"))]
    while unread:
        node = unread.pop()
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test) and not typed:
            unread.extend(node.orelse)
            continue
        unread.extend(ast.iter_child_nodes(node))
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in MODULES)
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            for alias in node.names:
                module = f"{node.module}.{alias.name}"
                found = module if module in MODULES else node.module
                if found in MODULES:
                    yield found


def circles(graph: Imports) -> Iterator[list[str]]:
    """The groups of modules that all reach one another."""
    reached = {name: _reached(graph, name) for name in graph}
    seen: set[str] = set()
    for name in sorted(graph):
        if name in reached[name] and name not in seen:
            circle = sorted(other for other in reached[name] if name in reached[other])
            seen.update(circle)
            yield circle


def _reached(graph: Imports, start: str) -> set[str]:
    reached: set[str] = set()
    unread = [start]
    while unread:
        for name in graph[unread.pop()] - reached:
            reached.add(name)
            unread.append(name)
    return reached


def test_annotations_close_no_circle_larger_than_a_reader_can_follow() -> None:
    large = [c for c in circles(imports(typed=True)) if len(c) > MOST_IN_A_TYPED_CIRCLE]
    assert large == []
