"""The quotas of an account in a region, all adjustable (``config={"proton": {"quotas": {...}}}``).

A collection asks ``Account.check_quota`` before it takes one more in. Internal.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

DEFAULT_QUOTAS: Final[Mapping[str, int]] = MappingProxyType(
    {
        "templates": 100,
        "versions_per_template": 500,
        "environments": 100,
        "services": 1000,
        "service_instances_per_service": 20,
        "components": 100,
        "environment_account_connections": 5,
    }
)
"""Quota name to its default, each per account and region (Rules 5.4-2 and 10.1-1 to 10.1-7)."""
