"""Where a resource lives (partition, region, account) and the ARNs that follow from it.

Source of the ARN forms: Service Authorization Reference, resource types of AWS Proton.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scope:
    """One account in one region (Rule 2-16)."""

    partition: str
    region: str
    account_id: str

    def arn(self, resource: str) -> str:
        """The ARN of a resource of this scope; ``resource`` is its last part, ``service/shop``."""
        return f"arn:{self.partition}:proton:{self.region}:{self.account_id}:{resource}"

    def resource_of(self, arn: str) -> str | None:
        """The last part of an ARN of this scope; None for any other ARN."""
        prefix = self.arn("")
        return arn[len(prefix) :] if arn.startswith(prefix) else None

    def account_of(self, arn: str) -> str | None:
        """The account of an ARN of Proton in this partition and region; None for any other ARN."""
        start = f"arn:{self.partition}:proton:{self.region}:"
        account_id = arn[len(start) :].partition(":")[0]
        return account_id if arn.startswith(start) and _ACCOUNT.fullmatch(account_id) else None


_ACCOUNT = re.compile("[0-9]{12}")

VERSIONED_TEMPLATE = re.compile(
    r"(?P<template>(?:environment|service)-template/[^:]+)"
    r":(?P<major>0|[1-9][0-9]*)(?:\.(?P<minor>0|[1-9][0-9]*))?\Z"
)
"""The resource part of the ARN of a template's version, or of a major version of it."""
