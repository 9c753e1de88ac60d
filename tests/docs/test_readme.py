"""What the README shows runs as it stands there."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from moto_proton.cli import main
from moto_proton.proton.responses import OPERATIONS

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()
SNIPPETS: dict[str, str] = dict(
    zip(
        ("decorator", "context_manager", "fixtures", "bundles"),
        re.findall(r"```python\n(.*?)```", README, flags=re.DOTALL),
        strict=True,  # a snippet that is added or removed has to be named here
    )
)
BUNDLES = ROOT / "moto_proton" / "examples" / "bundles"


def test_what_the_readme_shows_runs_and_prints_what_it_says(pytester: pytest.Pytester) -> None:
    """Pasted into an empty file, beside the example bundles, each snippet is a passing test.

    All of them are tests of one run: each run takes seconds to start.
    """
    [template] = re.findall(r"```yaml\n(.*?)```", README, flags=re.DOTALL)
    [demo] = re.findall(r"```text\n(.*?)```", README, flags=re.DOTALL)
    shutil.copytree(BUNDLES, pytester.path / "bundles")
    CliRunner().invoke(main, ["examples", "examples"], catch_exceptions=False)
    printing = SNIPPETS["bundles"].replace("    assert", "    print(template)\n    assert", 1)
    snippets = {**SNIPPETS, "with_stacks": _with_stacks(), "printing": printing}
    pytester.makepyfile(**{f"test_{name}": snippet for name, snippet in snippets.items()})

    result = pytester.runpytest_subprocess("-v", "-s", "-p", "no:cacheprovider")

    result.assert_outcomes(passed=len(snippets) + 1, warnings=1)
    printed = result.stdout.str()
    assert "ProvisioningWarning" in printed
    assert "did not make Subscription (AWS::SNS::Subscription)" in printed
    assert template in printed
    for line in demo.strip().splitlines():
        assert line in result.outlines


def _with_stacks() -> str:
    """The snippet about bundles with the setting that the README names below it, in which the
    queue is there.
    """
    [config] = re.findall(r"`mock_proton\((config=.*?)\)` the queue is there", README)
    snippet: str = SNIPPETS["bundles"].replace("@mock_proton\n", f"@mock_proton({config})\n")
    return snippet + (
        '    urls = boto3.client("sqs", region_name="us-east-1").list_queues()["QueueUrls"]\n'
        '    assert urls == [outputs["outputs"][0]["valueString"]]\n'
    )


@pytest.mark.proof
@pytest.mark.parametrize("snippet", SNIPPETS.values(), ids=SNIPPETS)
def test_a_snippet_runs_with_no_other_before_it(pytester: pytest.Pytester, snippet: str) -> None:
    shutil.copytree(BUNDLES, pytester.path / "bundles")
    pytester.makepyfile(snippet)

    result = pytester.runpytest_subprocess("-p", "no:cacheprovider")

    result.assert_outcomes(passed=1)


def test_the_readme_says_how_many_operations_there_are() -> None:
    """The number in the README is that of the table of handlers."""
    assert f"{len(OPERATIONS)} of the 87 operations" in README
