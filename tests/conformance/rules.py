"""What the service refuses though the model permits it: the few rules that variants come upon.

The first rule that applies decides the exception; where none does, the call succeeds. Written from
the behaviour that the user guide and the model's texts describe, not from the library. Each rule
must decide about some variant, and the document counts them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from tests.conformance import world as w
from tests.conformance.cases import Body

INVALID: Final = "ValidationException"
MISSING: Final = "ResourceNotFoundException"

Tokens = Mapping[str, str]
"""The page tokens that an operation has issued, each with the filters that it was issued for."""


@dataclass(frozen=True, slots=True)
class Rule:
    """``operations`` are names, or parts of them where ``anywhere`` says so."""

    words: str
    code: str
    operations: tuple[str, ...]
    applies: Callable[[Body], bool]


def filters_of(body: Body) -> str:
    """All of a request that a page token is issued for."""
    return json.dumps(
        {name: body[name] for name in sorted(body) if name not in ("maxResults", "nextToken")}
    )


def refusal(operation: str, body: Body, tokens: Tokens) -> Rule | None:
    """The rule that a request which the model permits is refused by; None when it succeeds.

    A member that is null counts as absent.
    """
    given = {name: value for name, value in body.items() if value is not None}
    for rule in RULES:
        if operation in rule.operations and rule.applies(given):
            return rule
    token = given.get("nextToken")
    return TOKEN if token and tokens.get(token) != filters_of(given) else None


TOKEN: Final = Rule("a page token that was not issued for this list", INVALID, (), bool)


# --- versions -----------------------------------------------------------------------------------

_EXISTING: Final = frozenset(
    tuple(map(int, number.split("."))) for number in (*w.PUBLISHED, *w.DRAFT)
)
_MAJORS: Final = frozenset(major for major, _ in _EXISTING)


def _is_missing(major: str, minor: str | None) -> bool:
    if minor is None:
        return int(major) not in _MAJORS
    return (int(major), int(minor)) not in _EXISTING


def _names_missing_version(body: Body) -> bool:
    return _is_missing(body["majorVersion"], body.get("minorVersion"))


def _creates_on_missing_version(body: Body) -> bool:
    major = body.get("templateMajorVersion")
    return major is not None and _is_missing(major, body.get("templateMinorVersion"))


def _names_unknown_compatible(body: Body) -> bool:
    known = w.compatible()
    return any(each not in known for each in body.get("compatibleEnvironmentTemplates", ()))


def _has_version(body: Body) -> bool:
    return "templateMajorVersion" in body or "templateMinorVersion" in body


def _of_type(kind: str, applies: Callable[[Body], bool]) -> Callable[[Body], bool]:
    return lambda body: body["deploymentType"] == kind and applies(body)


def _leaves_the_major(body: Body) -> bool:
    return bool(body.get("templateMajorVersion", "1") != "1")


def _is_missing_minor(body: Body) -> bool:
    return "templateMinorVersion" in body and _is_missing("1", body["templateMinorVersion"])


def _stays_on_major(body: Body) -> bool:
    return int(body.get("templateMajorVersion", "2")) < 2


def _lacks_major(body: Body) -> bool:
    return "templateMinorVersion" in body and "templateMajorVersion" not in body


# --- members that go together -------------------------------------------------------------------


def _both(one: str, other: str) -> Callable[[Body], bool]:
    return lambda body: one in body and other in body


def _one_alone(one: str, other: str) -> Callable[[Body], bool]:
    return lambda body: (one in body) != (other in body)


def _needs(one: str, other: str) -> Callable[[Body], bool]:
    return lambda body: one in body and other not in body


def _neither(*members: str) -> Callable[[Body], bool]:
    return lambda body: not any(member in body for member in members)


def _any_of(*members: str) -> Callable[[Body], bool]:
    return lambda body: any(member in body for member in members)


def _is_no_document(body: Body) -> bool:
    return any(
        member in body and word not in body[member]
        for member, word in (
            ("spec", "proton:"),
            ("serviceSpec", "proton:"),
            ("manifest", "infrastructure:"),
        )
    )


_MODES: Final = (
    "protonServiceRoleArn",
    "codebuildRoleArn",
    "provisioningRepository",
    "environmentAccountConnectionId",
)
_PIPELINE: Final = ("repositoryConnectionArn", "repositoryId", "branchName")
_HERE: Final = (*w.IDLE, *w.HOMES)


def _has_no_mode(body: Body) -> bool:
    return body["templateName"] != w.OWN and _neither(*_MODES)(body)


def _mixes_modes(body: Body) -> bool:
    through, connected = "provisioningRepository" in body, _MODES[3] in body
    return (through and connected) or (
        (through or connected) and (_MODES[0] in body or _MODES[1] in body)
    )


def _changes_mode(body: Body) -> bool:
    if body["name"] in _HERE:
        return "provisioningRepository" in body or _MODES[3] in body
    if body["name"] == w.FAR:
        return not _neither(*_MODES[:3])(body)
    given = body.get("provisioningRepository", w.INFRASTRUCTURE | {"branch": "main"})
    return bool(given != w.INFRASTRUCTURE | {"branch": "main"})


def _misfits_the_pipeline(body: Body) -> bool:
    wanted = 3 if body["templateName"] in w.SERVICE_TEMPLATES else 0
    return sum(member in body for member in _PIPELINE) != wanted


def _is_half_an_element(members: tuple[str, str], of: str) -> Callable[[Body], bool]:
    def applies(body: Body) -> bool:
        return any(not set(members) <= set(_given(each)) for each in body.get(of, ()))

    return applies


def _given(value: dict[str, Any]) -> dict[str, Any]:
    return {name: each for name, each in value.items() if each is not None}


def _is_foreign(body: Body) -> bool:
    return not body["resourceArn"].startswith(w.arn(""))


_UPDATES: Final = ("UpdateEnvironment", "UpdateServiceInstance", "UpdateServicePipeline")
_TEMPLATES: Final = ("EnvironmentTemplate", "ServiceTemplate")
_CREATES: Final = ("CreateEnvironment", "CreateService", "CreateServiceInstance")

RULES: Final = (
    Rule(
        "an ARN of another service",
        INVALID,
        (
            *("TagResource", "UntagResource", "ListTagsForResource"),
            "NotifyResourceDeploymentStatusChange",
        ),
        _is_foreign,
    ),
    Rule(
        "a spec or manifest of one character is none",
        INVALID,
        (*_CREATES, *_UPDATES, "CreateComponent", "UpdateComponent", "UpdateService"),
        _is_no_document,
    ),
    Rule(
        "a version that does not exist",
        MISSING,
        tuple(
            f"{verb}{template}Version{end}"
            for template in _TEMPLATES
            for verb, end in (("Get", ""), ("Update", ""))
        ),
        _names_missing_version,
    ),
    Rule(
        "the versions of a major version that does not exist",
        MISSING,
        tuple(f"List{template}Versions" for template in _TEMPLATES),
        lambda body: "majorVersion" in body and int(body["majorVersion"]) not in _MAJORS,
    ),
    Rule(
        "a minor version of a major version that does not exist and is not the next",
        MISSING,
        tuple(f"Create{template}Version" for template in _TEMPLATES),
        lambda body: "majorVersion" in body and int(body["majorVersion"]) not in {*_MAJORS, 3},
    ),
    Rule(
        "compatible with an environment template, or a major version of one, that does not exist",
        MISSING,
        ("CreateServiceTemplateVersion", "UpdateServiceTemplateVersion"),
        _names_unknown_compatible,
    ),
    Rule(
        "the status of a version set to that of its registration",
        INVALID,
        tuple(f"Update{template}Version" for template in _TEMPLATES),
        lambda body: str(body.get("status")).startswith("REGISTRATION"),
    ),
    Rule(
        "a published version made a draft again",
        INVALID,
        tuple(f"Update{template}Version" for template in _TEMPLATES),
        lambda body: body.get("status") == "DRAFT" and body["minorVersion"] in "01",
    ),
    Rule(
        "a provisioning repository, or an account connection, with what excludes it",
        INVALID,
        ("CreateEnvironment", "UpdateEnvironment"),
        _mixes_modes,
    ),
    Rule(
        "an environment of a standard template with nothing to provision it by",
        INVALID,
        ("CreateEnvironment",),
        _has_no_mode,
    ),
    Rule(
        "another way to provision an environment that is there",
        INVALID,
        ("UpdateEnvironment",),
        _changes_mode,
    ),
    Rule(
        "a version with the deploymentType NONE",
        INVALID,
        _UPDATES,
        _of_type("NONE", _has_version),
    ),
    Rule(
        "a spec with the deploymentType NONE, where it is not required",
        INVALID,
        ("UpdateEnvironment", "UpdateServiceInstance"),
        _of_type("NONE", lambda body: "spec" in body),
    ),
    Rule(
        "a version with the deploymentType CURRENT_VERSION",
        INVALID,
        _UPDATES,
        _of_type("CURRENT_VERSION", _has_version),
    ),
    Rule(
        "another major version with the deploymentType MINOR_VERSION",
        INVALID,
        _UPDATES,
        _of_type("MINOR_VERSION", _leaves_the_major),
    ),
    Rule(
        "a minor version that does not exist",
        MISSING,
        _UPDATES,
        _of_type("MINOR_VERSION", _is_missing_minor),
    ),
    Rule(
        "a major version that is not higher with the deploymentType MAJOR_VERSION",
        INVALID,
        _UPDATES,
        _of_type("MAJOR_VERSION", _stays_on_major),
    ),
    Rule(
        "a minor version without its major version",
        INVALID,
        ("CreateServiceInstance",),
        _lacks_major,
    ),
    Rule(
        "a minor version without its major version",
        INVALID,
        _UPDATES,
        _of_type("MAJOR_VERSION", _lacks_major),
    ),
    Rule(
        "the members of a pipeline where the template has none, or some of them where it has one",
        INVALID,
        ("CreateService",),
        _misfits_the_pipeline,
    ),
    Rule(
        "to be deployed on a version that does not exist",
        MISSING,
        (*_CREATES, *_UPDATES),
        _creates_on_missing_version,
    ),
    Rule(
        "a connection without a role to provision by",
        INVALID,
        ("CreateEnvironmentAccountConnection",),
        _neither("roleArn", "codebuildRoleArn"),
    ),
    Rule(
        "a service instance without its service",
        INVALID,
        ("ListComponents", "ListDeployments", "GetDeployment"),
        _needs("serviceInstanceName", "serviceName"),
    ),
    Rule(
        "a service or a service instance without the other",
        INVALID,
        ("CreateComponent", "UpdateComponent"),
        _one_alone("serviceInstanceName", "serviceName"),
    ),
    Rule(
        "a component that is in no environment",
        INVALID,
        ("CreateComponent",),
        _neither("environmentName", "serviceName"),
    ),
    Rule(
        "anything but a description with the deploymentType NONE",
        INVALID,
        ("UpdateComponent",),
        _of_type(
            "NONE", lambda body: bool({"templateFile", "serviceSpec", "serviceName"} & set(body))
        ),
    ),
    Rule(
        "a repository for pipelines that is given and deleted at once",
        INVALID,
        ("UpdateAccountSettings",),
        lambda body: (
            bool(body.get("deletePipelineProvisioningRepository"))
            and "pipelineProvisioningRepository" in body
        ),
    ),
    Rule(
        "a filter without key or value",
        INVALID,
        ("ListServiceInstances",),
        _is_half_an_element(("key", "value"), "filters"),
    ),
    Rule(
        "an output without key or value",
        INVALID,
        ("NotifyResourceDeploymentStatusChange",),
        _is_half_an_element(("key", "valueString"), "outputs"),
    ),
)
"""In the order in which they are asked."""
