"""Page tokens that are valid, but were not made from a key of the list."""

from __future__ import annotations

import json
from typing import Any, TypeAlias

import pytest

from moto_proton import api
from moto_proton.seed import Seed

Client: TypeAlias = Any

PREFIX = "arn:aws:proton:us-east-1:123456789012:"
TEMPLATE = {"template_name": "service-template"}
TIME = 1_700_000_000_000_000

LISTS: list[tuple[str, dict[str, str], list[Any]]] = [
    ("ListEnvironmentTemplates", {}, [TIME, "a"]),
    ("ListServiceTemplates", {}, [TIME, "a"]),
    ("ListServiceTemplateVersions", TEMPLATE, [1]),
    ("ListServiceTemplateVersions", {**TEMPLATE, "major_version": "1"}, [1]),
    ("ListEnvironments", {}, [TIME, "a"]),
    ("ListServices", {}, [TIME, "a"]),
    ("ListServiceInstances", {}, ["a", "a", "a"]),
    ("ListServiceInstances", {"service_name": "shop"}, ["a", "a", "a"]),
    ("ListServiceInstances", {"sort_by": "name"}, ["a", "a", "a"]),
    ("ListServiceInstances", {"sort_by": "createdAt"}, [TIME, "a", "a"]),
    ("ListServiceInstances", {"sort_by": "createdAt", "service_name": "shop"}, [TIME, "a", "a"]),
    ("ListServiceInstances", {"sort_by": "lastDeploymentAttemptedAt"}, [TIME, "a", "a"]),
    ("ListComponents", {}, [TIME, "a"]),
    ("ListComponents", {"environment_name": "dev"}, [TIME, "a"]),
    ("ListComponents", {"service_name": "shop"}, [TIME, "a"]),
    ("ListDeployments", {}, [TIME, "a"]),
    ("ListRepositories", {}, [TIME, "a"]),
    ("ListEnvironmentAccountConnections", {"requested_by": "MANAGEMENT_ACCOUNT"}, [TIME, "a"]),
    ("ListTagsForResource", {"resource_arn": f"{PREFIX}service/shop"}, [1, "a"]),
]
KEYS: list[list[Any]] = [
    [],
    ["a"],
    [1],
    [1.5],
    ["a", "b"],
    [1, 2],
    [1, 1.5],
    [1, "a"],
    ["a", 1],
    [1, "a", "a"],
    ["a", "a", "a"],
    [1, 2, 3],
    ["a", 1, "x"],
    [10**400, 10**400],
    ["a", "b", "c", "d"],
]


def wire(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(other.title() for other in others)


@pytest.mark.parametrize(
    ("operation", "filters", "fitting"), LISTS, ids=[f"{each[0]} {[*each[1]]}" for each in LISTS]
)
def test_a_key_of_another_form_is_refused(
    proton: Client,
    seed: Seed,
    operation: str,
    filters: dict[str, str],
    fitting: list[Any],
) -> None:
    seed.service("shop")
    scope = f"{PREFIX}{operation} {json.dumps(filters, sort_keys=True)}"
    call = next(name for name, op in proton.meta.method_to_api_mapping.items() if op == operation)
    request = {wire(name): value for name, value in filters.items()}

    getattr(proton, call)(**request, nextToken=api.encode_token(scope, fitting))

    form = [type(part) for part in fitting]
    for key in KEYS:
        if [type(part) for part in key] != form:
            token = api.encode_token(scope, key)
            with pytest.raises(proton.exceptions.ValidationException, match="not a page token"):
                getattr(proton, call)(**request, nextToken=token)
