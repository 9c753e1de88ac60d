"""moto is unchanged for other services: with moto_proton registered it gives the same answers and
errors.

One script, run in a process that never heard of us and in one that has us registered; what they
print has to be the same, byte for byte: answers with all ids (moto's random numbers are seeded, the
clock is frozen), errors, what went to the network (which refuses), and what moto knows to mock.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, TypeAlias

import pytest

RunAlone: TypeAlias = Callable[..., str]
Measured: TypeAlias = Callable[[str], None]

SCRIPT = r"""
import io, json, random, re, socket, sys, warnings, zipfile
warnings.simplefilter("ignore")

mode = sys.argv[1]
if mode == "without":
    class Never:
        def find_spec(self, name, path=None, target=None):
            assert not name.startswith("moto_proton"), name
    sys.meta_path.insert(0, Never())
elif mode == "before":
    import moto_proton
import boto3, moto, requests
from botocore.config import Config
from freezegun import freeze_time
from moto import mock_aws
if mode == "after":
    import moto_proton
if mode != "without":
    from moto_proton.bridge import register
    register()
    import moto_proton.proton.responses  # the backend, too
from moto.core.config import default_user_config
from moto.moto_api._internal import mock_random

asked = []
def refuse(*arguments, **_):
    asked.append(repr(arguments[0] if isinstance(arguments[0], (tuple, str)) else arguments[1]))
    raise OSError("refused")
socket.socket.connect = socket.create_connection = socket.getaddrinfo = refuse

CONFIG = Config(retries={"total_max_attempts": 1})
session = boto3.session.Session(aws_access_key_id="k", aws_secret_access_key="s")
def client(service, **options):
    return session.client(service, region_name="us-east-1", config=CONFIG, **options)

def code():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(zipfile.ZipInfo("main.py"), "def handle(event, context): return event\n")
    return packed.getvalue()

TRUST = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow",
    "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]})
STACK = json.dumps({"Resources": {"Queue": {"Type": "AWS::SQS::Queue",
    "Properties": {"QueueName": "of-stack"}}},
    "Outputs": {"Url": {"Value": {"Ref": "Queue"}}}})
