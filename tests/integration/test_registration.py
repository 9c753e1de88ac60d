from __future__ import annotations

import importlib.metadata
import re
import sys
import threading
from collections.abc import Callable

import pytest
from moto import backend_index

import moto_proton
from moto_proton import bridge
from moto_proton.bridge import compatibility

RunPython = Callable[..., str]

USE_PROTON = """
def proton_answers():
    import boto3
    from moto import mock_aws
    with mock_aws():
        client = boto3.client("proton", region_name="us-east-1")
        return client.list_environment_templates()["templates"] == []
assert proton_answers()
"""


def test_the_version_is_that_of_the_distribution() -> None:
    assert importlib.metadata.version("moto_proton") == moto_proton.__version__


def test_importing_the_package_loads_nothing_heavy(run_python: RunPython) -> None:
    printed = run_python(
        "import sys, moto_proton\n"
        "heavy = {'moto', 'boto3', 'botocore', 'yaml', 'responses', 'requests', 'pytest'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    assert printed == "[]\n"


@pytest.mark.parametrize(
    "imports",
    [
        "import moto_proton",
        "import moto_proton, moto",
        "import moto, moto_proton",
        "import boto3, moto_proton",
        "import boto3; boto3.client('s3', region_name='us-east-1')\nimport moto_proton",
        "import botocore.handlers, moto_proton",
        "import moto.backends, moto_proton",
        "from moto_proton import mock_proton",
        "import moto_proton, importlib; importlib.reload(moto_proton)",
        "import moto_proton.bridge, moto",
    ],
)
def test_mock_aws_serves_proton_whatever_the_order_of_imports(
    run_python: RunPython, imports: str
) -> None:
    run_python(imports + USE_PROTON)


def test_a_client_of_a_session_older_than_moto_is_covered(run_python: RunPython) -> None:
    run_python(
        "import boto3, moto_proton\n"
        "moto_proton.install_model()\n"
        "client = boto3.Session().client('proton', region_name='us-east-1')\n"
        "from moto import mock_aws\n"
        "with mock_aws():\n"
        "    from moto_proton import faults\n"
        "    faults.raise_error('CreateEnvironmentTemplate', 'ConflictException', times=1)\n"
        "    try:\n"
        "        client.create_environment_template(name='web')\n"
        "    except client.exceptions.ConflictException:\n"
        "        pass\n"
        "    # Carried out once: the fault is used up, and nothing was made behind the answer.\n"
        "    assert client.list_environment_templates()['templates'] == []\n"
        "    client.create_environment_template(name='web')\n",
        AWS_ACCESS_KEY_ID="testing",
        AWS_SECRET_ACCESS_KEY="testing",
    )


def test_importing_us_within_a_mock_serves_requests_too(run_python: RunPython) -> None:
    run_python(
        "from moto import mock_aws\n"
        "with mock_aws():\n"
        "    import moto_proton, requests\n"
        "    answer = requests.post('https://proton.us-east-1.amazonaws.com/', data='{}',\n"
        "        headers={'X-Amz-Target': 'AwsProton20200720.ListEnvironmentTemplates'})\n"
        "    assert answer.json()['templates'] == [], answer.text\n"
    )


def test_moto_learns_of_the_backend_without_loading_it(run_python: RunPython) -> None:
    printed = run_python(
        "import sys, moto_proton, moto\n"
        "from moto.backends import get_backend\n"
        "print('moto_proton.proton.backend' in sys.modules)\n"
        "print(get_backend('proton').service_name)\n"
        "print('moto_proton.proton.backend' in sys.modules)\n"
    )
    assert printed == "False\nproton\nTrue\n"


def test_registering_again_changes_nothing() -> None:
    bridge.register()
    before = list(backend_index.backend_url_patterns)

    threads = [threading.Thread(target=bridge.register) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert backend_index.backend_url_patterns == before
    assert [name for name, _ in before].count("proton") == 1


def test_our_proton_goes_over_one_that_moto_may_bring(monkeypatch: pytest.MonkeyPatch) -> None:
    patterns = backend_index.backend_url_patterns
    original = list(patterns)
    try:
        patterns[:] = [
            *(entry for entry in original if entry[0] != "proton"),
            ("proton", re.compile("https?://proton\\.(.+)\\.amazonaws\\.com")),
        ]
        bridge.register()
        assert patterns == original
    finally:
        patterns[:] = original


def test_the_module_in_moto_has_the_backends_and_nothing_else() -> None:
    module = sys.modules["moto.proton"]

    assert module.proton_backends.service_name == "proton"
    assert not hasattr(module, "something_else")


def test_a_moto_without_its_url_index_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backend_index, "backend_url_patterns", {"proton": "a mapping"})
    monkeypatch.setattr(compatibility, "installed_moto", lambda: "9.9.9")

    with pytest.raises(bridge.MotoIncompatibleError) as raised:
        bridge.register()

    assert str(raised.value) == (
        "moto_proton works with moto 5.1.0 and later (tested up to 5.2.5), but moto 9.9.9 is "
        "installed, and it is without moto.backend_index.backend_url_patterns as a list of pairs. "
        "Install another moto, or a newer moto_proton."
    )
    assert raised.value.installed == "9.9.9"


@pytest.mark.parametrize(
    ("module", "name"), [("moto.core.models", "botocore_stubber"), ("moto.backends", "get_backend")]
)
def test_what_moved_in_moto_is_named(
    monkeypatch: pytest.MonkeyPatch, module: str, name: str
) -> None:
    monkeypatch.setattr(compatibility, "_checked", False)
    monkeypatch.delattr(sys.modules[module], name)

    with pytest.raises(bridge.MotoIncompatibleError, match=re.escape(f"{module}.{name}")):
        bridge.check_moto()


def test_a_module_that_moto_no_longer_has_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compatibility, "_checked", False)
    monkeypatch.setattr(compatibility, "_RELIED_ON", {"moto.no_such_module": ("name",)})

    with pytest.raises(bridge.MotoIncompatibleError, match=r"the module moto\.no_such_module"):
        bridge.check_moto()


def test_an_incompatible_moto_still_imports_and_proton_says_why(run_python: RunPython) -> None:
    printed = run_python(
        "from moto_proton import bridge\n"
        "bridge.registration._is_url_index = lambda patterns: False\n"
        "import moto, boto3\n"
        "with moto.mock_aws():\n"
        "    client = boto3.client('proton', region_name='us-east-1')\n"
        "    try:\n"
        "        client.list_services()\n"
        "    except bridge.MotoIncompatibleError as error:\n"
        "        print('refused')\n"
    )
    assert printed == "refused\n"


def test_the_supported_moto_is_what_was_installed() -> None:
    assert bridge.installed_moto() != "unknown"
