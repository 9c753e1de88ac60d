"""A mock leaves nothing behind: in the process, in moto, in our modules.

The scripts run in interpreters of their own, where nothing but them has touched anything. A picture
of the process is taken before the mock and after it, and compared value by value; once for the
first mock, which may load modules, and once for a later one, which may not leave anything.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import pytest

RunAlone: TypeAlias = Callable[..., str]
Measured: TypeAlias = Callable[[str], None]

BUNDLES = Path(__file__).parents[1] / "bundles" / "data"

PICTURE = """
import asyncio, gc, inspect, io, json, os, sys, threading, types, warnings
from pathlib import Path

BUNDLES = Path(sys.argv[1])
PLAIN = (str, bytes, int, float, bool, type(None), complex)
CODE = (type, types.ModuleType, types.FunctionType, types.BuiltinFunctionType, types.MethodType)

# What may differ, as no caller can tell: contents of bounded caches (what was read and rendered of
# a text), what the last check left in a thread-local, and a counter that has to go on counting.
CACHES = {"_memories", "_environment_bundles", "_service_bundles"}

def picture_of(value, depth=0):
    "A value as something that can be compared; objects by what is in them."
    if isinstance(value, PLAIN):
        return repr(value)
    if isinstance(value, CODE) or depth > 6:
        return f"{type(value).__name__} {getattr(value, '__qualname__', '')} {id(value)}"
    if isinstance(value, threading.local):
        return "of each thread"
    if hasattr(value, "cache_info"):
        return "cache"  # bounded, or of a fixed number of keys: see the test of caches
    if isinstance(value, dict) or type(value).__name__ in ("mappingproxy", "WeakKeyDictionary"):
        return {repr(picture_of(k, depth + 1)): picture_of(v, depth + 1)
                for k, v in list(value.items())}
    if isinstance(value, (list, tuple)) or type(value).__name__ == "deque":
        return [picture_of(each, depth + 1) for each in list(value)]
    if isinstance(value, (set, frozenset)):
        return sorted(repr(picture_of(each, depth + 1)) for each in value)
    owner = type(value).__module__
    if owner.startswith("moto_proton"):
        parts = {key: each for key, each in getattr(value, "__dict__", {}).items()
                 if (type(value).__name__, key) != ("ConnectedRepositories", "changes")}
        for kind in type(value).__mro__:
            for slot in getattr(kind, "__slots__", ()):
                if isinstance(slot, str) and hasattr(value, slot):
                    parts[slot] = getattr(value, slot)
        return [f"{owner}.{type(value).__qualname__}", picture_of(parts, depth + 1)]
    return f"{owner}.{type(value).__qualname__} {id(value)}"

def picture():
    from botocore.handlers import BUILTIN_HANDLERS
    import boto3
    seen = {
        "environment": dict(os.environ),
        "meta_path": [repr(type(each)) for each in sys.meta_path],
        "path": list(sys.path),
        "path_hooks": len(sys.path_hooks),
        "warnings": [repr(each) for each in warnings.filters],
        "showwarning": id(warnings.showwarning),
        "threads": sorted(each.name for each in threading.enumerate()),
        "handlers": [(name, getattr(handler, "__qualname__", type(handler).__name__))
                     for name, handler, *_ in BUILTIN_HANDLERS],
        "default session": repr(boto3.DEFAULT_SESSION),
        "boto3": [id(boto3.client), id(boto3.resource), id(boto3.setup_default_session)],
        "switch interval": sys.getswitchinterval(),
        "recursion limit": sys.getrecursionlimit(),
        "excepthook": id(sys.excepthook),
        "standard": [id(sys.stdout), id(sys.stderr)],
    }
    models = sys.modules.get("moto.core.models")
    if models is not None:
        from moto.backend_index import backend_url_patterns
        from moto.core.base_backend import BackendDict
        from moto.core.config import default_user_config
        from moto.core import botocore_stubber
        from moto.moto_api import state_manager
        from requests.adapters import HTTPAdapter
        seen["moto"] = {
            "patterns": [name for name, _ in backend_url_patterns],
            "backends in use": [repr(each.service_name) for each in BackendDict._instances],
            "configuration": repr(default_user_config),
            "nested": [models.MockAWS._nested_count, models.ServerModeMockAWS._nested_count],
            "enabled": models.botocore_stubber.enabled,
            "responses": len(models.responses_mock._matches
                             if hasattr(models.responses_mock, "_matches")
                             else models.responses_mock.registered()),
            "transitions": repr(sorted(state_manager._transitions.items())),
            "defaults": sorted(state_manager._default_transitions),
            "sending": id(HTTPAdapter.send),
        }
        for name in ("proton", "s3", "ssm", "sns", "sqs", "dynamodb", "cloudformation", "iam"):
            module = sys.modules.get(f"moto.{name}.models") or sys.modules.get(f"moto.{name}")
            backends = getattr(module, f"{name}_backends", {})
            seen["moto"][f"{name}'s accounts"] = sorted(dict.keys(backends))
    for name, module in sorted(sys.modules.items()):
        if name == "moto_proton" or name.startswith("moto_proton."):
            parts = {}
            for key, value in sorted(vars(module).items()):
                if key in CACHES or key.startswith("__") and key.endswith("__"):
                    continue
                if getattr(value, "__module__", None) == name and isinstance(value, type):
                    own = {k: v for k, v in vars(value).items()
                           if not (k.startswith("__") or callable(v)
                                   or isinstance(v, (classmethod, staticmethod, property,
                                                     types.MemberDescriptorType,
                                                     types.GetSetDescriptorType)))}
                    parts[key] = picture_of(own)
                else:
                    parts[key] = picture_of(value)
            seen[name] = parts
    return json.loads(json.dumps(seen, default=str, sort_keys=True))

