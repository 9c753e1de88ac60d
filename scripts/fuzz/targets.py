"""The targets of the fuzzer: one for each kind of input, with the allowed answers.

A target takes the bytes of one input, as a file of the corpus holds them, and answers "accepted" or
"refused". Everything else it raises is a finding, AssertionError included.
"""

from __future__ import annotations

import base64
import gzip
import io
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any, Final, Literal, Protocol, TypeAlias

from moto_proton import api, bundle, mock_proton, provision, render, seed, spec
from moto_proton.bundle.infrastructure import CloudFormationManifest, Infrastructure
from moto_proton.bundle.templates import check_cloudformation
from scripts.fuzz import grammar
from scripts.fuzz.mutation import mutated

Verdict: TypeAlias = Literal["accepted", "refused"]
Kind: TypeAlias = Literal["spec", "bundle", "template", "http"]

KINDS: Final[tuple[Kind, ...]] = ("spec", "bundle", "template", "http")
CORPUS: Final = Path(__file__).parents[2] / "tests" / "fuzz" / "corpus"

_CURRENT: Final = """\
proton: ServiceSpec
pipeline: {dockerfile: Dockerfile}
instances:
- {name: dev, environment: dev-env, spec: {port: 80, image: web, list: [1, {a: b}]}}
- {name: prod, environment: prod-env, spec: {port: 80}}
"""
_REQUESTS_FOR_EACH_WORLD: Final = 300
_HOST: Final = "https://proton.us-east-1.amazonaws.com/"
# Errors of the protocol, which no operation lists.
_PROTOCOL_ERRORS: Final = frozenset(
    {"UnknownOperationException", "SerializationException", "UnknownEndpoint"}
)


class Target(Protocol):
    """Takes inputs of one kind."""

    def __call__(self, data: bytes, /) -> Verdict:
        """Process an input."""

    def grown(self, random: Random, /) -> bytes:
        """An input from the grammar."""

    def damaged(self, data: bytes, others: list[bytes], random: Random, /) -> bytes:
        """An input made from one of the corpus."""


class SpecTarget:
    """Spec texts: read, compared, resolved and written again."""

    def __call__(self, data: bytes, /) -> Verdict:
        """Read as a spec of either kind; what is read survives being written."""
        # What JSON may carry to us: lone surrogates too.
        text = data.decode("utf-8", "surrogateescape")
        verdicts = {self._service(text), self._environment(text)}
        return "accepted" if "accepted" in verdicts else "refused"

    def grown(self, random: Random, /) -> bytes:
        """A spec from the grammar."""
        return grammar.service_or_environment_spec(random)

    def damaged(self, data: bytes, others: list[bytes], random: Random, /) -> bytes:
        """A damaged text."""
        return mutated(data, random, others)

    def _service(self, text: str) -> Verdict:
        try:
            read = spec.parse_service_spec(text)
        except spec.SpecError as error:
            _check_told(error)
            return "refused"
        same = spec.diff_service_specs(read, read)
        if not spec.has_placeholder(read):
            assert same == spec.ServiceSpecDiff(kept=read.instances)
            written = spec.dump_service_spec(read.pipeline, read.instances)
            again = spec.parse_service_spec(written)
            assert again.instances == read.instances
            assert spec.same_value(again.pipeline, read.pipeline)
            assert spec.diff_service_specs(read, again).kept == read.instances
        current = spec.parse_service_spec(_CURRENT)
        try:
            refused = spec.diff_service_specs(current, read).refused
        except spec.SpecError as error:
            assert not read.instances  # only the removal of the last one is refused outright
            _check_told(error)
        else:
            assert all(edit.message for edit in refused)
        spec.diff_service_specs(read, current)
        try:
            resolved = spec.resolve_service_spec(read, current)
        except spec.CurrentValueError as error:
            _check_told(error)
        else:
            assert spec.resolve_service_spec(resolved, current) is resolved
        return "accepted"

    def _environment(self, text: str) -> Verdict:
        try:
            read = spec.parse_environment_spec(text)
        except spec.SpecError as error:
            _check_told(error)
            return "refused"
        if not spec.has_placeholder(read):
            again = spec.parse_environment_spec(spec.dump_environment_spec(read.inputs))
            assert spec.same_value(again.inputs, read.inputs)
        try:
            spec.resolve_environment_spec(read, None)
        except spec.CurrentValueError as error:
            _check_told(error)
        return "accepted"


