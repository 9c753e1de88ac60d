"""A call that is refused, and that nothing changes: held against the whole state of the mock.

That the state shows every change that a caller can see is proved in ``tests/snapshots``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeAlias

import pytest
from botocore.exceptions import ClientError

from moto_proton.proton.snapshots import Snapshot
from moto_proton.proton.state import fingerprint
from tests.support.clients import Client

Refused: TypeAlias = Callable[..., str]


@contextmanager
def nothing_changes() -> Iterator[None]:
    """Fail if anything in any account is other than before, at the end."""
    before = fingerprint()
    yield
    after = fingerprint()
    assert after == before, f"something changed: {told_apart_by(before, after)}"


def told_apart_by(before: Snapshot, after: Snapshot) -> str:
    """The texts, times and other values that are in one of two states alone."""
    one, other = (list(map(repr, each._shared)) for each in (before, after))
    gone, come = ([each for each in a if each not in b] for a, b in ((one, other), (other, one)))
    return f"gone {', '.join(gone) or 'nothing'}; come {', '.join(come) or 'nothing'}"


def refused(client: Client, call: str, code: str, /, *words: str, **members: Any) -> str:
    """Make a call that must be refused: with this code, these words, and without effect.

    Answers with the whole message.
    """
    with nothing_changes(), pytest.raises(ClientError) as caught:
        getattr(client, call)(**members)
    response: Any = caught.value.response
    message: str = response["Error"]["Message"]
    assert response["Error"]["Code"] == code, message
    assert [word for word in words if word not in message] == [], message
    status = 500 if code == "InternalServerException" else 400
    assert response["ResponseMetadata"]["HTTPStatusCode"] == status
    return message
