"""Worlds that are made once in a process, and put back wherever a test asks for them again.

Making a service takes 26 calls, and putting the same state back a millisecond.
"""

from __future__ import annotations

import copy
import functools
import os
from collections.abc import Callable
from datetime import datetime
from typing import Any, Concatenate, Final, ParamSpec, TypeVar

from moto_proton import bridge, settings
from moto_proton.proton.snapshots import Snapshot
from moto_proton.proton.state import restore, snapshot
from moto_proton.seed import Seed
from tests.support.clients import Client

P = ParamSpec("P")
Answer = TypeVar("Answer")

_IMMEDIATE: Final = {"progression": "immediate"}
_MODELS: Final = (
    "component",
    "environment",
    "environment_template_version",
    "service",
    "service_instance",
    "service_pipeline",
    "service_template_version",
)

_made: Final[dict[tuple[Snapshot, Client, str], tuple[Snapshot, Any]]] = {}
"""A state, who asked it for what; the state that this led to, and what was answered."""


def _kept(
    method: Callable[Concatenate[Seed, P], Answer],
) -> Callable[Concatenate[KeptSeed, P], Answer]:
    @functools.wraps(method)
    def call(self: KeptSeed, /, *args: P.args, **members: P.kwargs) -> Answer:
        if not _nobody_can_tell():
            return method(self, *args, **members)
        account = os.environ.get("MOTO_ACCOUNT_ID")
        what = f"{method.__name__} {args} {members} {account} {bridge.user_config()}"
        start = snapshot(), self._client, what
        if start in _made:
            after, kept = _made[start]
            restore(after)
            answer: Answer = copy.deepcopy(kept)
        else:
            answer = method(self, *args, **members)
            _made[start] = snapshot(), copy.deepcopy(answer)
        return answer

    return call


def _nobody_can_tell() -> bool:
    """Whether a world comes out the same each time, but for its ids and times."""
    return (
        datetime.__module__ == "datetime"  # else the time is frozen
        and all(bridge.get_transition(f"proton::{model}") == _IMMEDIATE for model in _MODELS)
        and settings.check(bridge.user_config()).provisioner == settings.Settings().provisioner
    )


def _lenient(
    method: Callable[Concatenate[Seed, P], Answer],
) -> Callable[Concatenate[Seed, P], Answer]:
    @functools.wraps(method)
    def call(self: Seed, /, *args: P.args, **members: P.kwargs) -> Answer:
        members.setdefault("may_fail", True)
        return method(self, *args, **members)

    return call


class LenientSeed(Seed):
    """For tests of failures: answers with what has failed, where a user's seed raises."""

    environment = _lenient(Seed.environment)
    service = _lenient(Seed.service)
    component = _lenient(Seed.component)


class KeptSeed(LenientSeed):
    """Makes worlds as ``moto_proton.seed`` does; each from the same start only once in a process.

    What was put into S3 is not put back with them.
    """

    environment_template = _kept(Seed.environment_template)
    service_template = _kept(Seed.service_template)
    environment = _kept(LenientSeed.environment)
    service = _kept(LenientSeed.service)
    component = _kept(LenientSeed.component)
    repository = _kept(Seed.repository)
    pipeline_roles = _kept(Seed.pipeline_roles)
