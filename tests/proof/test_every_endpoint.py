"""Every endpoint form of every partition of botocore's: no request to one reaches the network.

Which URLs are Proton's is proven in ``integration/test_hosts.py``; here requests are really made to
all of them, by clients from before, during and after the mock, and by ``requests``.
"""

from __future__ import annotations

import json
import socket
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeAlias

import boto3
import pytest
import requests
from botocore.config import Config
from botocore.exceptions import ClientError, EndpointVariantError, HTTPClientError
from botocore.loaders import create_loader
from moto import mock_aws
from moto.utilities.utils import get_partition

from moto_proton import endpoints, mock_proton

Client: TypeAlias = Any
Measured: TypeAlias = Callable[[str], None]

pytestmark = pytest.mark.usefixtures("no_network")

FORMS = {
    "standard": {},
    "FIPS": {"use_fips_endpoint": True},
    "dual-stack": {"use_dualstack_endpoint": True},
    "FIPS and dual-stack": {"use_fips_endpoint": True, "use_dualstack_endpoint": True},
}
_LISTED = create_loader().load_data("partitions")["partitions"]
PARTITIONS: dict[str, list[str]] = {
    partition["id"]: [name for name in partition["regions"] if not name.endswith("-global")]
    for partition in _LISTED
}
DUAL_STACK = {each["id"] for each in _LISTED if each["outputs"]["supportsDualStack"]}
TARGET = {"X-Amz-Target": "AwsProton20200720.ListEnvironmentTemplates"}


def clients_of(partition: str) -> dict[tuple[str, str], Client]:
    """A client for each region and form of endpoint that botocore resolves."""
    session = boto3.session.Session(aws_access_key_id="key", aws_secret_access_key="secret")
    made = {}
    for region in PARTITIONS[partition]:
        for form, options in FORMS.items():
            # An older botocore makes such a client, and refuses its calls.
            if "use_dualstack_endpoint" in options and partition not in DUAL_STACK:
                continue
            config = Config(retries={"total_max_attempts": 1}, **options)
            # botocore knows no dual-stack hosts in some of the isolated partitions.
            with suppress(EndpointVariantError):
                made[region, form] = session.client("proton", region_name=region, config=config)
    return made


@pytest.mark.parametrize("mock", [mock_proton, mock_aws])
@pytest.mark.parametrize("partition", PARTITIONS)
def test_each_endpoint_is_answered_for_clients_of_any_time(
    monkeypatch: pytest.MonkeyPatch, measured: Measured, partition: str, mock: Any
) -> None:
    monkeypatch.setenv("MOTO_ALLOW_NONEXISTENT_REGION", "true")
    before = clients_of(partition)
    with mock():
        during = clients_of(partition)
        assert during.keys() == before.keys()
        for region in PARTITIONS[partition]:
            during[region, "standard"].create_environment_template(name=f"in-{region}")
        for clients in (before, during):
            for (region, form), client in clients.items():
                templates = client.list_environment_templates()["templates"]
                assert [each["name"] for each in templates] == [f"in-{region}"], form
                arn = templates[0]["arn"]
                # moto knows fewer partitions than botocore.
                assert arn.startswith(f"arn:{get_partition(region)}:proton:{region}:")
    after = clients_of(partition)
    for clients in (before, during, after):
        for client in clients.values():
            with pytest.raises(HTTPClientError, match="tried to reach the network"):
                client.list_environment_templates()
    measured(
        f"endpoints, {mock.__name__}, {partition}: {len(before)} endpoints of "
        f"{len(PARTITIONS[partition])} regions, {2 * len(before)} calls answered, "
        f"{3 * len(before)} refused once it was over"
    )


@pytest.mark.parametrize("partition", PARTITIONS)
@mock_proton
def test_a_region_without_proton_says_so_and_nothing_leaves(partition: str) -> None:
    for (region, form), client in clients_of(partition).items():
        if region in endpoints.REGIONS:
            assert client.list_environment_templates()["templates"] == []
            continue
        with pytest.raises(ClientError, match="was never in the region"):
            client.list_environment_templates()
        assert form in FORMS


@pytest.mark.parametrize("partition", PARTITIONS)
def test_each_endpoint_is_answered_for_requests(
    monkeypatch: pytest.MonkeyPatch, partition: str
) -> None:
    monkeypatch.setenv("MOTO_ALLOW_NONEXISTENT_REGION", "true")
    urls = {client.meta.endpoint_url for client in clients_of(partition).values()}
    with mock_proton():
        for url in urls:
            answer = requests.post(url, data="{}", headers=TARGET, timeout=60)
            assert (answer.status_code, json.loads(answer.text)) == (200, {"templates": []})
    for url in urls:
        with pytest.raises(AssertionError, match="tried to reach the network"):
            requests.post(url, data="{}", headers=TARGET, timeout=60)


def test_the_guard_refuses_all_but_this_machine(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    """The network that the suite runs with; what it refuses here is written elsewhere."""
    monkeypatch.undo()  # the fixture's stand-ins, which would refuse first
    log = tmp_path / "log"
    monkeypatch.setenv("MOTO_PROTON_NETWORK_LOG", str(log))
    with pytest.raises(AssertionError, match=r"192\.0\.2\.1"):
        socket.create_connection(("192.0.2.1", 80), timeout=1)
    with pytest.raises(AssertionError, match=r"proton\.us-east-1\.amazonaws"):
        socket.getaddrinfo("proton.us-east-1.amazonaws.com", 443)
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagrams,
        pytest.raises(AssertionError, match=r"192\.0\.2\.2"),
    ):
        datagrams.sendto(b"", ("192.0.2.2", 53))
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        socket.create_connection(listening.getsockname(), timeout=60).close()
    kinds = [json.loads(line)["kind"] for line in log.read_text().splitlines()]
    assert kinds == ["refused", "refused", "refused", "local"]
