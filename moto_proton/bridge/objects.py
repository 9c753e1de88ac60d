"""The objects of moto's S3: where template bundles come from."""

from __future__ import annotations

import sys
from typing import Any


class ObjectUnavailableError(Exception):
    """The object can't be read; the message says what is missing."""


def s3_object(
    bucket: str, key: str, *, at_most: int, partition: str, region: str, account_id: str
) -> bytes:
    """The content of an object in a bucket of this account and region.

    One of more than ``at_most`` bytes is not read, and counts as unavailable. Asking creates
    nothing in S3. Raises :class:`ObjectUnavailableError`.
    """
    found = _bucket(bucket, partition, account_id)
    if found is None:
        raise ObjectUnavailableError(
            f"the S3 bucket {bucket} does not exist in the account {account_id}"
        )
    if found.region_name != region:
        raise ObjectUnavailableError(
            f"the S3 bucket {bucket} is in the region {found.region_name}, not in {region}"
        )
    stored = found.keys.get(key)
    # With versioning, a deleted object leaves a marker without content.
    if stored is None or not hasattr(stored, "value"):
        raise ObjectUnavailableError(f"the S3 bucket {bucket} has no object {key}")
    if stored.size > at_most:
        raise ObjectUnavailableError(
            f"the object has {stored.size:,} bytes, more than the {at_most:,} allowed"
        )
    content: bytes = stored.value
    return content


def _bucket(name: str, partition: str, account_id: str) -> Any | None:
    models = sys.modules.get("moto.s3.models")
    if models is None:  # nobody has used S3, so there is no bucket
        return None
    # dict.get, as the [] of moto's two dictionaries creates what it does not find.
    of_account: Any = dict.get(models.s3_backends, account_id)
    backend: Any = None if of_account is None else dict.get(of_account, partition)
    return None if backend is None else backend.buckets.get(name)