class BundleTarget:
    """Bundles, as JSON of their files by path, or as the bytes of an archive in base64."""

    def __call__(self, data: bytes, /) -> Verdict:
        """Read as every kind of bundle; inputs are checked by a schema that was read."""
        archive = _archive(data)
        readers: tuple[Callable[[], bundle.EnvironmentBundle | bundle.ServiceBundle], ...] = (
            lambda: bundle.read_environment_bundle(archive, customer_managed=False),
            lambda: bundle.read_environment_bundle(archive, customer_managed=True),
            lambda: bundle.read_service_bundle(archive, has_pipeline=True),
            lambda: bundle.read_service_bundle(archive, has_pipeline=False),
        )
        verdict: Verdict = "refused"
        for read in readers:
            try:
                found = read()
            except bundle.BundleError as error:
                _check_told(error)
                continue
            verdict = "accepted"
            assert bundle.incompatibilities(found.schema, found.schema) == ()
            for schema in (
                found.schema.environment_inputs,
                found.schema.service_inputs,
                found.schema.pipeline_inputs,
            ):
                for inputs in _INPUTS if schema is not None else ():
                    try:
                        schema.check(inputs)  # type: ignore[union-attr]
                    except bundle.InputError as error:
                        _check_told(error)
        return verdict

    def grown(self, random: Random, /) -> bytes:
        """Garbage in the form of an archive: a tar's blocks, or none, compressed."""
        blocks = [
            bundle.pack_files({"schema/schema.yaml": b"schema: {}", "x" * 90: b"y"}),
            random.randbytes(random.randrange(2000)),
        ]
        data = gzip.decompress(blocks[0]) if random.random() < 0.7 else blocks[1]
        return base64.b64encode(_gzipped(mutated(data, random)))

    def damaged(self, data: bytes, others: list[bytes], random: Random, /) -> bytes:
        """One file or path of it damaged; or the tar below the compression, or the whole."""
        if not data.startswith(b"{") or random.random() < 0.1:
            archive = _archive(data)
            if random.random() < 0.7:
                try:
                    inner = gzip.decompress(archive[: 1024 * 1024])[: 1024 * 1024]
                except (OSError, EOFError, ValueError):
                    inner = archive
                return base64.b64encode(_gzipped(mutated(inner, random)))
            return base64.b64encode(mutated(archive, random))
        files: dict[str, str] = json.loads(data)
        path = random.choice(sorted(files))
        if random.random() < 0.1:
            path = mutated(path.encode(), random).decode("utf-8", "replace")
            files[path] = random.choice(sorted(files.values()))
        else:
            texts = [json.loads(each) for each in others if each.startswith(b"{")]
            beside = [each[path].encode() for each in texts if path in each]
            text = mutated(files[path].encode(), random, beside)
            files[path] = text.decode("utf-8", "replace")
        return json.dumps(files).encode()


_INPUTS: Final[tuple[Mapping[str, Any], ...]] = (
    {},
    {"name": "a", "port": 80, "image": "shop/web:1", "cidr": "10.0.0.0/16", "dockerfile": "D"},
    {"name": "a" * 5000, "port": 1e308, "image": None, "names": ["a"] * 50, "cidr": -1},
)


def _archive(data: bytes) -> bytes:
    if data.startswith(b"{"):
        files: dict[str, str] = json.loads(data)
        try:
            return bundle.pack_files(
                {path: text.encode("utf-8", "replace") for path, text in files.items()}
            )
        except (ValueError, UnicodeError):
            return b""
    return base64.b64decode(data)


def _gzipped(data: bytes) -> bytes:
    buffer = io.BytesIO()
    with gzip.GzipFile(fileobj=buffer, mode="wb", mtime=0) as file:
        file.write(data)
    return buffer.getvalue()


class TemplateTarget:
    """Infrastructure files: checked as in a registration, rendered, and resolved as a stack."""

    def __init__(self) -> None:
        self._provisioner = provision.ResolvingProvisioner()
        environment = render.DeployedEnvironment("prod", "123456789012", {"VpcId": "vpc-1"})
        self._parameters = render.ServiceInstanceParameters(
            "dev",
            render.ServiceParameters("shop", repository_id="myorg/shop", branch_name="main"),
            environment,
            {"port": 80, "names": ["a", "b"], "image": "web", "nested": {"a": [1, {"b": None}]}},
            render.AttachedComponent("cache", {"Arn": "arn:aws:sns:eu-west-1:123456789012:t"}),
        )
        self._place = provision.StackPlace(
            "AWSProton-shop-dev", "0-0", "aws", "eu-west-1", "123456789012"
        )

    def __call__(self, data: bytes, /) -> Verdict:
        """Check, render and provision the input, as far as it is accepted."""
        text = data.decode("utf-8", "replace")
        try:
            check_cloudformation(text, "cloudformation.yaml")
        except bundle.BundleError as error:
            _check_told(error)
        infrastructure = Infrastructure(
            "instance_infrastructure",
            CloudFormationManifest("cloudformation.yaml"),
            {"cloudformation.yaml": text},
        )
        try:
            rendered = render.render_service_instance(infrastructure, self._parameters).template
            provisioned = self._provisioner.deploy(self._place, rendered, {"proton:account": "1"})
        except (render.RenderError, provision.ProvisioningError) as error:
            _check_told(error)
            return "refused"
        assert all(isinstance(value, str) for value in provisioned.outputs.values())
        return "accepted"

    def grown(self, random: Random, /) -> bytes:
        """A template from the grammar."""
        return grammar.template(random)

    def damaged(self, data: bytes, others: list[bytes], random: Random, /) -> bytes:
        """A damaged text."""
        return mutated(data, random, others)


