"""Inputs from a grammar: nearly valid, so that they reach more code than damaged ones.

There is one function for each kind; each gets a seeded ``Random`` and returns the bytes of an
input.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from random import Random
from typing import Any, Final

from moto_proton import api

SPEC_SCALARS: Final = (
    "80", "'80'", '"80"', "true", "yes", "~", "", "0120", "1_0", "1.5", ".5", "1e3", "!!str 1",
    "!!int '1'", "2026-01-01", "'${Proton::CURRENT_VAL}'", '"${Proton::CURRENT_VAL}"', "dev",
    "dev-env", "a b", "|\n    x\n    y", ">-\n    x\n\n    y", "&a 1", "*a", "*b", "!!null ''",
    "!local x", '"\\x41"', "'it''s'", "''", "@x", "`x", "%x", "- x", "{a: 1}", "[1, [2], {b: 3}]",
    "{}", "[]", "{<<: *a}", "&b {c: d}", "? x", "a: b", "-.inf", ".NaN",
)  # fmt: skip
SPEC_KEYS: Final = ("port", "image", "'a b'", "<<", "80", "true", "~", "? [x]", "!!str port", '""')
NAMES: Final = ("dev", "prod", "canary", "dev", "a" * 100, "a" * 101, "-x", "ünï", "1", "'1'", "~")


def service_or_environment_spec(random: Random) -> bytes:
    """A spec of either kind, in one of YAML's many styles."""
    text = random.choice(("", "", "", "---\n", "%YAML 1.1\n---\n", "# comment\n", "\ufeff"))
    kind = random.choice(("ServiceSpec", "ServiceSpec", "ServiceSpec", "EnvironmentSpec", "'x'"))
    text += f"proton: {kind}\n"
    if kind == "EnvironmentSpec":
        text += f"spec: {_inputs(random, 1)}\n"
    else:
        if random.random() < 0.4:
            text += f"pipeline: {_inputs(random, 1)}\n"
        text += "instances:\n"
        for _ in range(random.choice((0, 1, 1, 2, 2, 3, 21))):
            anchor = random.choice(("", "", "", "&a ", "&b "))
            text += f"- {anchor}name: {random.choice(NAMES)}\n" if not anchor else f"- {anchor}\n"
            if anchor:
                text += f"  name: {random.choice(NAMES)}\n"
            text += f"  environment: {random.choice(('dev-env', 'prod', '80', '*a', '~'))}\n"
            if random.random() < 0.7:
                text += f"  spec: {_inputs(random, 2)}\n"
            if random.random() < 0.1:
                text += f"  {random.choice(SPEC_KEYS)}: {random.choice(SPEC_SCALARS)}\n"
    if random.random() < 0.15:
        text += random.choice(("...\n", "---\n", "extra: 1\n", "\x00", "instances: []\n", "\t"))
    return text.encode("utf-8", "surrogatepass")


def _inputs(random: Random, depth: int) -> str:
    if random.random() < 0.4:
        members = (
            f"{random.choice(SPEC_KEYS)}: {_flow(random, 0)}" for _ in range(random.randrange(4))
        )
        return "{" + ", ".join(members) + "}"
    pad = "  " * (depth + 1)
    lines = [
        f"\n{pad}{random.choice(SPEC_KEYS)}: {random.choice(SPEC_SCALARS)}"
        for _ in range(random.randrange(5))
    ]
    return "".join(lines)


def _flow(random: Random, depth: int) -> str:
    choice = random.random()
    if depth < 4 and choice < 0.2:
        return "[" + ", ".join(_flow(random, depth + 1) for _ in range(random.randrange(4))) + "]"
    if depth < 4 and choice < 0.4:
        members = (
            f"{random.choice(SPEC_KEYS)}: {_flow(random, depth + 1)}"
            for _ in range(random.randrange(3))
        )
        return "{" + ", ".join(members) + "}"
    return random.choice([each for each in SPEC_SCALARS if "\n" not in each])


# Templates

