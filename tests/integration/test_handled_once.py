"""Each request is carried out exactly once, whichever of botocore's handlers answers it."""

from __future__ import annotations

import subprocess
import sys
import textwrap

import boto3
import pytest
from moto import mock_aws

from moto_proton import mock_proton
from moto_proton.faults import raise_error
from moto_proton.proton.account.faults import book

HOSTS = {
    "aws": None,
    "custom": "https://proton.internal.example",
}


@pytest.mark.parametrize("endpoint", HOSTS.values(), ids=HOSTS.keys())
@pytest.mark.parametrize("mock", [mock_proton, mock_aws])
def test_a_call_uses_up_one_fault(mock, endpoint) -> None:  # type: ignore[no-untyped-def]
    """A request that were carried out twice would take two of the three injected errors."""
    with mock():
        proton = boto3.client("proton", region_name="us-east-1", endpoint_url=endpoint)
        raise_error("ListServices", "ValidationException", times=3)

        with pytest.raises(proton.exceptions.ValidationException):
            proton.list_services()

        assert [error.remaining for error in book._errors] == [2]


def test_a_client_made_before_moto_was_imported_is_served_once() -> None:
    """Such a client never hears of moto's own handler."""
    code = """
        import sys
        import moto_proton
        import boto3
        moto_proton.install_model()
        client = boto3.client(
            "proton",
            region_name="us-east-1",
            aws_access_key_id="key",
            aws_secret_access_key="secret",
        )
        assert "moto" not in sys.modules
        from moto import mock_aws
        from moto_proton.faults import book, raise_error
        with mock_aws():
            raise_error("ListServices", "ValidationException", times=3)
            try:
                client.list_services()
            except client.exceptions.ValidationException:
                print([error.remaining for error in book._errors])
    """

    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, check=False
    )

    assert (done.stdout, done.stderr) == ("[2]\n", "")
