"""Read by mypy and never run: what a type checker makes of the public names."""

from __future__ import annotations

import unittest
from collections.abc import AsyncGenerator, Callable, Coroutine, Generator
from types import ModuleType
from typing import Any

from mypy_boto3_proton import ProtonClient
from typing_extensions import assert_type

import moto_proton
from moto_proton import MockProton, mock_proton
from moto_proton.pytest_plugin import proton_client


@mock_proton
def bare(name: str, *, times: int = 1) -> list[str]:
    return [name] * times


@mock_proton()
def called(name: str) -> int:
    return len(name)


@mock_proton(config={"proton": {"quotas": {"services": 50}}, "core": {"mock_credentials": False}})
def configured() -> None: ...


@mock_proton
async def coroutine(name: str) -> bytes:
    return name.encode()


@mock_proton
def generator() -> Generator[int, str, float]:
    yield 1
    return 1.0


@mock_proton
async def async_generator() -> AsyncGenerator[int, None]:
    yield 1


@mock_proton
class Tests(unittest.TestCase):
    def test(self) -> None: ...


@mock_proton(config=None)
class MoreTests:
    value: int = 1


assert_type(bare("web", times=2), list[str])
assert_type(called("web"), int)
pending: Coroutine[Any, Any, bytes] = coroutine("web")
assert_type(generator(), Generator[int, str, float])
assert_type(async_generator(), AsyncGenerator[int, None])
assert_type(Tests(), Tests)
assert_type(MoreTests().value, int)
assert_type(mock_proton(), MockProton)
assert_type(moto_proton.__version__, str)
client: Callable[..., ProtonClient] = proton_client
faults: ModuleType = moto_proton.faults

bare(7)  # type: ignore[arg-type]
called()  # type: ignore[call-arg]
mock_proton(7)  # type: ignore[call-overload]
mock_proton(config=7)  # type: ignore[call-overload]

with mock_proton() as mock:
    assert_type(mock, MockProton)
    assert_type(mock.start(reset=False), None)
    assert_type(mock.stop(remove_data=False), None)


async def use() -> None:
    async with mock_proton(config={}) as inner:
        assert_type(inner, MockProton)