ATOMS: Final = (
    "1", "0", "-1", "1.5", "10**9", "''", "'a,b'", "none", "true", "[]", "{}", "[1, 'a', none]",
    "{'a': 1}", "range(9)", "range(10**8)", "service", "service_instance", "environment", "self",
    "loop", "loop.index", "service_instance.inputs", "service_instance.inputs.port",
    "service_instance.inputs.names", "environment.outputs", "environment.outputs.VpcId",
    "service.name", "missing", "missing.more", "''.join", "cycler('a')", "namespace(a=1)", "dict()",
    "lipsum", "joiner()", "'%s' % 1", "'{0.__class__}'.format(1)", "environment.__init__",
)  # fmt: skip
FILTERS: Final = (
    "upper", "join(',')", "map('upper')", "select", "sort", "unique", "length", "list", "tojson",
    "indent(9999)", "center(99999999)", "replace('a', 'b' * 999)", "batch(2)", "slice(3)", "round",
    "groupby('a')", "dictsort", "xmlattr", "wordwrap(1)", "truncate(1)", "format(1)", "string * 99",
    "default('x')", "first", "last", "sum", "int", "float", "pprint", "random", "attr('__class__')",
    "proton_cfn_ecs_task_definition_formatted_env_vars",
    "proton_cfn_lambda_function_formatted_env_vars", "proton_cfn_iam_policy_arns",
    "proton_cfn_sanitize", "nope", "urlize", "filesizeformat", "e", "safe", "reverse",
)  # fmt: skip
FUNCTIONS: Final = (
    "Ref", "Fn::Sub", "Fn::GetAtt", "Fn::Join", "Fn::Split", "Fn::Select", "Fn::If", "Fn::Not",
    "Fn::And", "Fn::Or", "Fn::Equals", "Fn::FindInMap", "Fn::Cidr", "Fn::Base64", "Fn::GetAZs",
    "Fn::ImportValue", "Fn::Length", "Fn::ToJsonString", "Fn::Transform", "Fn::ForEach::x",
    "Condition", "Fn::Nope",
)  # fmt: skip
LITERALS: Final = (
    "Queue", "Topic", "AWS::Region", "AWS::NoValue", "AWS::StackName", "Missing", "", "a,b", "0",
    "${Queue}", "${Queue.Arn}", "${", "${!x}", "10.0.0.0/16", 0, 1, -1, 10**12, True, None, 1.5,
    "Port", "IsProd", "Map", "us-east-1", "x" * 300,
)  # fmt: skip


def template(random: Random) -> bytes:
    """A CloudFormation template with Jinja in it."""
    if random.random() < 0.5:
        return _jinja(random).encode("utf-8", "surrogatepass")
    document: dict[str, Any] = {
        "Resources": {
            "Queue": {"Type": "AWS::SQS::Queue", "Properties": {"Name": _expression(random, 0)}},
            "Topic": {
                "Type": random.choice(
                    ("AWS::SNS::Topic", "Custom::X", "AWS::Serverless::Function")
                ),
                "DependsOn": random.choice(("Queue", ["Queue"], "Topic", "Missing", 1)),
                "Condition": random.choice(("IsProd", "Missing", "IsProd")),
            },
        },
        "Outputs": {
            f"Out{number}": {"Value": _expression(random, 0)}
            for number in range(random.randrange(4))
        },
    }
    for section, value in (
        ("Conditions", {"IsProd": _expression(random, 0), "Other": _expression(random, 1)}),
        ("Mappings", {"Map": {"us-east-1": {"a": _expression(random, 3)}}}),
        ("Parameters", {"Port": {"Type": random.choice(("Number", "String", "List<Number>", 1)),
                                 "Default": random.choice(LITERALS)}}),
        ("Transform", random.choice(("AWS::Serverless-2016-10-31", ["AWS::Include"], 1))),
        ("Rules", {}),
        ("Nope", 1),
    ):  # fmt: skip
        if random.random() < 0.35:
            document[section] = value
    if random.random() < 0.2:
        document[random.choice(tuple(document))] = _expression(random, 0)
    return json.dumps(document, indent=random.choice((None, 2))).encode()


def _expression(random: Random, depth: int) -> Any:
    choice = random.random()
    if depth > 5 or choice < 0.35:
        return random.choice(LITERALS)
    if choice < 0.75:
        return {random.choice(FUNCTIONS): _expression(random, depth + 1)}
    if choice < 0.95:
        return [_expression(random, depth + 1) for _ in range(random.randrange(4))]
    return {
        str(random.choice(LITERALS)): _expression(random, depth + 1)
        for _ in range(random.randrange(3))
    }


