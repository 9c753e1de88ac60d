from __future__ import annotations

from collections.abc import Callable

import pytest

from moto_proton.yamltext import events

SHOP = """\
proton: ServiceSpec
pipeline:
  dockerfile: Dockerfile
  retries: 3
instances:
  - name: dev
    environment: dev-env
    spec:
      port: 80
      image: "repo/shop:1"
  - name: prod
    environment: prod-env
    spec:
      port: 443
      image: "repo/shop:1"
"""


@pytest.fixture
def shop() -> str:
    """The text of a service spec with a pipeline and the instances dev and prod."""
    return SHOP


@pytest.fixture(params=["libyaml", "pure python"])
def each_parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs the test with libyaml's parser, then with PyYAML's own."""
    parser: Callable[[str], events.EventSource] = events.PurePythonParser
    if request.param == "libyaml":
        cyaml = pytest.importorskip("yaml.cyaml")
        parser = cyaml.CParser
    monkeypatch.setattr(events, "event_source", parser)
