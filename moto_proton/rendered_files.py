"""What Proton made of infrastructure files, for tests to look at: ``moto_proton.rendered(arn)``.

This is not part of Proton's API, which shows only what was provisioned. If the mock is a server, it
answers at ``/moto-api/proton/rendered`` beside moto's own control routes.

Internal: no part of the public API.
"""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from moto_proton.proton.deployments.deployable import Deployable
    from moto_proton.render import Rendered

ROUTE: Final = "/moto-api/proton/rendered"

Answer = tuple[int, dict[str, str], str]


def rendered(arn: str) -> Rendered:
    """The infrastructure files of an environment, service instance, pipeline or component.

    They are those of the last deployment that rendered its files, even if it failed afterwards.
    ``arn`` is the ARN as the API answers with it; its account and region say where to look. Raises
    ``LookupError`` when there is no such resource, or nothing was rendered for it: its template
    version has no bundle or no infrastructure, or its deployment has not reached that point yet.
    Raises ``RuntimeError`` when no mock is active.
    """
    from moto_proton import bridge

    if not bridge.mock_is_active():
        raise RuntimeError("no mock is active to look into; start mock_proton first")
    if _in_server_mode():
        return _ask_server(arn)
    return _find(arn)


def _find(arn: str) -> Rendered:
    from moto_proton.proton.account.locks import request_locks
    from moto_proton.proton.backend import proton_backends
    from moto_proton.proton.exceptions import ProtonError

    parts = arn.split(":", 5)
    if len(parts) != 6 or parts[2] != "proton":
        raise LookupError(f"{arn!r} is no ARN of AWS Proton")
    region, account_id = parts[3:5]
    # dict.get, as the [] of moto's two dictionaries creates what it does not find.
    of_account: Any = dict.get(proton_backends, account_id)
    backend: Any = None if of_account is None else dict.get(of_account, region)
    if backend is None:
        raise LookupError(f"The resource {arn} does not exist")
    with request_locks.of(backend.store.scope):
        try:
            resource: Deployable[Any] = backend.store.resources.deployable(arn)
        except ProtonError as error:
            raise LookupError(str(error)) from error
        if resource.rendered is None:
            raise LookupError(f"Nothing was rendered for {arn}")
        return resource.rendered


def handle(request: Any, full_url: str = "", headers: Any = None) -> Answer:
    """Answer a request of the route, in the form that moto calls its handlers."""
    if request.method != "GET":
        return 405, {"Allow": "GET"}, json.dumps({"error": "GET with an arn"})
    try:
        found = _find(request.args.get("arn", ""))
    except LookupError as error:
        return 404, {}, json.dumps({"error": str(error)})
    answer = {
        "method": found.method.value,
        "files": dict(found.files),
        "projectProperties": found.project_properties,
        "provision": found.provision,
        "deprovision": found.deprovision,
        "variables": found.variables,
    }
    return 200, {}, json.dumps(answer, default=dict)  # its mappings are read-only views


def _in_server_mode() -> bool:
    if "moto" not in sys.modules:
        return False
    from moto_proton import bridge

    return bridge.is_server_mode() and bridge.mock_is_active()


def _ask_server(arn: str) -> Rendered:
    import requests

    from moto_proton import bridge
    from moto_proton.bundle import ProvisioningMethod
    from moto_proton.render import Rendered

    endpoint = bridge.server_endpoint()
    answer = requests.get(endpoint + ROUTE, params={"arn": arn}, timeout=30)
    if answer.status_code == 404:
        raise LookupError(answer.json()["error"])
    if answer.status_code != 200:
        raise RuntimeError(
            f"{endpoint} tells nothing of rendered files (HTTP {answer.status_code}): is it "
            "moto-proton server?"
        )
    found = answer.json()
    return Rendered(
        ProvisioningMethod(found["method"]),
        found["files"],
        found["projectProperties"],
        tuple(found["provision"]),
        tuple(found["deprovision"]),
        found["variables"],
    )