def _jinja(random: Random) -> str:
    parts = ["Resources:\n  Queue:\n    Type: AWS::SQS::Queue\n"]
    for _ in range(random.randrange(1, 6)):
        value = _operand(random, 0)
        parts.append(
            random.choice(
                (
                    "Outputs:\n  A: {Value: %s}\n",
                    "{%% for i in %s %%}#{{ i }}\n{%% endfor %%}",
                    "{%% if %s %%}# yes\n{%% else %%}# no\n{%% endif %%}",
                    "{%% set x = %s %%}{{ x }}\n",
                    "{%% macro m(a) %%}{{ a }}{{ m(a) }}{%% endmacro %%}# {{ m(%s) }}\n",
                    "{%% filter upper %%}# {{ %s }}\n{%% endfilter %%}",
                    "{%% with a = %s %%}# {{ a }}\n{%% endwith %%}",
                    "# {{ %s }}\n",
                    "# {{ %s }}\n",
                )
            )
            .replace("%s", value if random.random() < 0.9 else "{{ " + value + " }}")
            .replace("%%", "%")
        )
    return "".join(parts)


def _large(random: Random) -> str:
    """Pairs of large arguments, which only together take long, and formats with odd keys."""
    size = random.choice((9, 900, 9_000, 90_000, 260_000, 10**9))
    other = random.choice((9, 900, 9_000, 90_000, 130_000))
    piece, odd = random.choice(PIECES), random.choice(PIECES)
    value = f"('{piece}' * {size})"
    argument = f"('{odd}' ~ '{piece}' * {other})"
    key = "".join(random.choice("ab()%. *") for _ in range(random.randrange(5)))
    width = random.choice(("", "5", "*", "99999", "1500000000", ".900000000", "-9" * 9))
    flags = random.choice(("%", "%%", "%5%", "%l", "%#"))
    return random.choice(
        (
            f"{value}.{random.choice(METHODS)}({argument})",
            f"{value}.{random.choice(METHODS)}({argument}, {argument})",
            f"{value} | {random.choice(TAKING)}({argument})",
            f"{value} | {random.choice(TAKING)}({size})",
            f"{argument} in {value}",
            f"'{flags}({key}){width}{random.choice('dsrxofc')}' % {{'{key}': {size}}}",
            f"('%({key}){width}s' * {other}) % {{'{key}': {value}}}",
            f"('{{0:{width}}}' * {other}).format({value})",
            f"range({other}) | list | {random.choice(TAKING)}({argument})",
        )
    )


PIECES: Final = ("a", "ab", "a-", " ", "\\n", "ß", "\\U0001f600", "Σ", "<", "1")
METHODS: Final = (
    "rfind", "rindex", "rsplit", "rpartition", "find", "index", "count", "split", "partition",
    "strip", "lstrip", "rstrip", "replace", "join", "startswith", "center", "removesuffix",
)  # fmt: skip
TAKING: Final = (
    "replace", "join", "trim", "indent", "wordwrap", "truncate", "batch", "slice", "center",
    "default", "map", "select", "sort", "unique", "groupby", "round", "tojson", "sum", "format",
)  # fmt: skip


def _operand(random: Random, depth: int) -> str:
    choice = random.random()
    if choice < 0.08:
        return _large(random)
    if depth > 4 or choice < 0.3:
        return random.choice(ATOMS)
    inner = _operand(random, depth + 1)
    if choice < 0.7:
        return f"{inner} | {random.choice(FILTERS)}"
    if choice < 0.8:
        sign = random.choice(("+", "*", "~", "**", "//", "%", "in", "and", "==", "<", "is"))
        return f"({inner} {sign} {_operand(random, depth + 1)})"
    if choice < 0.9:
        return f"[{inner}, {_operand(random, depth + 1)}]"
    return f"({inner}).{random.choice(('name', 'items()', 'x', '__class__', '0', 'format(1)'))}"


# HTTP

