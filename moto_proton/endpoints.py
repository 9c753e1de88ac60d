"""Which hosts belong to Proton, and in which regions it was available.

This is plain data, so that nothing has to be loaded; tests compare it with botocore's. What is done
with a host belongs to ``bridge``. Source: botocore's ``partitions.json`` and ``endpoints.json`` and
Proton's endpoint rules; the user guide's page on interface VPC endpoints.

Internal: no part of the public API.
"""

from __future__ import annotations

import re
from typing import Final

TARGET_PREFIX: Final = "AwsProton20200720"
"""What precedes the name of the operation in ``X-Amz-Target``. Source: the service model."""

REGIONS: Final = frozenset(
    {
        "ap-northeast-1",
        "ap-northeast-2",
        "ap-southeast-1",
        "ap-southeast-2",
        "ca-central-1",
        "eu-central-1",
        "eu-west-1",
        "eu-west-2",
        "us-east-1",
        "us-east-2",
        "us-west-2",
    }
)
"""Every region in which Proton was available. The service has ended, so no region will be added.

Rule 1.2-7.
"""

PARTITION: Final = "aws"
"""The partition that all of them are in."""

# Rule 1.2-5.
DNS_SUFFIXES: Final = (
    # Each partition's ordinary suffix, then the one of its dual-stack hosts.
    "amazonaws.com",  # aws, aws-us-gov
    "api.aws",
    "amazonaws.com.cn",  # aws-cn
    "api.amazonwebservices.com.cn",
    "amazonaws.eu",  # aws-eusc
    "api.amazonwebservices.eu",
    "c2s.ic.gov",  # aws-iso
    "api.aws.ic.gov",
    "sc2s.sgov.gov",  # aws-iso-b
    "api.aws.scloud",
    "cloud.adc-e.uk",  # aws-iso-e
    "api.cloud-aws.adc-e.uk",
    "csp.hci.ic.gov",  # aws-iso-f
    "api.aws.hci.ic.gov",
)

URL_BASE: Final = (
    # The region must not look like "s3" or "s3-…": those are the hosts of an S3 bucket named
    # proton.
    r"https?://(?:vpce-[a-z0-9-]+\.)?proton(?:-fips)?\.(?!s3[-.])(?P<region>[a-z0-9-]+)\.(?:vpce\.)?"
    rf"(?:{'|'.join(map(re.escape, DNS_SUFFIXES))})\.?(?::\d+)?(?=/|$)"
)
"""A URL's scheme and host, if it is Proton's: ordinary, FIPS, dual-stack or a VPC endpoint.

Rules 1.2-1 to 1.2-4 and 1.2-8.
"""

_URL: Final = re.compile(URL_BASE)
_CREDENTIAL: Final = re.compile(r"Credential=[^/]+/\d{8}/(?P<region>[^/,]+)/proton/aws4_request")


def is_proton_url(url: str) -> bool:
    """Whether the host is one of AWS's own for Proton; False for a custom endpoint."""
    return _URL.match(url.split("?", 1)[0]) is not None


def region_of_url(url: str) -> str | None:
    """The region in the name of one of AWS's own Proton hosts."""
    match = _URL.match(url.split("?", 1)[0])
    return match["region"] if match else None


def region_of_authorization(authorization: str) -> str | None:
    """The region that a request was signed for, from its ``Authorization`` header."""
    match = _CREDENTIAL.search(authorization)
    return match["region"] if match else None


def standard_url(region: str) -> str:
    """The URL of Proton in a region, as clients that were given no endpoint use it."""
    return f"https://proton.{region}.amazonaws.com/"