def differences(one, other, path=""):
    if isinstance(one, dict) and isinstance(other, dict):
        for key in sorted({*one, *other}):
            if key not in one or key not in other:
                yield f"{path}/{key} " + ("came" if key in other else "went")
            else:
                yield from differences(one[key], other[key], f"{path}/{key}")
    elif one != other:
        yield f"{path}: {str(one)[:200]} -> {str(other)[:200]}"

def live(number, provisioner="default"):
    "As much as there is to do in a mock."
    import boto3, requests
    from moto_proton import faults, git, mock_proton, rendered, seed
    from botocore.exceptions import ClientError
    before = boto3.session.Session(aws_access_key_id="k", aws_secret_access_key="s").client(
        "proton", region_name="us-east-1")
    config = {"proton": {"quotas": {"services": 5}, "provisioner": provisioner}}
    with mock_proton(config=config):
        client = boto3.client("proton", region_name="us-east-1")
        worlds = seed.Seed(client)
        worlds.environment_template("network", bundle=BUNDLES / "network")
        worlds.service_template("shop", bundle=BUNDLES / "shop", compatible_with=["network:1"],
                                pipeline=True)
        worlds.environment("dev", template="network", inputs={"cidr": "10.0.0.0/16"})
        worlds.service("shop", template="shop", instances={"web": "dev"},
                       inputs={"image": f"shop/web:{number}"}, pipeline=True,
                       pipeline_inputs={"dockerfile": "D"})
        arn = client.get_service_instance(serviceName="shop", name="web")["serviceInstance"]["arn"]
        assert "shop/web" in rendered(arn).template
        worlds.environment("plain")
        worlds.component("cache", attach_to=("shop", "web"))
        client.tag_resource(resourceArn=arn, tags=[{"key": "a", "value": str(number)}])
        client.create_environment_account_connection(
            managementAccountId="999999999999", environmentName="far",
            roleArn="arn:aws:iam::123456789012:role/r")
        faults.fail_deployment("environment/never", times=3)
        faults.raise_error("GetService", "ValidationException", times=2)
        try:
            client.get_service(name="shop")
        except ClientError:
            pass
        try:
            from dulwich.repo import Repo
            import tempfile
            with tempfile.TemporaryDirectory() as folder:
                Repo.init_bare(folder).close()
                git.connect("shop/infrastructure", folder)
                client.list_services()
        except ImportError:
            pass
        assert before.list_services()["services"][0]["name"] == "shop"
        boto3.client("proton", region_name="eu-west-1",
                     endpoint_url="https://proton.example").list_services()
        requests.post("https://proton.us-east-1.amazonaws.com/", data="{}",
                      headers={"X-Amz-Target": "AwsProton20200720.ListServices"})
        with mock_proton(config={"proton": {"require_bundles": False}}):
            client.list_environments()

    @mock_proton
    async def task():
        boto3.client("proton", region_name="us-east-1").list_services()
    asyncio.run(task())

    @mock_proton
    def fails():
        raise LookupError
    try:
        fails()
    except LookupError:
        pass
"""

TWICE = (
    PICTURE
    + """
import boto3, moto, moto_proton
from moto import mock_aws
provisioner = sys.argv[2]
with mock_aws():
    boto3.client("s3", region_name="us-east-1").list_buckets()
