"""Every host that a Proton client can be sent to is ours, and no other host is."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import boto3
import pytest
import requests
from botocore.config import Config
from botocore.exceptions import EndpointVariantError
from botocore.loaders import create_loader
from moto.backend_index import backend_url_patterns
from moto.core.utils import get_equivalent_url_in_aws_domain

from moto_proton import bridge, endpoints, mock_proton

pytestmark = pytest.mark.usefixtures("no_network")

VARIANTS = {
    "standard": {},
    "fips": {"use_fips_endpoint": True},
    "dual-stack": {"use_dualstack_endpoint": True},
    "fips and dual-stack": {"use_fips_endpoint": True, "use_dualstack_endpoint": True},
}


def partitions() -> list[dict[str, Any]]:
    loaded: list[dict[str, Any]] = create_loader().load_data("partitions")["partitions"]
    return loaded


def regions() -> list[str]:
    return [name for partition in partitions() for name in partition["regions"]]


def proton_urls() -> Iterator[tuple[str, str]]:
    """Region and URL, for every region and variant that botocore resolves."""
    for region in regions():
        if region.endswith("-global"):
            continue
        for options in VARIANTS.values():
            # botocore knows no dual-stack hosts in some of the isolated partitions.
            with contextlib.suppress(EndpointVariantError):
                # With credentials, or botocore would look for some on the network.
                client = boto3.client(
                    "proton",
                    region_name=region,
                    aws_access_key_id="key",
                    aws_secret_access_key="secret",
                    config=Config(**options),
                )
                yield region, client.meta.endpoint_url


ALL_URLS = dict.fromkeys(proton_urls())


def urls_as_moto_sees_them(url: str) -> set[str]:
    return {f"{url}/", get_equivalent_url_in_aws_domain(f"{url}/")[0].geturl()}


def test_botocore_sends_clients_to_many_hosts() -> None:
    hosts = {urlsplit(url).netloc for _, url in ALL_URLS}
    assert {
        "proton.us-east-1.amazonaws.com",
        "proton-fips.us-gov-west-1.amazonaws.com",
        "proton.eu-west-1.api.aws",
        "proton-fips.eu-west-1.api.aws",
        "proton.cn-north-1.amazonaws.com.cn",
        "proton.cn-north-1.api.amazonwebservices.com.cn",
        "proton.us-iso-east-1.c2s.ic.gov",
        "proton.us-isob-east-1.sc2s.sgov.gov",
    } <= hosts


@pytest.mark.rule("1.2-1", "1.2-2", "1.2-3", "1.2-4", "1.2-8")
@pytest.mark.parametrize(("region", "url"), ALL_URLS)
def test_each_host_is_proton_s_and_no_other_service_s(region: str, url: str) -> None:
    for seen in urls_as_moto_sees_them(url):
        matching = [name for name, pattern in backend_url_patterns if pattern.match(seen)]
        assert matching == ["proton"]
        assert endpoints.region_of_url(seen) == region


@pytest.mark.parametrize(
    "url",
    [
        "https://vpce-0123456789abcdef0-abcdefgh.proton.us-east-1.vpce.amazonaws.com/",
        "https://vpce-0123456789abcdef0-abcdefgh-us-east-1a.proton.us-east-1.vpce.amazonaws.com/",
        "https://vpce-012-abc.proton-fips.us-east-1.vpce.amazonaws.com/",
        "http://proton.us-east-1.amazonaws.com:80/",
        "https://proton.us-east-1.amazonaws.com:443",
        "https://proton.us-east-1.amazonaws.com./",
        "https://proton.us-east-1.amazonaws.com/?query=1",
    ],
)
def test_other_forms_of_a_host_are_recognised(url: str) -> None:
    assert endpoints.is_proton_url(url)
    assert endpoints.region_of_url(url) == "us-east-1"


@pytest.mark.parametrize(
    "url",
    [
        "https://proton.us-east-1.amazonaws.com.evil.example/",
        "https://proton.us-east-1.example.com/",
        "https://proton.me/",
        "https://mail.proton.me/",
        "https://proton.s3.amazonaws.com/",
        "https://proton.s3.us-east-1.amazonaws.com/",
        "https://proton.s3-us-west-2.amazonaws.com/",
        "https://proton.s3-accelerate.amazonaws.com/",
        "https://myproton.us-east-1.amazonaws.com/",
        "https://proton-data.us-east-1.amazonaws.com/",
        "https://bucket.s3.amazonaws.com/proton.us-east-1.amazonaws.com",
        "https://proton.us-east-1.amazonaws.company/",
    ],
)
def test_hosts_of_others_are_left_to_them(url: str) -> None:
    assert not endpoints.is_proton_url(url)


def test_no_other_service_s_host_is_taken() -> None:
    data = create_loader().load_data("endpoints")
    taken = []
    for partition in data["partitions"]:
        for service in partition["services"]:
            if service == "proton":
                continue
            for region in partition["regions"]:
                for suffix in endpoints.DNS_SUFFIXES:
                    url = f"https://{service}.{region}.{suffix}/"
                    if endpoints.is_proton_url(url):
                        taken.append(url)
    assert taken == []


@pytest.mark.rule("1.2-5")
def test_every_suffix_of_botocore_s_partitions_is_known() -> None:
    suffixes = {
        partition["outputs"][key]
        for partition in partitions()
        for key in ("dnsSuffix", "dualStackDnsSuffix")
    }
    assert suffixes <= set(endpoints.DNS_SUFFIXES)


@pytest.mark.rule("1.2-7")
def test_the_regions_are_those_of_botocore() -> None:
    session = boto3.Session()
    expected = {
        region
        for partition in session.get_available_partitions()
        for region in session.get_available_regions("proton", partition_name=partition)
    }
    assert bridge.known_regions() == expected
    assert bridge.additional_regions() == sorted(expected)


@pytest.mark.parametrize("options", VARIANTS.values(), ids=VARIANTS)
@pytest.mark.parametrize("region", sorted(endpoints.REGIONS))
@mock_proton
def test_a_client_of_each_region_and_variant_is_served(
    proton: Callable[..., Any],
    names: Callable[..., list[str]],
    region: str,
    options: dict[str, bool],
) -> None:
    config = Config(**options)
    proton(region, config=config).create_environment_template(name="web")

    assert names(region, config=config) == ["web"]
    # The hosts of a region lead to one state, and those of another region to another.
    assert names(region) == ["web"]
    assert names("us-east-2" if region == "us-west-2" else "us-west-2") == []


@pytest.mark.parametrize(
    "region",
    ["us-gov-west-1", "cn-north-1", "us-iso-east-1", "us-isob-east-1", "eu-north-1", "mars-1"],
)
@pytest.mark.parametrize("options", VARIANTS.values(), ids=VARIANTS)
def test_a_region_without_proton_works_if_moto_says_so(
    monkeypatch: pytest.MonkeyPatch,
    proton: Callable[..., Any],
    names: Callable[..., list[str]],
    region: str,
    options: dict[str, bool],
) -> None:
    monkeypatch.setenv("MOTO_ALLOW_NONEXISTENT_REGION", "true")
    config = Config(**options)
    if region.startswith("us-iso") and "use_dualstack_endpoint" in options:
        pytest.skip("botocore knows no dual-stack hosts there")
    with mock_proton():
        proton(region, config=config).create_environment_template(name="web")

        assert names(region, config=config) == ["web"]


@mock_proton
def test_a_bucket_may_be_named_proton() -> None:
    s3 = boto3.client(
        "s3", region_name="us-east-1", config=Config(s3={"addressing_style": "virtual"})
    )
    s3.create_bucket(Bucket="proton")
    s3.put_object(Bucket="proton", Key="key", Body=b"value")

    assert s3.get_object(Bucket="proton", Key="key")["Body"].read() == b"value"
    assert requests.get("https://proton.s3.amazonaws.com/", timeout=60).status_code == 200


def post(url: str, operation: str, **headers: str) -> requests.Response:
    return requests.post(
        url,
        data="{}",
        headers={"X-Amz-Target": f"AwsProton20200720.{operation}", **headers},
        timeout=60,
    )


@pytest.mark.parametrize(
    "url",
    [
        "https://proton.us-east-1.amazonaws.com/",
        "https://proton.us-east-1.amazonaws.com",
        "http://proton.us-east-1.amazonaws.com/",
        "https://PROTON.us-east-1.AMAZONAWS.com/",
        "https://proton-fips.us-east-1.amazonaws.com/",
        "https://proton.us-east-1.api.aws/",
        "https://proton-fips.us-east-1.api.aws/",
        "https://vpce-0123456789abcdef0-abcdefgh.proton.us-east-1.vpce.amazonaws.com/",
    ],
)
@mock_proton
def test_calls_made_with_requests_are_served(create: Callable[[str], None], url: str) -> None:
    create("web")

    answer = post(url, "ListEnvironmentTemplates")

    assert answer.status_code == 200
    assert [template["name"] for template in json.loads(answer.text)["templates"]] == ["web"]


@pytest.mark.parametrize(
    "host",
    [
        "proton.cn-north-1.amazonaws.com.cn",
        "proton.cn-north-1.api.amazonwebservices.com.cn",
        "proton.us-iso-east-1.c2s.ic.gov",
        "proton.us-iso-east-1.api.aws.ic.gov",
        "proton.eusc-de-east-1.amazonaws.eu",
    ],
)
def test_calls_made_with_requests_are_served_in_other_partitions(
    monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    monkeypatch.setenv("MOTO_ALLOW_NONEXISTENT_REGION", "true")
    with mock_proton():
        assert post(f"https://{host}/", "ListEnvironmentTemplates").json()["templates"] == []
