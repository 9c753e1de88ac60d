"""Physical ids, ARNs and attributes for provisioned resources that look like real ones.

Nothing is provisioned, so all values are made up, but always the same for a stack and a logical id.
Values follow the table in :mod:`~moto_proton.provision.resource_types`; if it has no entry, they
are derived from the names of types, properties and attributes.

Source: "Return values" of the resource types in the CloudFormation user guide; the rules for types
and attributes that are not in the table are choices.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import blake2b
from typing import Any, Final

from moto_proton.provision.provisioner import StackPlace
from moto_proton.provision.resource_types import RESOURCE_TYPES, SERVICES, ResourceType

_HEX: Final = "0123456789abcdef"
_UPPER: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
_LOWER: Final = "abcdefghijklmnopqrstuvwxyz0123456789"
_ALPHABETS: Final[Mapping[str, str]] = {
    "hex": _HEX,
    "digits": "0123456789",
    "letters": "abcdefghijklmnopqrstuvwxyz",
    "lower": _LOWER,
    "mixed": "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
    "upper": _UPPER,
}
_RANDOM_LENGTH: Final = 12
# Longer than any name that a service accepts.
_MAX_NAME: Final = 2048
_TOKEN = re.compile(r"([a-z]+)([0-9]+)")
_NOT_IN_NAMES = re.compile(r"[^a-z0-9-]+")
_WORD_STARTS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def url_suffix(partition: str) -> str:
    """The domain of the partition's endpoints, which is ``AWS::URLSuffix``."""
    return {
        "aws-cn": "amazonaws.com.cn",
        "aws-iso": "c2s.ic.gov",
        "aws-iso-b": "sc2s.sgov.gov",
        "aws-iso-e": "cloud.adc-e.uk",
        "aws-iso-f": "csp.hci.ic.gov",
        "aws-eusc": "amazonaws.eu",
    }.get(partition, "amazonaws.com")


@dataclass(slots=True)
class Identity:
    """One resource of one stack; every value is made at its first use.

    ``properties`` are the resolved ones of the template, in which names are given explicitly.
    """

    place: StackPlace
    logical_id: str
    type_name: str
    properties: Mapping[str, Any]
    _known: dict[str, str | list[str]] = field(default_factory=dict)
    _reference: str | None = None

    @property
    def reference(self) -> str:
        """The value of ``Ref``; text, never empty."""
        if self._reference is None:
            facts = self._facts()
            self._reference = facts.filled(facts.rules.ref) or facts["id"]
        return self._reference

    def attribute(self, name: str) -> str | list[str]:
        """The value of ``Fn::GetAtt``: text or a list of texts, never empty."""
        value = self._known.get(name)
        if value is None:
            value = self._known[name] = self._facts(name).attribute(name)
        return value

    def attribute_list(self, name: str) -> list[str]:
        """The value of ``Fn::GetAtt`` where a list is required: three values, if nothing else is
        known.
        """
        value = self.attribute(name)
        if isinstance(value, list):
            return value
        more = [self._facts(f"{name}/{index}").attribute(name) for index in (1, 2)]
        return [value, *(other for other in more if isinstance(other, str))]

    def _facts(self, attribute: str = "") -> Facts:
        rules = RESOURCE_TYPES.get(self.type_name) or _generic(self.type_name)
        seed = f"{self.place.id}/{self.logical_id}"
        return Facts(
            self.place, seed, self.logical_id, rules, self.type_name, self.properties, attribute
        )


@lru_cache(maxsize=256)
def _generic(type_name: str) -> ResourceType:
    kind = type_name.rpartition("::")[2]
    return ResourceType(names=("Name", f"{kind}Name"))


