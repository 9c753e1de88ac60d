"""The resources behind every call: one of everything that some operation needs to succeed.

Most kinds of resource are there three times: under an ordinary name, under one of one character and
under one of a hundred, so that the limits of a name are names of something. What a request makes of
the world is left to ``cases``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from moto.moto_api import state_manager

from moto_proton.proton.backend import proton_backends
from moto_proton.proton.state import restore, snapshot
from moto_proton.proton.syncs.repository_syncs import FollowedBranch, SyncType
from moto_proton.seed import service_spec
from tests.conformance.wire import ACCOUNT, REGION, call

OTHER_ACCOUNT: Final = "222222222222"
"""Has environments that ours manages, and manages one of ours."""

CONFIG: Final[dict[str, object]] = {
    "require_bundles": False,
    "quotas": {"environment_account_connections": 50},
}

TYPES: Final = ("ENVIRONMENT", "SERVICE")
PROVIDERS: Final = ("GITHUB", "GITHUB_ENTERPRISE", "BITBUCKET")
BUSY_KINDS: Final = ("environment", "service", "service_instance", "service_pipeline", "component")
_TIMELESS: Final = 10**9


class Three(NamedTuple):
    """Three names of one kind: an ordinary one, the shortest, the longest."""

    plain: str
    short: str
    long: str


def three(word: str, letter: str) -> Three:
    """A word, and a letter once and a hundred times."""
    return Three(word, letter, letter * 100)


# Templates; those that are bare have no versions.
ENVIRONMENT_TEMPLATES: Final = three("vpc", "v")
SERVICE_TEMPLATES: Final = three("web", "w")  # with a pipeline
WORKERS: Final = three("worker", "x")  # without
BARE: Final = three("bare", "b")  # of both kinds
OWN: Final = "own"  # an environment template, customer managed
MORE: Final = ("more-1", "more-2", "more-3")  # so that ten major versions can be named
PUBLISHED: Final = ("1.0", "1.1", "2.0")
DRAFT: Final = ("1.2", "2.1")

# Environments.
HOMES: Final = three("dev", "d")  # with services and components in them
IDLE: Final = three("idle", "i")
BUSY_ENVIRONMENTS: Final = three("moving", "m")  # self-managed, an update under way
SELF_MANAGED: Final = "git"
BUILT: Final = "built"  # by CodeBuild
FAR: Final = "far"  # in the other account
TO_BE_FAR: Final = "to-be-far"  # not there yet, but connected

# Services, with the names of their first instance; the pairs are of equal rank.
SERVICES: Final = three("shop", "s")
PIPED: Final = three("piped", "p")  # with a pipeline and a sync config
HOST: Final = "host"  # with components attached
BUSY_SERVICES: Final = three("rolling", "r")  # an update of the instance is under way, held
BUSY_PIPELINES: Final = three("flow", "f")  # an update of the pipeline is under way
INSTANCES: Final = three("dev", "i")
ARN_OF_200: Final = ("t" * 60, "n" * 76)
"""A service and an instance whose ARN has as many characters as an ARN may have; self-managed."""
NOTIFIED: Final = ("notified", "dev")
"""Another one that waits for a notification."""

DETACHED: Final = three("cache", "c")
ATTACHED: Final = three("disk", "k")  # to HOST's instances of INSTANCES
BUSY_COMPONENTS: Final = three("changing", "z")

REPOSITORIES: Final = Three("shop/app", "a/b", "o/" + "r" * 98)  # with each provider, unused
INFRASTRUCTURE: Final = {"provider": "GITHUB", "name": "shop/infrastructure"}
SYNCED: Final = {"repositoryProvider": "GITHUB", "repositoryName": "shop/synced"}
BRANCHES: Final = Three("main", "m", "m" * 200)

CONNECTION: Final = f"arn:aws:codestar-connections:{REGION}:{ACCOUNT}:connection/shop"
ROLE: Final = f"arn:aws:iam::{ACCOUNT}:role/proton"
ENVIRONMENT_SPEC: Final = "proton: EnvironmentSpec\nspec: {}\n"
TEMPLATE_FILE: Final = "Resources:\n  Store:\n    Type: AWS::S3::Bucket\n"
TERRAFORM_FILE: Final = 'resource "aws_s3_bucket" "store" {}\n'


def manifest(file: str = "cloudformation.yaml") -> str:
    """The manifest of a component with one file."""
    engine, language = ("hcl", "terraform") if file.endswith(".tf") else ("jinja", "cloudformation")
    return (
        "infrastructure:\n  templates:\n"
        f"    - {{file: {file}, rendering_engine: {engine}, template_language: {language}}}\n"
    )


def arn(resource: str) -> str:
    """The ARN of a resource of ours."""
    return f"arn:aws:proton:{REGION}:{ACCOUNT}:{resource}"


@dataclass
class World:
    """Makes the world; holds all that names do not tell: ids by what they are of.

    From then on nothing ends by itself, until ``let_go``.

    ``connections`` are those between the two accounts, ``deployments`` the ids by target ARN, the
    newest first, ``blockers`` the ids of active sync blockers by service name.
    """

    connections: dict[str, str] = field(default_factory=dict)
    deployments: dict[str, list[str]] = field(default_factory=dict)
    blockers: dict[str, str] = field(default_factory=dict)
    pipelines: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        _make(self)
        self._state = snapshot()

    def restore(self) -> None:
        """Put everything back as it was when the world was made."""
        restore(self._state)

    def deployment(self, resource: str) -> str:
        """The id of the latest deployment of one of our resources."""
        return self.deployments[arn(resource)][0]


def hold() -> None:
    """Keep what starts from now on under way."""
    for kind in BUSY_KINDS:
        state_manager.set_transition(
            f"proton::{kind}", {"progression": "manual", "times": _TIMELESS}
        )


def let_go() -> None:
    """Let all of it come to its end, with the next request."""
    for kind in BUSY_KINDS:
        state_manager.unset_transition(f"proton::{kind}")


# --- making -------------------------------------------------------------------------------------


def _make(world: World) -> None:
    for provider in PROVIDERS:
        for name in REPOSITORIES:
            call("CreateRepository", _repository(provider, name))
    for used in (INFRASTRUCTURE["name"], SYNCED["repositoryName"]):
        call("CreateRepository", _repository("GITHUB", used))
    _templates()
    _connections(world)
    _environments(world)
    _services(world)
    _components(world)
    _syncs(world)
    call("TagResource", {"resourceArn": arn(f"service/{HOST}"), "tags": tags("team", "stage")})
    # With names of a hundred characters an instance can't be notified: its ARN is too long.
    hold()
    for name, instance in zip(BUSY_SERVICES, INSTANCES, strict=True):
        key = {"serviceName": name, "name": instance, "deploymentType": "CURRENT_VERSION"}
        call("UpdateServiceInstance", key)
    for summary in call("ListDeployments")["deployments"] + _later_deployments():
        world.deployments.setdefault(summary["targetArn"], []).append(summary["id"])


def _later_deployments() -> list[Any]:
    later: list[Any] = []
    page = call("ListDeployments")
    while "nextToken" in page:
        page = call("ListDeployments", {"nextToken": page["nextToken"]})
        later += page["deployments"]
    return later


def _repository(provider: str, name: str) -> dict[str, str]:
    return {"provider": provider, "name": name, "connectionArn": CONNECTION}


def tags(*keys: str) -> list[dict[str, str]]:
    """Tags with these keys."""
    return [{"key": key, "value": f"of {key}"} for key in keys]


def compatible() -> list[dict[str, str]]:
    """Ten major versions of environment templates."""
    pairs = [(name, major) for name in ENVIRONMENT_TEMPLATES for major in "12"]
    pairs += [(name, "1") for name in (OWN, *MORE)]
    return [{"templateName": name, "majorVersion": major} for name, major in pairs]


def _templates() -> None:
    for name in (*ENVIRONMENT_TEMPLATES, *MORE):
        call("CreateEnvironmentTemplate", {"name": name})
        _versions("Environment", name, {}, ("1.0",) if name in MORE else (*PUBLISHED, *DRAFT))
    call("CreateEnvironmentTemplate", {"name": OWN, "provisioning": "CUSTOMER_MANAGED"})
    _versions("Environment", OWN, {}, ("1.0",))
    more = {
        "compatibleEnvironmentTemplates": compatible(),
        "supportedComponentSources": ["DIRECTLY_DEFINED"],
    }
    for name in SERVICE_TEMPLATES:
        call("CreateServiceTemplate", {"name": name})
        _versions("Service", name, more, (*PUBLISHED, *DRAFT))
    for name in WORKERS:
        call("CreateServiceTemplate", {"name": name, "pipelineProvisioning": "CUSTOMER_MANAGED"})
        _versions("Service", name, more, (*PUBLISHED, *DRAFT))
    for name in BARE:
        call("CreateEnvironmentTemplate", {"name": name})
        call("CreateServiceTemplate", {"name": name})


def _versions(kind: str, template: str, more: dict[str, Any], versions: tuple[str, ...]) -> None:
    source = {"s3": {"bucket": "bundles", "key": f"{template[:9]}.tar.gz"}}
    for version in sorted(versions):
        major, _, minor = version.partition(".")
        request = {"templateName": template, "source": source, **more}
        if minor != "0":
            request["majorVersion"] = major
        call(f"Create{kind}TemplateVersion", request)
        if version in PUBLISHED:
            key = {"templateName": template, "majorVersion": major, "minorVersion": minor}
            call(f"Update{kind}TemplateVersion", {**key, "status": "PUBLISHED"})


def _connections(world: World) -> None:
    """From either account to the other, one in each state, those in use or to be used named."""
    for name, owner, manager in (
        ("to us, pending", OTHER_ACCOUNT, ACCOUNT),
        ("to us, connected", OTHER_ACCOUNT, ACCOUNT),
        ("to us, rejected", OTHER_ACCOUNT, ACCOUNT),
        (FAR, OTHER_ACCOUNT, ACCOUNT),
        (TO_BE_FAR, OTHER_ACCOUNT, ACCOUNT),
        ("ours, pending", ACCOUNT, OTHER_ACCOUNT),
        ("ours, connected", ACCOUNT, OTHER_ACCOUNT),
    ):
        request = {
            "managementAccountId": manager,
            "environmentName": name.replace(", ", "-").replace(" ", "-"),
            "roleArn": ROLE,
            "componentRoleArn": ROLE,
        }
        made = call("CreateEnvironmentAccountConnection", request, account=owner)
        id = world.connections[name] = made["environmentAccountConnection"]["id"]
        if not name.endswith("pending"):
            verb = "Reject" if name.endswith("rejected") else "Accept"
            call(f"{verb}EnvironmentAccountConnection", {"id": id}, account=manager)


def _environment(name: str, **members: Any) -> dict[str, Any]:
    template = {"templateName": "vpc", "templateMajorVersion": "1", "templateMinorVersion": "0"}
    return {"name": name, "spec": ENVIRONMENT_SPEC, **template, **members}


def _environments(world: World) -> None:
    for name in (*HOMES, *IDLE):
        roles = {"protonServiceRoleArn": ROLE, "componentRoleArn": ROLE}
        call("CreateEnvironment", _environment(name, **roles))
    for name in (SELF_MANAGED, *BUSY_ENVIRONMENTS):
        through = {**INFRASTRUCTURE, "branch": "main"}
        call("CreateEnvironment", _environment(name, provisioningRepository=through))
        _succeed(f"environment/{name}")
    for name in BUSY_ENVIRONMENTS:
        call("UpdateEnvironment", {"name": name, "deploymentType": "CURRENT_VERSION"})
    call("CreateEnvironment", _environment(BUILT, codebuildRoleArn=ROLE))
    connection = world.connections[FAR]
    call("CreateEnvironment", _environment(FAR, environmentAccountConnectionId=connection))
    call("CreateEnvironment", _environment(OWN, templateName=OWN))


def _succeed(resource: str) -> None:
    notice = {"resourceArn": arn(resource), "status": "SUCCEEDED", "outputs": [OUTPUT]}
    call("NotifyResourceDeploymentStatusChange", notice)


OUTPUT: Final = {"key": "Name", "valueString": "store"}


def _service(name: str, instances: dict[str, str], **members: Any) -> dict[str, Any]:
    template = {"templateName": "worker", "templateMajorVersion": "1", "templateMinorVersion": "0"}
    return {"name": name, "spec": service_spec(instances), **template, **members}


WITH_PIPELINE: Final = {
    "templateName": "web",
    "repositoryConnectionArn": CONNECTION,
    "repositoryId": "shop/app",
    "branchName": "main",
}


def _services(world: World) -> None:
    for name, instance in zip(BUSY_SERVICES, INSTANCES, strict=True):
        call("CreateService", _service(name, {instance: "dev"}))
    # Without a role for pipelines, they are self-managed.
    through = {**INFRASTRUCTURE, "branch": "main"}
    call("UpdateAccountSettings", {"pipelineProvisioningRepository": through})
    for name in BUSY_PIPELINES:
        call("CreateService", _service(name, {"dev": "dev"}, **WITH_PIPELINE))
        pipeline = call("GetService", {"name": name})["service"]["pipeline"]["arn"]
        world.pipelines[name] = pipeline
        _succeed(pipeline.split(":", 5)[5])
        request = {"serviceName": name, "spec": service_spec({"dev": "dev"})}
        call("UpdateServicePipeline", {**request, "deploymentType": "CURRENT_VERSION"})
    roles = {"pipelineServiceRoleArn": ROLE, "pipelineCodebuildRoleArn": ROLE}
    call("UpdateAccountSettings", roles)
    for name, instance, home in zip(SERVICES, INSTANCES, HOMES, strict=True):
        call("CreateService", _service(name, {instance: home}))
    for name, instance in zip(PIPED, INSTANCES, strict=True):
        call("CreateService", _service(name, {instance: "dev"}, **WITH_PIPELINE))
    call("CreateService", _service(HOST, dict.fromkeys(INSTANCES, "dev")))
    for name, instance in (ARN_OF_200, NOTIFIED):
        call("CreateService", _service(name, {instance: SELF_MANAGED}))


def _components(world: World) -> None:
    files = {"manifest": manifest(), "templateFile": TEMPLATE_FILE}
    for name, home in zip(DETACHED, HOMES, strict=True):
        call("CreateComponent", {"name": name, "environmentName": home, **files})
    for name, instance in zip(ATTACHED, INSTANCES, strict=True):
        to = {"serviceName": HOST, "serviceInstanceName": instance}
        call("CreateComponent", {"name": name, **to, **files})
    files = {"manifest": manifest("main.tf"), "templateFile": TERRAFORM_FILE}
    for name in BUSY_COMPONENTS:
        call("CreateComponent", {"name": name, "environmentName": SELF_MANAGED, **files})
        _succeed(f"component/{name}")
        call("UpdateComponent", {"name": name, "deploymentType": "CURRENT_VERSION"})


def _syncs(world: World) -> None:
    for kind, names in zip(TYPES, (ENVIRONMENT_TEMPLATES, SERVICE_TEMPLATES), strict=True):
        for name in names:
            of = {"templateType": kind, "templateName": name}
            call("CreateTemplateSyncConfig", {**of, **SYNCED, "branch": "main"})
    for name, instance in zip(PIPED, INSTANCES, strict=True):
        file = {"branch": "main", "filePath": "ops.yaml"}
        call("CreateServiceSyncConfig", {"serviceName": name, **SYNCED, **file})
        by_hand = {"serviceName": name, "name": instance, "deploymentType": "CURRENT_VERSION"}
        call("UpdateServiceInstance", by_hand)
        of = {"serviceName": name, "serviceInstanceName": instance}
        summary = call("GetServiceSyncBlockerSummary", of)["serviceSyncBlockerSummary"]
        world.blockers[name] = summary["latestBlockers"][0]["id"]
    # The one thing that takes a push to a git repository, which other tests have.
    syncs = proton_backends[ACCOUNT][REGION].store.repository_syncs
    for branch in sync_branches():
        for sync_type in SyncType:
            syncs.start(branch, sync_type, "0" * 40)


def sync_branches() -> Iterator[FollowedBranch]:
    """The branches that were synced."""
    for provider in PROVIDERS:
        for name, branch in zip(REPOSITORIES, BRANCHES, strict=True):
            yield FollowedBranch(provider, name, branch)