STRINGS: Final = (
    "shop", "dev", "prod", "dev-env", "environment-template", "service-template", "1", "0", "1.0",
    "", "a" * 101, "☃", "\x00", "${Proton::CURRENT_VAL}", "GITHUB", "shop/infrastructure", "main",
    "arn:aws:proton:us-east-1:123456789012:service/shop", "123456789012", "99999999999999999999",
    "arn:aws:proton:us-east-1:123456789012:service/shop/service-instance/dev",
    "arn:aws:proton:us-east-1:123456789012:service-template/service-template:1.0",
    "arn:aws:proton:us-east-1:123456789012:environment/dev-env", "arn:aws:iam::123456789012:role/x",
    "arn:aws:proton:us-east-1:123456789012:repository/github:shop/infrastructure", "YWJj", "W10=",
    "arn:aws:codestar-connections:us-east-1:123456789012:connection/x", "cache",
    "12345678-1234-1234-1234-123456789012", "proton: ServiceSpec\ninstances: [{name: dev, "
    "environment: dev-env}]", "proton: EnvironmentSpec\nspec: {}",
    "proton: ServiceSpec\ninstances: [{name: q, environment: dev-env}]",
    "infrastructure:\n  templates:\n  - file: c.yaml\n    "
    "rendering_engine: jinja\n    template_language: cloudformation\n", "Resources: {}",
)  # fmt: skip
ODDITIES: Final[Sequence[Any]] = (
    None, 0, 1, -1, 101, 10**30, 1.5, 1e308, True, False, [], {}, [None], {"": None}, [[[]]],
    "\ud800", "x" * 60_000, "x" * 600_000, "[" * 50_000, "/" * 5_000, ["x"] * 5_000,
)  # fmt: skip
NAMES_OF: Final[Sequence[tuple[str, Sequence[str]]]] = (
    ("InstanceName", ("dev", "prod")),
    ("ServiceName", ("shop", "shop", "other")),
    ("TemplateName", ("environment-template", "service-template")),
    ("EnvironmentName", ("dev-env", "dev-env", "other")),
    ("RepositoryName", ("shop/infrastructure",)),
    ("SpecContents", STRINGS[-5:-2]),
    ("TemplateVersionPart", ("1", "0", "2")),
)


def http(random: Random) -> bytes:
    """A request: headers, an empty line, a body that the service model mostly accepts."""
    operation = random.choice(sorted(api.operation_names()))
    shape: Any = api.service_model().operation_model(operation).input_shape
    share = random.choice((0.1, 0.4, 0.8))
    body = _value(shape, random, share, 0)
    if random.random() < 0.05:
        body = random.choice(ODDITIES)
    target = f"AwsProton20200720.{operation}"
    if random.random() < 0.03:
        target = random.choice((operation, "", "AwsProton20200720.", target.lower(), "." + target))
    headers = [("X-Amz-Target", target), ("Content-Type", "application/x-amz-json-1.0")]
    if random.random() < 0.1:
        headers.append(random.choice(_HEADERS))
    text = "".join(f"{name}: {value}\n" for name, value in headers)
    return f"{text}\n{json.dumps(body)}".encode()


_HEADERS: Final = (
    ("Authorization", "AWS4-HMAC-SHA256 Credential=AKIA/20260101/us-east-1/proton/aws4_request"),
    ("Authorization", "AWS4-HMAC-SHA256 Credential=AKIA/20260101/nowhere-9/proton/aws4_request"),
    ("Authorization", "Bearer x"),
    ("Authorization", "AWS4-HMAC-SHA256 Credential=, SignedHeaders=, Signature="),
    ("Content-Type", "text/html"),
    ("Content-Encoding", "gzip"),
    ("User-Agent", "x region/../../ y"),
    ("X-Amz-Security-Token", "x"),
    ("Host", "proton.us-west-2.amazonaws.com"),
    ("X-Amz-Date", "never"),
)


def _value(shape: Any, random: Random, share: float, depth: int) -> Any:
    if random.random() < 0.01:
        return random.choice(ODDITIES)
    if shape is None:
        return {}
    if shape.type_name == "structure":
        return {
            name: _value(member, random, share, depth + 1)
            for name, member in shape.members.items()
            if depth < 9 and (name in shape.required_members or random.random() < share)
        }
    if shape.type_name == "list":
        count = random.choice((0, 1, 1, 2))
        return [_value(shape.member, random, share, depth + 1) for _ in range(count)]
    simple: dict[str, Callable[[], Any]] = {
        "integer": lambda: random.choice((1, 2, 100, 101, 0, -1)),
        "boolean": lambda: random.random() < 0.5,
        "timestamp": lambda: 0,
    }
    if shape.type_name in simple:
        return simple[shape.type_name]()
    if shape.enum:
        return random.choice(shape.enum)
    for part, values in NAMES_OF:
        if part.lower() in shape.name.lower() and random.random() < 0.8:
            return random.choice(values)
    return random.choice(STRINGS)
