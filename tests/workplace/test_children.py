"""Work in child processes: answers and errors come back, and what takes too much is ended."""

from __future__ import annotations

import importlib
import os
import signal
import sys
import threading
from collections.abc import Iterator
from types import MappingProxyType

import pytest

from moto_proton import workplace
from moto_proton.bundle import InputError, InputSchema
from moto_proton.bundle.patterns import PatternError, atoms_of
from moto_proton.forking import ForkSafeLock
from moto_proton.render import rendering
from moto_proton.workplace import wire
from moto_proton.workplace.children import Children

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="limits are the kernel's")

SPINNING = "\n\n{% for i in range(99999) %}" + "{% if true and not false %}{% endif %}" * 5000


@pytest.fixture(scope="module")
def small() -> Iterator[Children]:
    """Children with a second of processor time, and 200 MB."""
    children = Children(1, 200 * 1024**2)
    yield children
    children.close()


def test_an_answer_comes_back(small: Children) -> None:
    assert small.run(atoms_of, ("a{3}b",)) == 4
    assert small.run(dict, (MappingProxyType({"a": MappingProxyType({"b": 1})}),)) == {
        "a": MappingProxyType({"b": 1})
    }


def test_an_error_comes_back_as_it_was(small: Children) -> None:
    with pytest.raises(PatternError, match="it calls itself"):
        small.run(atoms_of, ("(?R)",))


def test_a_child_is_used_again(small: Children) -> None:
    assert small.run(os.getpid, ()) == small.run(os.getpid, ()) != os.getpid()


def test_one_that_takes_too_long_is_ended_though_it_is_in_a_loop_of_c(small: Children) -> None:
    before = small.run(os.getpid, ())

    with pytest.raises(workplace.OutOfBoundsError, match="more than 1 seconds of processor time"):
        small.run(str.rfind, ("xy" * 2_000_000, "yyx" + "xy" * 900_000))

    assert small.run(os.getpid, ()) != before


def test_one_that_takes_too_much_memory_is_ended(small: Children) -> None:
    with pytest.raises(workplace.OutOfBoundsError, match="more than 200 MB of memory"):
        small.run(bytes, (300 * 1024**2,))

    assert small.run(atoms_of, ("a",)) == 1


@pytest.mark.proof
def test_the_line_of_a_template_that_is_ended_is_known(small: Children) -> None:
    template = SPINNING + "{% endfor %}"

    with pytest.raises(workplace.OutOfBoundsError) as ended:
        small.run(rendering._template, ("infrastructure/a.yaml", template, {}))

    assert (ended.value.file, ended.value.line) == ("infrastructure/a.yaml", 3)


def test_an_interrupted_call_leaves_nothing_for_the_next(
    small: Children, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(_: object) -> bytes:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(wire, "receive", interrupt)
        with pytest.raises(KeyboardInterrupt):
            small.run(atoms_of, ("abc",))

    assert small.run(atoms_of, ("a",)) == 1


def test_an_answer_calls_nothing_of_its_choice(small: Children) -> None:
    """What a text makes of a child must not make anything of its parent."""
    with pytest.raises(workplace.OutOfBoundsError):
        small.run(eval, ("__import__('os').system",))


def test_inputs_are_checked_in_a_child_as_here() -> None:
    schema = InputSchema("T", {"type": "object", "properties": {"a": {"type": "integer"}}})
    with workplace.everything_in_child(), pytest.raises(InputError) as there:
        schema.check({"a": "b"})
    with pytest.raises(InputError) as here:
        schema.check({"a": "b"})

    assert str(there.value) == str(here.value)


@pytest.mark.parametrize(
    ("module", "package"),
    [("regex", "regex"), ("hcl2", "python-hcl2"), ("openapi_schema_validator", "openapi-schema-")],
)
def test_a_package_that_is_missing_is_said_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, module: str, package: str
) -> None:
    monkeypatch.setitem(sys.modules, module, None)

    with pytest.raises(workplace.OutOfBoundsError, match=f"not installed: pip install {package}"):
        workplace.run(importlib.import_module, module)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.filterwarnings("ignore:.*use of fork:DeprecationWarning")
def test_a_forked_process_does_not_wait_for_what_a_thread_of_its_parent_held() -> None:
    lock = ForkSafeLock()
    held, over = threading.Event(), threading.Event()

    def hold() -> None:
        with lock:
            held.set()
            over.wait()

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait()
    child = os.fork()
    if child == 0:
        signal.alarm(30)  # ends the process if it waits
        with lock:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    over.set()
    thread.join()

    assert os.waitstatus_to_exitcode(status) == 0
