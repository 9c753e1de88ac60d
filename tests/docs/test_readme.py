"""What the README shows runs as it stands there."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from moto_proton.proton.responses import OPERATIONS

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()
SNIPPETS = re.findall(r"```python\n(.*?)```", README, flags=re.DOTALL)
NAMES = ["decorator", "context-manager", "fixtures", "bundles"]
EXAMPLES = ROOT / "moto_proton" / "examples"
BUNDLES = EXAMPLES / "bundles"


def test_the_readme_has_a_snippet_for_each_form() -> None:
    """A snippet that is added or removed has to be named here."""
    assert len(SNIPPETS) == len(NAMES)


@pytest.mark.parametrize("snippet", SNIPPETS, ids=NAMES)
def test_a_snippet_runs_as_a_test_file(pytester: pytest.Pytester, snippet: str) -> None:
    """Pasted into an empty file, beside the example bundles, each snippet is a passing test."""
    shutil.copytree(BUNDLES, pytester.path / "bundles")
    pytester.makepyfile(snippet)

    result = pytester.runpytest_subprocess("-p", "no:cacheprovider")

    result.assert_outcomes(passed=1)


def test_the_snippet_about_bundles_runs_with_real_stacks(pytester: pytest.Pytester) -> None:
    """With the setting that the README names below the snippet, the queue is there."""
    [config] = re.findall(r"`mock_proton\((config=.*?)\)` the queue is there", README)
    snippet = SNIPPETS[NAMES.index("bundles")]
    snippet = snippet.replace("@mock_proton\n", f"@mock_proton({config})\n")
    snippet += (
        '    urls = boto3.client("sqs", region_name="us-east-1").list_queues()["QueueUrls"]\n'
        '    assert urls == [outputs["outputs"][0]["valueString"]]\n'
    )
    shutil.copytree(BUNDLES, pytester.path / "bundles")
    pytester.makepyfile(snippet)

    result = pytester.runpytest_subprocess("-p", "no:cacheprovider")

    result.assert_outcomes(passed=1, warnings=1)
    assert "ProvisioningWarning" in result.stdout.str()
    assert "did not make Subscription (AWS::SNS::Subscription)" in result.stdout.str()


def test_the_readme_shows_what_its_snippet_renders(pytester: pytest.Pytester) -> None:
    """The rendered template in the README is what the snippet above it looks at."""
    shown = re.search(r"```yaml\n(.*?)```", README, flags=re.DOTALL)
    assert shown is not None
    shutil.copytree(BUNDLES, pytester.path / "bundles")
    snippet = SNIPPETS[NAMES.index("bundles")]
    pytester.makepyfile(snippet.replace("    assert", "    print(template)\n    assert", 1))

    result = pytester.runpytest_subprocess("-s", "-p", "no:cacheprovider")

    assert shown[1] in result.stdout.str()


def test_the_readme_says_how_many_operations_there_are() -> None:
    """The number in the README is that of the table of handlers."""
    assert f"{len(OPERATIONS)} of the 87 operations" in README


def test_the_demo_prints_what_the_readme_shows(pytester: pytest.Pytester) -> None:
    """The output in the README is the demo's own."""
    shown = re.search(r"```text\n(.*?)```", README, flags=re.DOTALL)
    assert shown is not None
    example = EXAMPLES / "test_rollout.py"

    result = pytester.runpytest_subprocess("-s", f"--rootdir={example.parent}", str(example))

    for line in shown[1].strip().splitlines():
        assert line in result.outlines
