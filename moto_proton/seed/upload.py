"""Uploads template bundles to S3, where Proton reads them."""

from __future__ import annotations

import contextlib
import functools
import os
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeAlias

if TYPE_CHECKING:
    from mypy_boto3_proton import ProtonClient

Directory: TypeAlias = "str | os.PathLike[str]"

_lock: Final = threading.Lock()


class BundleUpload:
    """Uploads bundles with the credentials of a Proton client, to the place where that client sends
    its requests.
    """

    def __init__(self, client: ProtonClient) -> None:
        self._client: Any = client
        self._buckets: set[str] = set()

    def upload(self, template_arn: str, key: str, bundle: Directory) -> dict[str, Any]:
        """Put a bundle into S3; returns the ``source`` for a template version."""
        from moto_proton.bundle import pack

        bucket = _bucket(template_arn)
        if bucket not in self._buckets:
            self._create(bucket, template_arn.split(":")[3])
        self._s3.put_object(Bucket=bucket, Key=key, Body=pack(bundle))
        return {"s3": {"bucket": bucket, "key": key}}

    def check_same(
        self, what: str, template_arn: str, key: str, bundle: Directory, schema: str
    ) -> None:
        """Raise ``ValueError`` if a version was not registered from this bundle.

        Of a version that was not uploaded here, the ``schema`` alone can be compared.
        """
        from moto_proton.bundle import pack, read_archive

        packed, uploaded = pack(bundle), self._uploaded(template_arn, key)
        same = (
            packed == uploaded
            if uploaded is not None
            else read_archive(packed)["schema/schema.yaml"].decode() == schema
        )
        if not same:
            raise ValueError(
                f"{what} is there already, and was not registered from {os.fspath(bundle)}; ask "
                "for the next version, or for another template"
            )

    def is_terraform(self, kind: str, template_arn: str, key: str) -> bool:
        """Whether the manifest of an environment, or of a service's pipeline, is Terraform's.

        False if the bundle is not one that was uploaded here, or can't be read.
        """
        from moto_proton.bundle import (
            BundleError,
            ProvisioningMethod,
            read_environment_bundle,
            read_service_bundle,
        )

        data = self._uploaded(template_arn, key)
        if data is None:
            return False
        try:
            if kind == "environment":
                manifest = read_environment_bundle(data, customer_managed=False).infrastructure
            else:
                manifest = read_service_bundle(data, has_pipeline=True).pipeline
        except BundleError:
            return False
        return manifest is not None and manifest.method is ProvisioningMethod.TERRAFORM

    def _uploaded(self, template_arn: str, key: str) -> bytes | None:
        """What was uploaded for a version, if it was."""
        from botocore.exceptions import ClientError

        try:
            found = self._s3.get_object(Bucket=_bucket(template_arn), Key=key)
        except ClientError as error:
            if error.response["Error"]["Code"] not in ("NoSuchBucket", "NoSuchKey"):
                raise
            return None
        content: bytes = found["Body"].read()
        return content

    def _create(self, bucket: str, region: str) -> None:
        more: dict[str, Any] = {}
        if region != "us-east-1":
            more["CreateBucketConfiguration"] = {"LocationConstraint": region}
        with contextlib.suppress(self._s3.exceptions.BucketAlreadyOwnedByYou):
            self._s3.create_bucket(Bucket=bucket, **more)
        self._buckets.add(bucket)

    @functools.cached_property
    def _s3(self) -> Any:
        from botocore.config import Config

        from moto_proton import bridge

        mocked = bridge.mock_is_active() and not bridge.is_server_mode()
        # botocore has no public way to get the credentials of a client.
        credentials = self._client._request_signer._credentials
        caller = credentials.get_frozen_credentials() if credentials is not None else None
        with _lock:  # a session must not make two clients at once
            return _botocore_session(mocked).create_client(
                "s3",
                region_name=self._client.meta.region_name,
                # A server is reached by its URL, a mock in this process by AWS's own hosts.
                endpoint_url=None if mocked else self._client.meta.endpoint_url,
                aws_access_key_id=caller.access_key if caller else None,
                aws_secret_access_key=caller.secret_key if caller else None,
                aws_session_token=caller.token if caller else None,
                config=Config(s3={"addressing_style": "path"}),
            )


def _bucket(template_arn: str) -> str:
    """The names of buckets are unique across accounts."""
    _, _, _, region, account, _ = template_arn.split(":", 5)
    return f"template-bundles-{account}-{region}"


def small_bundle(name: str) -> Path:
    """The directory of a small bundle that comes with the package."""
    return Path(__file__).with_name("bundles") / name


def _botocore_session(mocked: bool) -> Any:
    return _mocked_session() if mocked else _session()


def _session() -> Any:
    from botocore.session import Session

    return Session()


@functools.cache
def _mocked_session() -> Any:
    """Cached, as a session reads the model of S3 only once; a session made under a mock stays
    mocked.
    """
    return _session()