first = picture()
live(1, provisioner)
second = picture()
live(2, provisioner)
third = picture()
print(json.dumps({
    "first": [each for each in differences(first, second)],
    "later": [each for each in differences(second, third)],
    "modules": sum(name.startswith("moto_proton") for name in third),
    "values": sum(len(part) for name, part in third.items() if name.startswith("moto_proton")),
}))
"""
)

MAY_COME = (
    # Modules of ours, loaded when they are needed, and the names of lazy imports.
    "/moto_proton",
    "/moto/",  # services that were not loaded yet, each without accounts
)


@pytest.mark.parametrize("provisioner", ["default", "cloudformation"])
def test_a_mock_leaves_the_process_as_it_was(
    run_alone: RunAlone, measured: Measured, provisioner: str
) -> None:
    seen: dict[str, Any] = json.loads(run_alone(TWICE, str(BUNDLES), provisioner))

    assert seen["later"] == []
    odd = [
        each for each in seen["first"] if not (each.endswith(" came") and each.startswith(MAY_COME))
    ]
    assert odd == []
    measured(
        f"leaks, {provisioner}: {seen['values']} globals of {seen['modules']} modules, moto's "
        "backends and patches, environment, threads, warnings: 0 differences after a mock"
    )


MEMORY = (
    PICTURE
    + """
from collections import Counter
import boto3, moto_proton
from moto_proton import mock_proton, seed

def once(number):
    with mock_proton():
        client = boto3.client("proton", region_name="us-east-1")
        worlds = seed.Seed(client)
        worlds.environment_template("network", bundle=BUNDLES / "network")
        worlds.environment("dev", template="network", inputs={"cidr": f"10.0.{number % 250}.0/24"})
        worlds.service_template("shop", bundle=BUNDLES / "shop", compatible_with=["network:1"],
                                pipeline=True)
        worlds.service("shop", template="shop", instances={"web": "dev"},
                       inputs={"image": f"shop/web:{number}"}, pipeline=True,
                       pipeline_inputs={"dockerfile": "D"})

def forget():
    "Empty the caches, which have an end: what is left then has none."
    for name, module in list(sys.modules.items()):
        if name.startswith("moto_proton"):
            for key, value in list(vars(module).items()):
                if key in ("_environment_bundles", "_service_bundles"):
                    value._bundles.clear()
                elif key == "_memories" or hasattr(value, "cache_clear"):
                    getattr(value, "cache_clear", getattr(value, "clear", None))()

def objects():
    gc.collect()
    return Counter(f"{type(each).__module__}.{type(each).__qualname__}" for each in gc.get_objects()
                   if str(type(each).__module__).startswith("moto_proton"))

WARM, MOCKS = 20, 200
for number in range(WARM):
    once(number)
forget()
objects_before = objects()
blocks_before, all_before = sys.getallocatedblocks(), len(gc.get_objects())
for number in range(WARM, WARM + MOCKS):
    once(number)
forget()
objects_after = objects()
blocks_after, all_after = sys.getallocatedblocks(), len(gc.get_objects())
print(json.dumps({"mocks": MOCKS, "grown": dict(objects_after - objects_before),
                  "ours": objects_after.total(), "all": all_after - all_before,
                  "blocks": blocks_after - blocks_before}))
"""
)

CACHES = """
import json, pkgutil, importlib, sys
import moto_proton, moto_proton.proton.responses
for found in pkgutil.walk_packages(moto_proton.__path__, "moto_proton."):
    importlib.import_module(found.name)
caches = {}
for name, module in list(sys.modules.items()):
    if name.startswith("moto_proton"):
        for key, value in vars(module).items():
            if hasattr(value, "cache_info") and value.__module__ == name:
                caches[f"{name}.{key}"] = value.cache_info().maxsize
print(json.dumps(caches))
"""

UNBOUNDED = {
    # Their keys are few: none at all, the model's operations, names and patterns, two provisioners.
    "moto_proton.api.constraints._request_reader",
    "moto_proton.api.naming.snake_case",
    "moto_proton.api.patterns.compiled",
    "moto_proton.api.service_model._loaded_model",
    "moto_proton.api.service_model.error_codes",
    "moto_proton.api.service_model.operation_names",
    "moto_proton.api.shapes._response_writer",
    "moto_proton.bridge.mocking._target_matcher",
    "moto_proton.proton.backend._bundled_provisioner",
    "moto_proton.render.template._sandbox",
    "moto_proton.render.template._surveying_sandbox",
    "moto_proton.seed.upload._mocked_session",
}


@pytest.mark.proof
def test_two_hundred_mocks_take_no_more_memory_than_one(
    run_alone: RunAlone, measured: Measured
) -> None:
    seen = json.loads(run_alone(MEMORY, str(BUNDLES)))
    measured(
        f"memory: {seen['mocks']} mocks with bundles leave {sum(seen['grown'].values())} objects "
        f"of ours more (of {seen['ours']}); {seen['all'] / seen['mocks']:.1f} objects and "
        f"{seen['blocks'] / seen['mocks']:.1f} blocks of memory a mock in the whole process"
    )
    assert seen["grown"] == {}
    assert seen["blocks"] < 20 * seen["mocks"]


def test_every_cache_has_an_end(run_alone: RunAlone) -> None:
    caches = json.loads(run_alone(CACHES))

    assert len(caches) > len(UNBOUNDED)
    endless = {name for name, size in caches.items() if size is None}
    assert endless - UNBOUNDED == set()
