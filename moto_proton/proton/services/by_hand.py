"""Changes of single instances by callers, which block a service sync."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias


class HandChange(Enum):
    """The kind of change."""

    CREATED = "created"
    UPDATED = "updated"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class ChangedByHand:
    """A change of instances of a service, by a call and not by a sync."""

    change: HandChange
    service_name: str
    instance_names: tuple[str, ...]


TellChangedByHand: TypeAlias = Callable[[ChangedByHand], object]
