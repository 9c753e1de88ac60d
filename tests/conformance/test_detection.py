"""The conformance suite finds errors: here the library is broken on purpose, and the suite must
fail.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, TypeAlias

import pytest

from moto_proton import api
from moto_proton.proton.exceptions import ValidationError
from moto_proton.proton.responses.base import ProtonResponse
from moto_proton.proton.state import fingerprint
from moto_proton.proton.store import ProtonStore
from moto_proton.proton.syncs.repository_syncs import FollowedBranch, SyncType
from tests.conformance.running import READS, Runner
from tests.conformance.wire import call

Answer: TypeAlias = Callable[[ProtonResponse, Any], str]
Broken: TypeAlias = Callable[[Callable[[Answer, ProtonResponse, Any], str]], None]


@pytest.fixture
def failures(runner: Runner) -> Callable[..., str]:
    """What is said of an operation when every fifth variant is sent of those that succeed."""
    return lambda operation, every=5: "\n".join(runner.run(operation, every).failures)


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> Broken:
    """Has another function answer, which is given the one that did."""

    def replace(answer: Callable[[Answer, ProtonResponse, Any], str]) -> None:
        right = ProtonResponse._answer
        monkeypatch.setattr(
            ProtonResponse, "_answer", lambda self, request: answer(right, self, request)
        )

    return replace


def is_of(self: ProtonResponse, operation: str) -> bool:
    target: Any = self.headers["X-Amz-Target"]
    text = target.decode() if isinstance(target, bytes) else str(target)
    return text.endswith(f".{operation}")


def test_nothing_is_wrong_with_what_is_not_broken(failures: Callable[..., str]) -> None:
    assert failures("CreateEnvironmentTemplate") == ""


def test_a_limit_that_is_not_kept(
    failures: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    read = api.read_request

    def lax(operation: str, body: dict[str, Any]) -> dict[str, Any]:
        return read(operation, {**body, "name": str(body.get("name"))[:100]})

    monkeypatch.setattr(api, "read_request", lax)

    told = failures("UpdateService")

    assert "name: above 100 characters: " in told
    assert "ResourceNotFoundException instead of ValidationException" in told


def test_a_limit_that_is_too_narrow(
    failures: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    read = api.read_request

    def strict(operation: str, body: dict[str, Any]) -> dict[str, Any]:
        if operation == "UpdateService" and len(str(body.get("name", ""))) >= 100:
            raise ValidationError("too long")
        return read(operation, body)

    monkeypatch.setattr(api, "read_request", strict)

    told = failures("UpdateService", every=1)

    assert "name: the longest, 100 characters: ValidationException instead of OK" in told


def test_a_refusal_that_changes_something(failures: Callable[..., str], broken: Broken) -> None:
    def answer(right: Answer, self: ProtonResponse, request: Any) -> str:
        try:
            return right(self, request)
        except ValidationError:
            if is_of(self, "DeleteService"):
                store = self._store()
                store.services.get("shop").description = "changed"
            raise

    broken(answer)

    assert failures("DeleteService").count("refused, and yet something changed") > 10


def test_a_change_that_only_a_caller_in_the_other_account_sees(runner: Runner) -> None:
    seen = runner.seen_at_first
    runner.restore()
    before = fingerprint()

    call("CreateServiceTemplate", {"name": "theirs"}, account="222222222222")

    assert fingerprint() != before
    assert runner.seen() != seen
    runner.restore()
    assert runner.seen() == seen


def test_a_read_that_changes_something(failures: Callable[..., str], broken: Broken) -> None:
    def answer(right: Answer, self: ProtonResponse, request: Any) -> str:
        text = right(self, request)
        if is_of(self, "ListServices"):
            shop = self._store().services.find("shop")
            if shop is not None:  # not in the other account
                shop.description = "listed"
        return text

    broken(answer)

    told = failures("ListServices")

    assert "what is visible changed though all was only read: " in told
    assert "GetService" in told


def test_what_is_visible_is_the_answer_of_every_operation_that_reads(runner: Runner) -> None:
    answered = {
        key.split()[1] for key, answer in runner.seen_at_first.items() if answer is not None
    }

    assert answered == {each for each in api.operation_names() if each.startswith(READS)}


def start_repository_sync(store: ProtonStore) -> None:
    branch = FollowedBranch("GITHUB", "shop/synced", "main")
    store.repository_syncs.start(branch, SyncType.SERVICE_SYNC, "1" * 40)


def follow_another_file(store: ProtonStore) -> None:
    store.service_syncs.get("piped").file_path = "other.yaml"


def follow_another_branch(store: ProtonStore) -> None:
    store.template_syncs.get("SERVICE", "web").branch = "other"


def unfollow(store: ProtonStore) -> None:
    store.service_syncs.delete("piped")
    store.template_syncs.delete("SERVICE", "web")


@pytest.mark.parametrize(
    ("change", "shown"),
    [
        (start_repository_sync, {"GetRepositorySyncStatus"}),
        (follow_another_file, {"GetServiceSyncConfig"}),
        (follow_another_branch, {"GetTemplateSyncConfig", "ListRepositorySyncDefinitions"}),
        (unfollow, {"GetServiceInstanceSyncStatus", "GetTemplateSyncStatus"}),
    ],
)
def test_a_read_that_changes_what_is_synced(
    failures: Callable[..., str],
    broken: Broken,
    change: Callable[[ProtonStore], None],
    shown: set[str],
) -> None:
    done: list[ProtonStore] = []

    def answer(right: Answer, self: ProtonResponse, request: Any) -> str:
        text = right(self, request)
        store = self._store()
        if is_of(self, "ListServices") and not done and store.services.find("shop") is not None:
            done.append(store)
            change(store)
        return text

    broken(answer)

    told = failures("ListServices")

    assert [operation for operation in sorted(shown) if operation not in told] == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        pytest.param(lambda body: {}, "service: required by", id="nothing"),
        pytest.param(
            lambda body: {"service": {**body["service"], "status": "FINE"}},
            "service.status: not one of",
            id="an unknown status",
        ),
        pytest.param(
            lambda body: {"service": {**body["service"], "colour": "red"}},
            "Service has no such member",
            id="an unknown member",
        ),
        pytest.param(
            lambda body: {"service": {**body["service"], "name": "shop"}},
            "name is 'shop', asked for was",
            id="a constant",
        ),
    ],
)
def test_an_answer_that_is_not_of_the_model(
    failures: Callable[..., str],
    broken: Broken,
    change: Callable[[dict[str, Any]], dict[str, Any]],
    words: str,
) -> None:
    def answer(right: Answer, self: ProtonResponse, request: Any) -> str:
        text = right(self, request)
        if is_of(self, "UpdateService"):
            return json.dumps(change(json.loads(text)))
        return text

    # Not under the name that all tests watch: this is about what the suite itself sees.
    broken(answer)

    told = failures("UpdateService")

    assert words in told or (words.startswith("service: ") and "UpdateServiceOutput" in told)


def test_a_refusal_with_another_status_or_without_a_member(
    failures: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ValidationError, "status", 404)
    monkeypatch.setattr(
        api, "error_body", lambda code, message: json.dumps({"__type": f"x#{code}", "message": "?"})
    )

    told = failures("GetService")

    assert "the HTTP status is 404" in told
    assert "the message does not name name" in told


def test_an_exception_that_gets_out(failures: Callable[..., str], broken: Broken) -> None:
    def answer(right: Answer, self: ProtonResponse, request: Any) -> str:
        if is_of(self, "CancelComponentDeployment"):
            raise KeyError("name")
        return right(self, request)

    broken(answer)

    with pytest.raises(KeyError):
        call("CancelComponentDeployment", {"componentName": "cache"})
    assert "raised KeyError" in failures("CancelComponentDeployment")