URL = "https://sqs.us-east-1.amazonaws.com/123456789012/orders"
TOPIC = "arn:aws:sns:us-east-1:123456789012:orders"
ROLE = "arn:aws:iam::123456789012:role/role"
CALLS = [
    ("s3", "create_bucket", {"Bucket": "shop"}),
    ("s3", "create_bucket", {"Bucket": "proton"}),
    ("s3", "put_object", {"Bucket": "shop", "Key": "proton.us-east-1.amazonaws.com", "Body": b"x"}),
    ("s3", "get_object", {"Bucket": "shop", "Key": "proton.us-east-1.amazonaws.com"}),
    ("s3", "list_objects_v2", {"Bucket": "shop"}),
    ("s3", "get_object", {"Bucket": "proton", "Key": "missing"}),
    ("s3", "list_buckets", {}),
    ("dynamodb", "create_table", {"TableName": "orders", "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}]}),
    ("dynamodb", "put_item", {"TableName": "orders", "Item": {"id": {"S": "1"}}}),
    ("dynamodb", "get_item", {"TableName": "orders", "Key": {"id": {"S": "1"}}}),
    ("dynamodb", "scan", {"TableName": "orders"}),
    ("dynamodb", "describe_table", {"TableName": "missing"}),
    ("sqs", "create_queue", {"QueueName": "orders"}),
    ("sqs", "send_message", {"QueueUrl": URL, "MessageBody": "hello"}),
    ("sqs", "receive_message", {"QueueUrl": URL}),
    ("sqs", "get_queue_url", {"QueueName": "missing"}),
    ("sns", "create_topic", {"Name": "orders"}),
    ("sns", "subscribe", {"TopicArn": TOPIC, "Protocol": "sqs",
        "Endpoint": "arn:aws:sqs:us-east-1:123456789012:orders",
        "Attributes": {"RawMessageDelivery": "true"}}),
    ("sns", "publish", {"TopicArn": TOPIC, "Message": "hello"}),
    ("sns", "publish", {"TopicArn": TOPIC + "-missing", "Message": "hello"}),
    ("sqs", "receive_message", {"QueueUrl": URL}),
    ("ssm", "put_parameter", {"Name": "/shop", "Value": "1", "Type": "String"}),
    ("ssm", "get_parameter", {"Name": "/shop"}),
    ("ssm", "get_parameter", {"Name": "/missing"}),
    ("iam", "create_role", {"RoleName": "role", "AssumeRolePolicyDocument": TRUST}),
    ("iam", "get_role", {"RoleName": "role"}),
    ("iam", "get_role", {"RoleName": "missing"}),
    ("iam", "create_user", {"UserName": "user"}),
    ("iam", "create_access_key", {"UserName": "user"}),
    ("iam", "list_users", {}),
    ("sts", "get_caller_identity", {}),
    ("sts", "assume_role", {"RoleArn": ROLE, "RoleSessionName": "session"}),
    ("ecs", "create_cluster", {"clusterName": "shop"}),
    ("ecs", "register_task_definition", {"family": "web",
        "containerDefinitions": [{"name": "web", "image": "web", "memory": 128}]}),
    ("ecs", "create_service", {"cluster": "shop", "serviceName": "web", "taskDefinition": "web",
        "desiredCount": 1}),
    ("ecs", "update_service", {"cluster": "shop", "service": "web", "desiredCount": 2}),
    ("ecs", "describe_services", {"cluster": "shop", "services": ["web", "missing"]}),
    ("ecs", "update_service", {"cluster": "missing", "service": "web"}),
    ("ec2", "create_vpc", {"CidrBlock": "10.0.0.0/16"}),
    ("ec2", "describe_vpcs", {}),
    ("ec2", "describe_availability_zones", {}),
    ("ec2", "describe_instances", {"InstanceIds": ["i-missing"]}),
    ("lambda", "create_function", {"FunctionName": "f", "Runtime": "python3.12", "Role": ROLE,
        "Handler": "main.handle", "Code": {"ZipFile": code()}}),
    ("lambda", "list_functions", {}),
    ("lambda", "get_function", {"FunctionName": "missing"}),
    ("cloudformation", "create_stack", {"StackName": "stack", "TemplateBody": STACK}),
    ("cloudformation", "describe_stacks", {"StackName": "stack"}),
    ("cloudformation", "describe_stack_resources", {"StackName": "stack"}),
    ("cloudformation", "describe_stacks", {"StackName": "missing"}),
    ("cloudformation", "delete_stack", {"StackName": "stack"}),
    ("events", "put_rule", {"Name": "rule", "ScheduleExpression": "rate(1 day)"}),
    ("events", "list_rules", {}),
    ("events", "put_events", {"Entries": [{"Source": "shop", "DetailType": "d", "Detail": "{}"}]}),
    ("events", "describe_rule", {"Name": "missing"}),
    ("kms", "create_key", {}),
    ("kms", "list_keys", {}),
    ("logs", "create_log_group", {"logGroupName": "/shop"}),
    ("logs", "describe_log_groups", {}),
    ("codepipeline", "list_pipelines", {}),
    ("codestar-connections", "list_connections", {}),
    ("resourcegroupstaggingapi", "get_resources", {}),
    ("apigateway", "create_rest_api", {"name": "shop"}),
    ("route53", "list_hosted_zones", {}),
    ("secretsmanager", "create_secret", {"Name": "s", "SecretString": "x",
        "ClientRequestToken": "0" * 32}),
    ("secretsmanager", "get_secret_value", {"SecretId": "missing"}),
    ("stepfunctions", "list_state_machines", {}),
    # Services that moto has no mock for.
    ("cloudhsm", "list_hsms", {}),
    ("chime", "list_accounts", {}),
    ("mgh", "list_progress_update_streams", {}),
    ("deadline", "list_farms", {}),
]

def plain(value):
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items()}
    if isinstance(value, list):
        return [plain(each) for each in value]
    if hasattr(value, "read"):
        return repr(value.read())
    if isinstance(value, str):  # tokens of sessions come from os.urandom
        return re.sub(r"FQoGZXIvYXdzEBYaD[\w+/=]+", "random", value)
    return value if isinstance(value, (str, int, float, bool, type(None))) else repr(value)

def answer(service, operation, request, **options):
    before = len(asked)
    try:
        made = client("stepfunctions" if service == "stepfunctions" else service, **options)
        told = plain(getattr(made, operation)(**request))
    except Exception as error:
        told = [type(error).__module__, type(error).__name__, str(error),
                plain(getattr(error, "response", None))]
    return [service, operation, told, asked[before:]]

def fetch(method, url, **headers):
    before = len(asked)
    try:
        got = requests.request(method, url, data="{}", headers=headers, timeout=60)
        told = [got.status_code, sorted(got.headers), got.text]
    except Exception as error:
        told = [type(error).__module__, type(error).__name__]
    return [method, url, told, asked[before:]]

seen = {}
with freeze_time("2026-01-01"):
    random.seed(0)
    mock_random.seed(0)
    earlier = {name: client(name) for name in ("s3", "sqs")}
    with mock_aws():
        seen["calls"] = [answer(*call) for call in CALLS]
        seen["earlier"] = [plain(earlier["s3"].list_buckets()), plain(earlier["sqs"].list_queues())]
    with mock_aws():
        seen["empty"] = [answer("s3", "list_buckets", {}), answer("sqs", "list_queues", {})]
        endpoint = "https://internal.example"
        seen["custom endpoints"] = [
            answer(service, operation, {}, endpoint_url=endpoint) for service, operation in [
                ("sqs", "list_queues"), ("s3", "list_buckets"), ("ecs", "list_clusters"),
                ("dynamodb", "list_tables"), ("sts", "get_caller_identity")]]
        seen["requests"] = [
            fetch("GET", "https://example.com/"),
            fetch("POST", "https://example.com/", **{"X-Amz-Target": "Other.ListThings"}),
            fetch("GET", "https://proton.me/"),
            fetch("GET", "https://protonmail.com/"),
            fetch("GET", "https://unknown.us-east-1.amazonaws.com/"),
            fetch("GET", "https://proton.s3.amazonaws.com/"),
            fetch("GET", "https://sts.us-east-1.amazonaws.com/?Action=GetCallerIdentity"),
            fetch("POST", "https://sqs.us-east-1.amazonaws.com/",
                  **{"X-Amz-Target": "AmazonSQS.ListQueues"}),
            fetch("GET", "http://169.254.169.254/latest/meta-data/iam/security-credentials/"),
            fetch("GET", "http://localhost:1/"),
        ]
    for name, config in {
        "passed services": {"core": {"passthrough": {"services": ["sqs", "dynamodb"]}}},
        "passed URLs": {"core": {"passthrough": {"urls": [r"https?://sqs\..*", ".*s3.*"]}}},
        "whitelist": {"core": {"service_whitelist": ["s3"]}},
        "own credentials": {"core": {"mock_credentials": False}},
    }.items():
        with mock_aws(config=config):
            seen[name] = [answer("sqs", "list_queues", {}), answer("s3", "list_buckets", {}),
                          answer("dynamodb", "list_tables", {}), answer("sns", "list_topics", {}),
                          fetch("GET", "https://sqs.us-east-1.amazonaws.com/?Action=ListQueues")]
        seen[f"configuration after {name}"] = repr(default_user_config)
    seen["outside"] = [answer("s3", "list_buckets", {}), fetch("GET", "https://s3.amazonaws.com/")]

from moto import backend_index, backends
from moto.core.base_backend import BackendDict
seen["index"] = [(name, pattern.pattern) for name, pattern in backend_index.backend_url_patterns
                 if name != "proton"]
seen["modules"] = sorted(set(backends.list_of_moto_modules()) - {"proton"})
seen["services"] = sorted(str(name) for name in dir(backends) if not name.startswith("_"))
from botocore.handlers import BUILTIN_HANDLERS
seen["handlers"] = [(name, getattr(handler, "__qualname__", type(handler).__name__))
                    for name, handler, *_ in BUILTIN_HANDLERS if name != "before-send.proton"]
seen["in use"] = [repr(each.service_name) for each in BackendDict._instances]
print(json.dumps(seen, sort_keys=True, default=repr))
"""


@pytest.fixture(scope="module")
def without(run_alone: RunAlone) -> dict[str, Any]:
    """What moto does where nobody has heard of us."""
    seen: dict[str, Any] = json.loads(run_alone(SCRIPT, "without"))
    return seen


@pytest.mark.parametrize("imported", ["before", "after"])
def test_moto_does_what_it_did(
    run_alone: RunAlone, measured: Measured, without: dict[str, Any], imported: str
) -> None:
    seen = json.loads(run_alone(SCRIPT, imported))

    for part, expected in without.items():
        assert seen[part] == expected, part
    assert seen.keys() == without.keys()
    calls = [call for part in without.values() for call in part if isinstance(call, list)]
    services = {call[0] for call in without["calls"]}
    measured(
        f"moto unharmed, moto_proton imported {imported} moto: {len(without['calls'])} calls of "
        f"{len(services)} services and {sum(len(call) == 4 for call in calls)} requests in all, "
        "0 answered otherwise"
    )


def test_the_table_means_something(without: dict[str, Any]) -> None:
    """There are answers, errors and calls that went to the network among what is compared."""
    told = [call[2] for call in without["calls"]]
    answers = sum(isinstance(each, dict) for each in told)
    errors = sum(isinstance(each, list) and each[1] != "EndpointConnectionError" for each in told)
    assert answers >= 45
    assert errors >= 8
    assert all(call[3] for call in without["custom endpoints"][2:3])
    assert without["passed services"][0][3]
    assert not without["passed services"][1][3]
    assert without["passed URLs"][0][3]
    assert len(without["index"]) > 150
