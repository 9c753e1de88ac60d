"""One module for each resource: its state and its rules, which know no moto.

They meet moto in ``backend``, which is loaded when moto, or the room that answers requests, asks
this package for it: moto looks for a service's backends in a module of this name.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from moto_proton.proton.models.backend import ProtonBackend, proton_backends, request_lock

__all__ = ["ProtonBackend", "proton_backends", "request_lock"]

_BACKEND: Final = "moto_proton.proton.models.backend"


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_BACKEND), name)