class HttpTarget:
    """Requests over HTTP, as no client of AWS would send them, to a small set of resources that
    they change.

    A file holds headers, an empty line and the body. ``fresh`` makes a world for each of them, so
    that a finding does not depend on what came before it.
    """

    def __init__(self, *, fresh: bool) -> None:
        self._lifetime = 1 if fresh else _REQUESTS_FOR_EACH_WORLD
        self._left = 0
        self._world = ExitStack()

    def __call__(self, data: bytes, /) -> Verdict:
        """Answered in JSON: what was asked for, or an error that the operation lists."""
        import requests
        from requests.structures import CaseInsensitiveDict

        if self._left == 0:
            self.close()
            self._world.enter_context(_small_world())
            self._left = self._lifetime
        self._left -= 1
        head, _, body = data.partition(b"\n\n")
        headers: CaseInsensitiveDict[str] = CaseInsensitiveDict()
        for line in head.decode("latin-1").split("\n"):
            name, colon, value = line.partition(":")
            if colon and name.strip().isascii() and name.strip().replace("-", "").isalnum():
                headers[name.strip()] = "".join(filter(str.isprintable, value)).strip()
        response = requests.post(_HOST, data=body, headers=headers, timeout=5)
        answer = response.json()
        assert isinstance(answer, dict)
        operation = headers.get("X-Amz-Target", "").partition(".")[2]
        if response.status_code == 200:
            assert api.check_response(operation, answer) == []
            return "accepted"
        assert response.status_code == 400, (response.status_code, answer)
        code = answer["__type"].partition("#")[2]
        assert code in _PROTOCOL_ERRORS or code in api.error_codes(operation), (code, answer)
        assert isinstance(answer["message"], str)
        assert answer["message"]
        return "refused"

    def grown(self, random: Random, /) -> bytes:
        """A request from the service model."""
        return grammar.http(random)

    def damaged(self, data: bytes, others: list[bytes], random: Random, /) -> bytes:
        """A damaged request."""
        return mutated(data, random, others)

    def close(self) -> None:
        """Stop the mock."""
        self._world.close()


@contextmanager
def _small_world() -> Iterator[None]:
    with mock_proton(config={"proton": {"require_bundles": False}}):
        seed.service("shop", instances={"dev": "dev-env", "prod": "dev-env"})
        seed.component("cache", attach_to=("shop", "dev"))
        seed.environment("self-managed", self_managed=True)
        yield


def _check_told(refusal: Exception) -> None:
    """A refusal says why."""
    assert str(refusal).strip()


def corpus(kind: Kind) -> dict[str, bytes]:
    """The inputs of the corpus by the names of their files."""
    return {
        path.name: path.read_bytes()
        for path in sorted((CORPUS / kind).iterdir())
        if not path.name.startswith(".")
    }


def target_of(kind: Kind, *, fresh: bool = False) -> Target:
    """The target of a kind of input."""
    targets: dict[Kind, Callable[[], Target]] = {
        "spec": SpecTarget,
        "bundle": BundleTarget,
        "template": TemplateTarget,
        "http": lambda: HttpTarget(fresh=fresh),
    }
    return targets[kind]()


@dataclass(frozen=True)
class Corpus:
    """The inputs from which others are made. ``accepted`` are those that a target accepts: they
    reach the most code.
    """

    inputs: list[bytes]
    accepted: list[bytes]

    @classmethod
    def of(cls, kind: Kind, target: Target) -> Corpus:
        """The corpus of a kind, as its target judges it."""
        inputs = list(corpus(kind).values())
        return cls(inputs, [each for each in inputs if target(each) == "accepted"])

    def input(self, seed: int, kind: Kind, number: int, target: Target) -> bytes:
        """The input of that number: two of three are damaged ones, the third is from the grammar,
        some are both.
        """
        random = Random(f"{seed} {kind} {number}")
        choice = random.random()
        if choice < 0.66:
            source = self.accepted if choice < 0.44 else self.inputs
            return target.damaged(random.choice(source), self.inputs, random)
        grown = target.grown(random)
        return target.damaged(grown, self.inputs, random) if random.random() < 0.2 else grown