class Facts(dict[str, str]):
    """The values that patterns of a resource type can use, each made at its first use."""

    def __init__(
        self,
        place: StackPlace,
        seed: str,
        logical_id: str,
        rules: ResourceType,
        type_name: str,
        properties: Mapping[str, Any],
        salt: str = "",
    ) -> None:
        super().__init__(
            partition=place.partition,
            region=place.region,
            account=place.account_id,
            stack=place.name,
            logical=logical_id,
        )
        self.rules = rules
        self._seed = seed
        self._salt = salt
        self._partition = place.partition
        self._type_name = type_name
        self._properties = properties

    def __missing__(self, name: str) -> str:
        make = _COMPUTED.get(name)
        if make is not None:
            value = make(self)
        elif name[0] == "@":
            value = self.property_text(name[1:]) or self._random("hex17" + name)
        elif name[0] == "#":
            value = re.split(r"[:/]", self.property_text(name[1:]))[-1] or "default"
        else:
            value = self._random(name)
        self[name] = value
        return value

    def filled(self, pattern: str) -> str:
        """The pattern with its names filled in."""
        return pattern.format_map(self)

    def property_text(self, name: str) -> str:
        """A property as text; empty if it does not exist or is not a scalar."""
        value = self._properties.get(name)
        if isinstance(value, bool):
            return "true" if value else "false"
        return str(value)[:_MAX_NAME] if isinstance(value, (str, int, float)) else ""

    def attribute(self, name: str) -> str | list[str]:
        """An attribute: the property of its name, else by the table, else derived from its name."""
        if name == "Arn" and name not in self.rules.attributes:
            return self["arn"]
        given = self.property_text(name)
        if given:
            return given
        pattern = self.rules.attributes.get(name)
        if pattern is None:
            return self.plausible(name)
        if isinstance(pattern, tuple):
            return [self.filled(part) for part in pattern]
        return self.filled(pattern)

    def plausible(self, name: str) -> str:
        """A plausible value for the name of an attribute, export or output."""
        last = name.rpartition(".")[2]
        for ending, pattern in _BY_ENDING:
            if last.endswith(ending):
                return self.filled(pattern(_kebab(last[: -len(ending)])))
        return f"{_kebab(last) or 'value'}-{self['hex8*']}"[:255]

    @property
    def service(self) -> str:
        """The service's name in ARNs."""
        parts = self._type_name.split("::")
        service = parts[1] if len(parts) > 2 else parts[0]
        return SERVICES.get(service, service.lower())

    @property
    def kind(self) -> str:
        """The resource's kind in ARNs."""
        kind = self._type_name.rpartition("::")[2]
        return kind[:1].lower() + kind[1:]

    @property
    def domain(self) -> str:
        """The domain of the partition's endpoints."""
        return url_suffix(self._partition)

    def name(self) -> str:
        """The physical name: from the template, or made as CloudFormation makes names."""
        for name in self.rules.names:
            given = self.property_text(name)
            if given:
                return given
        return self.filled(self.rules.id)

    def generated(self) -> str:
        """The name that CloudFormation makes of stack, logical id and random characters."""
        # CloudFormation: names that are too long are cut in their first two parts.
        room = self.rules.limit - _RANDOM_LENGTH - 2
        logical = self["logical"][: max(room // 2, room - len(self["stack"]))]
        stack = self["stack"][: room - len(logical)].rstrip("-")
        generated = f"{stack}-{logical}-{self['upper12']}"
        if self.property_text("FifoQueue") == "true" or self.property_text("FifoTopic") == "true":
            return f"{generated[: self.rules.limit - 5]}.fifo"
        return generated.lower() if self.rules.lower else generated

    def _random(self, token: str) -> str:
        # A star means a different value for each attribute.
        salted = token if token[-1] != "*" else f"{token}{self._salt}"
        digest = blake2b(f"{self._seed}/{salted}".encode("utf-8", "replace")).digest()
        alphabet, length = _alphabet(token)
        if alphabet == _HEX:
            return digest.hex()[:length]
        number = int.from_bytes(digest, "big")
        characters = []
        for _ in range(length):
            number, digit = divmod(number, len(alphabet))
            characters.append(alphabet[digit])
        return "".join(characters)


@lru_cache(maxsize=256)
def _alphabet(token: str) -> tuple[str, int]:
    """The alphabet and the length of a token such as ``lower12``."""
    found = _TOKEN.match(token)
    if found is None:
        raise LookupError(f"no fact is called {token}")
    return _ALPHABETS[found[1]], int(found[2])


def _kebab(name: str) -> str:
    return _NOT_IN_NAMES.sub("-", _WORD_STARTS.sub("-", name[:60]).lower())


def _uuid(characters: str) -> str:
    version, variant = "4", "a"
    return (
        f"{characters[:8]}-{characters[8:12]}-{version}{characters[13:16]}-"
        f"{variant}{characters[17:20]}-{characters[20:32]}"
    )


def _address(first: int, characters: str) -> str:
    numbers = bytes.fromhex(characters)
    return f"{first}.{numbers[0]}.{numbers[1]}.{numbers[2] % 254 + 1}"


def _path(facts: Facts) -> str:
    path = facts.property_text("Path")
    return path if path.startswith("/") and path.endswith("/") else "/"


def _load_balancer_kind(facts: Facts) -> str:
    return {"network": "net", "gateway": "gwy"}.get(facts.property_text("Type"), "app")


def _database_port(facts: Facts) -> str:
    engine = facts.property_text("Engine")
    ports = (("postgres", "5432"), ("sqlserver", "1433"), ("oracle", "1521"))
    known = next((port for word, port in ports if word in engine), "3306")
    return facts.property_text("Port") or known


def _below(facts: Facts, parent: str, kind: str) -> str:
    """The ARN of a listener or rule, which extends that of its parent."""
    before, found, after = facts.property_text(parent).partition(f":{kind}/")
    if not found:
        before, after = "", ""
    kept = after or facts.filled("app/{stack}/{hex16@}")
    start = before or facts.filled("arn:{partition}:elasticloadbalancing:{region}:{account}")
    below = "listener" if kind == "loadbalancer" else "listener-rule"
    return f"{start}:{below}/{kept}/{facts['hex16']}"


_COMPUTED: Final[Mapping[str, Callable[[Facts], str]]] = {
    "id": Facts.name,
    "ref": lambda facts: facts.filled(facts.rules.ref),
    "arn": lambda facts: facts.filled(facts.rules.arn),
    "generated": Facts.generated,
    "service": lambda facts: facts.service,
    "kind": lambda facts: facts.kind,
    "suffix": lambda facts: facts.domain,
    "uuid": lambda facts: _uuid(facts["hex32"]),
    "uuid*": lambda facts: _uuid(facts["hex32*"]),
    "private_ip": lambda facts: _address(10, facts["hex6"]),
    "public_ip": lambda facts: _address(52, facts["hex6"]),
    "path": _path,
    "load_balancer_kind": _load_balancer_kind,
    "load_balancer_scope": lambda facts: (
        "internal-" if facts.property_text("Scheme") == "internal" else ""
    ),
    "listener_arn": lambda facts: _below(facts, "LoadBalancerArn", "loadbalancer"),
    "listener_rule_arn": lambda facts: _below(facts, "ListenerArn", "listener"),
    "database_port": _database_port,
}

_ID_PREFIXES: Final[Mapping[str, str]] = {
    "allocation": "eipalloc", "image": "ami", "instance": "i", "internet-gateway": "igw",
    "nat-gateway": "nat", "network-interface": "eni", "route-table": "rtb", "security-group": "sg",
    "volume": "vol", "vpc-endpoint": "vpce",
}  # fmt: skip


def _id_pattern(words: str) -> str:
    if not words:
        return "{id}"
    for name, prefix in _ID_PREFIXES.items():
        if words.endswith(name):
            return f"{prefix}-{{hex17*}}"
    return f"{words.rpartition('-')[2]}-{{hex17*}}"


def _arn_pattern(words: str) -> str:
    return f"arn:{{partition}}:{{service}}:{{region}}:{{account}}:{words or '{kind}'}/{{lower12*}}"


_HOST: Final = "{lower12*}.{service}.{region}.{suffix}"
_BY_ENDING: Final[tuple[tuple[str, Callable[[str], str]], ...]] = (
    ("Arn", _arn_pattern),
    ("ARN", _arn_pattern),
    ("Arns", _arn_pattern),
    ("AccountId", lambda words: "{account}"),
    ("Ids", _id_pattern),
    ("Id", _id_pattern),
    ("ID", _id_pattern),
    *((ending, lambda words: f"https://{_HOST}") for ending in ("Url", "URL", "Uri", "URI")),
    ("PublicIp", lambda words: "{public_ip}"),
    ("PublicIpAddress", lambda words: "{public_ip}"),
    *(
        (ending, lambda words: "{private_ip}")
        for ending in ("Ip", "IpAddress", "IPAddress", "Ips", "IpAddresses")
    ),
    *(
        (ending, lambda words: _HOST)
        for ending in (
            "Endpoint", "EndPoint", "Address", "DNSName", "DnsName", "DomainName", "Domain", "Host",
            "HostName", "Hostname",
        )
    ),
    ("BucketName", lambda words: "{stack}-{lower12*}"),
    ("Name", lambda words: f"{words}-{{lower12*}}" if words else "{id}"),
    ("Port", lambda words: "443"),
    ("Version", lambda words: "1"),
    ("Count", lambda words: "1"),
    ("Cidr", lambda words: "10.0.0.0/16"),
    ("CidrBlock", lambda words: "10.0.0.0/16"),
    ("Region", lambda words: "{region}"),
    ("AvailabilityZone", lambda words: "{region}a"),
    *(
        (ending, lambda words: "2021-06-09T12:00:00Z")
        for ending in ("Time", "Date", "Timestamp", "At")
    ),
    *((ending, lambda words: "ACTIVE") for ending in ("Status", "State")),
    ("Enabled", lambda words: "true"),
)  # fmt: skip
