"""``moto-proton render``: what it prints or writes, and its exit status."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from moto_proton.bundle import pack
from moto_proton.cli import main
from moto_proton.cli.ending import Status

DATA = Path(__file__).parents[1] / "bundles" / "data"
NETWORK_SPEC = """\
proton: EnvironmentSpec
spec:
  cidr: 10.0.0.0/16
  subnets: [10.0.0.0/24]
"""
SHOP_SPEC = """\
proton: ServiceSpec
pipeline:
  dockerfile: Dockerfile
instances:
  - name: web
    environment: dev
    spec: {image: "shop/web:1"}
  - name: api
    environment: prod
    spec: {image: "shop/api:2", port: 8080}
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "network.yaml").write_text(NETWORK_SPEC, encoding="utf-8")
    (tmp_path / "shop.yaml").write_text(SHOP_SPEC, encoding="utf-8")
    (tmp_path / "environment.yaml").write_text("Network: the network\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(bundle: str | Path, *arguments: str, stdin: str | None = None) -> Result:
    path = DATA / bundle if isinstance(bundle, str) else bundle
    result = CliRunner().invoke(main, ["render", str(path), *arguments], input=stdin)
    assert result.exit_code != Status.DEFECT, result.stderr
    return result


def changed(folder: Path, bundle: str, file: str, old: str, new: str) -> Path:
    """A copy of a bundle with a change in one file."""
    copy = folder / "changed"
    for path in (DATA / bundle).rglob("*"):
        if path.is_file():
            target = copy / path.relative_to(DATA / bundle)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    text = (copy / file).read_text(encoding="utf-8")
    assert old in text
    (copy / file).write_text(text.replace(old, new), encoding="utf-8")
    return copy


# --- what is rendered -----------------------------------------------------------------------------


def test_an_environment_is_one_file_without_a_heading() -> None:
    result = run("network", "--spec", "network.yaml")

    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith("Description: The network my-network.\nResources:\n")
    assert "      Name: /my-network/subnets/1\n" in result.stdout
    assert '    Value: "10.0.0.0/16 small 2"\n' in result.stdout


def test_the_spec_may_come_from_standard_input() -> None:
    from_file = run("network", "--spec", "network.yaml")

    piped = run("network", "--spec", "-", stdin=NETWORK_SPEC)

    assert (piped.exit_code, piped.stdout) == (0, from_file.stdout)


def test_the_name_may_be_given() -> None:
    result = run("network", "--spec", "network.yaml", "--name", "prod")

    assert result.stdout.startswith("Description: The network prod.\n")


def test_a_service_in_two_environments_renders_right_for_each_from_one_command(
    folder: Path,
) -> None:
    """Each instance sees its own environment, account and component, the pipeline all of them."""
    for name, text in {
        "dev": "Network: the network of dev\n",
        "prod": "Network: the network of prod\n",
        "store": "StoreName: the store of web\n",
        "web": "Url: url-of-web\n",
        "api": json.dumps({"Url": "url-of-api"}),
    }.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    bundle = changed(
        folder,
        "shop",
        "instance_infrastructure/cloudformation.yaml",
        "Description: The",
        "Description: In {{ environment.account_id }}, the",
    )

    result = run(
        bundle,
        *("--spec", "shop.yaml", "--name", "shop"),
        *("--environment-outputs", "dev=dev.yaml", "--environment-outputs", "prod=prod.yaml"),
        *("--account-id", "dev=111111111111", "--account-id", "prod=222222222222"),
        *("--component-outputs", "web=store.yaml"),
        *("--instance-outputs", "web=web.yaml", "--instance-outputs", "api=api.yaml"),
    )

    assert (result.exit_code, result.stderr) == (0, "")
    _, web, api, pipeline = re.split("(?m)^# ", result.stdout)
    assert web.startswith("service_instances/web/cloudformation.yaml\n")
    assert "Description: In 111111111111, the instance web of shop." in web
    assert 'Value: "shop/web:1 at the network of dev port 80"' in web
    assert 'Value: "the store of web"' in web
    assert api.startswith("service_instances/api/cloudformation.yaml\n")
    assert "Description: In 222222222222, the instance api of shop." in api
    assert 'Value: "shop/api:2 at the network of prod port 8080"' in api
    assert 'Value: "no component"' in api
    assert pipeline.startswith("pipeline/cloudformation.yaml\n")
    assert 'Value: "web: url-of-web; api: url-of-api; "' in pipeline


@pytest.mark.parametrize(
    "outputs",
    [
        pytest.param({"outputs": [{"key": "Network", "valueString": "0123"}]}, id="proton"),
        pytest.param([{"key": "Network", "valueString": "0123"}], id="proton, --query outputs"),
        pytest.param(
            {"Stacks": [{"Outputs": [{"OutputKey": "Network", "OutputValue": "0123"}]}]},
            id="describe-stacks",
        ),
        pytest.param(
            [{"OutputKey": "Network", "OutputValue": "0123", "ExportName": "n"}],
            id="describe-stacks, --query Stacks[0].Outputs",
        ),
        pytest.param({"Network": "0123"}, id="by name"),
        pytest.param("Network: 0123  # an account id is no octal number", id="yaml"),
    ],
)
def test_outputs_are_read_as_aws_prints_them(folder: Path, outputs: Any) -> None:
    text = outputs if isinstance(outputs, str) else json.dumps(outputs)

    result = run(
        *("shop", "--spec", "shop.yaml", "--instance", "web", "--environment-outputs", "dev=-"),
        stdin=text,
    )

    assert (result.exit_code, result.stderr) == (0, "")
    assert "at 0123 port 80" in result.stdout


def test_a_pipeline_has_the_repository_of_its_service(folder: Path) -> None:
    bundle = with_repository(folder)

    result = run(
        bundle,
        *("--spec", "shop.yaml", "--pipeline", *each_instance_outputs(folder)),
        *("--repository-id", "acme/shop", "--branch-name", "release"),
        *("--repository-connection-arn", "arn:aws:codestar-connections:eu-west-1:1:connection/c"),
    )

    assert (result.exit_code, result.stderr) == (0, "")
    line = "acme/shop release arn:aws:codestar-connections:eu-west-1:1:connection/c"
    assert f"Description: {line}" in result.stdout


def test_what_is_made_up_is_a_note(folder: Path) -> None:
    bundle = with_repository(folder)

    result = run(bundle, "--spec", "shop.yaml", "--pipeline", *each_instance_outputs(folder))

    assert result.exit_code == 0
    assert result.stderr.splitlines() == [
        "note: pipeline/cloudformation.yaml: my-organization/my-repository is made up; "
        "give --repository-id",
        "note: pipeline/cloudformation.yaml: arn:aws:codestar-connections:us-east-1:123456789012:"
        "connection/my-connection is made up; give --repository-connection-arn",
    ]


def with_repository(folder: Path) -> Path:
    names = ("repository_id", "branch_name", "repository_connection_arn")
    return changed(
        folder,
        "shop",
        "pipeline_infrastructure/cloudformation.yaml",
        "Description: The pipeline of {{ service.name }}.",
        "Description: " + " ".join(f"{{{{ service.{name} }}}}" for name in names),
    )


def each_instance_outputs(folder: Path) -> list[str]:
    (folder / "instances.yaml").write_text("Url: 7\n", encoding="utf-8")
    return [
        word
        for instance in ("web", "api")
        for word in ("--instance-outputs", f"{instance}=instances.yaml")
    ]


@pytest.mark.parametrize(
    ("arguments", "notes"),
    [
        pytest.param(
            ["--environment-outputs", "dev=environment.yaml", "--instance-outputs", "web=o.yaml"],
            ["--instance-outputs web=o.yaml is not used: no template that sees it is rendered"],
            id="outputs for a pipeline that is not rendered",
        ),
        pytest.param(
            ["--environment-outputs", "environment.yaml", "--branch-name", "b"],
            ["the options of the repository are not used: no pipeline is rendered"],
            id="repository",
        ),
        pytest.param(
            ["--environment-outputs", "dev=environment.yaml", "--component", "api=cache"],
            ["--component api=cache is not used: no template that sees it is rendered"],
            id="component of another instance",
        ),
    ],
)
def test_what_is_given_and_not_used_is_a_note(arguments: list[str], notes: list[str]) -> None:
    result = run("shop", "--spec", "shop.yaml", "--instance", "web", *arguments)

    assert result.exit_code == 0
    assert result.stderr.splitlines() == [f"note: {text}" for text in notes]


def test_one_instance_may_be_asked_for() -> None:
    result = run(
        "shop",
        "--spec",
        "shop.yaml",
        "--instance",
        "api",
        "--environment-outputs",
        "environment.yaml",
    )

    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith("Description: The instance api of my-shop.\n")
    assert "# " not in result.stdout
    assert 'Value: "no component"' in result.stdout


def test_the_pipeline_may_be_asked_for(folder: Path) -> None:
    result = run("shop", "--spec", "shop.yaml", "--pipeline", *each_instance_outputs(folder))

    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith("Description: The pipeline of my-shop.\n")
    assert 'Value: "web: 7; api: 7; "' in result.stdout


def test_a_component_may_be_attached_to_each_instance(folder: Path) -> None:
    (folder / "component.yaml").write_text("StoreName: store-1\n", encoding="utf-8")

    result = run(
        "shop",
        "--spec",
        "shop.yaml",
        "--instance",
        "web",
        "--environment-outputs",
        "environment.yaml",
        "--component-outputs",
        "component.yaml",
    )

    assert 'Value: "store-1"' in result.stdout


def test_terraform_comes_with_its_variables(folder: Path) -> None:
    result = run("terraform-network", "--spec", "network.yaml", "-o", "out")

    assert result.exit_code == 0, result.stderr
    files = sorted(
        path.relative_to(folder / "out").as_posix()
        for path in (folder / "out").rglob("*")
        if path.is_file()
    )
    assert files == [
        "environment/main.tf",
        "environment/outputs.tf",
        "environment/proton.auto.tfvars.json",
        "environment/proton.environment.variables.tf",
    ]
    values = (folder / "out/environment/proton.auto.tfvars.json").read_text(encoding="utf-8")
    assert json.loads(values)["environment"]["inputs"]["zones"] == 2


def test_codebuild_comes_as_its_input_file(folder: Path) -> None:
    result = run("codebuild-network", "--spec", "network.yaml")

    assert result.exit_code == 0, result.stderr
    assert json.loads(result.stdout)["environment"]["inputs"]["cidr"] == "10.0.0.0/16"


def test_a_packed_bundle_renders_the_same(folder: Path) -> None:
    packed = folder / "network.tar.gz"
    packed.write_bytes(pack(DATA / "network"))

    result = run(packed, "--spec", "network.yaml")

    assert (result.exit_code, result.stdout) == (
        0,
        run("network", "--spec", "network.yaml").stdout,
    )


def test_files_go_to_a_directory_and_their_names_are_printed(folder: Path) -> None:
    shown = run("network", "--spec", "network.yaml").stdout

    result = run("network", "--spec", "network.yaml", "--output-directory", "out/here")

    assert (result.exit_code, result.stderr) == (0, "")
    written = Path("out/here/environment/cloudformation.yaml")
    assert result.stdout == f"{written}\n"
    assert written.read_text(encoding="utf-8") == shown


def test_the_installed_command_needs_no_mock(folder: Path) -> None:
    script = (
        "import sys; from moto_proton.cli import main; "
        "main(['render', sys.argv[1], '--spec', 'network.yaml'], standalone_mode=False); "
        "assert 'moto' not in sys.modules and 'boto3' not in sys.modules"
    )

    completed = subprocess.run(
        [sys.executable, "-c", script, str(DATA / "network")],
        capture_output=True,
        text=True,
        timeout=600,
    )

    assert completed.returncode == 0, completed.stderr
    assert completed.stdout.startswith("Description: The network my-network.\n")


# --- what is wrong --------------------------------------------------------------------------------


def test_a_name_that_is_not_there_is_shown_with_a_caret() -> None:
    result = run("shop", "--spec", "shop.yaml", "--instance", "web")

    assert (result.exit_code, result.stdout) == (2, "")
    lines = result.stderr.splitlines()
    assert lines[0].startswith("instance_infrastructure/cloudformation.yaml, line 15: ")
    assert "environment.outputs.Network" in lines[0]
    assert lines[1].strip().startswith('Value: "{{ service_instance.inputs.image }} at {{')
    assert lines[2].strip() == "^"
    assert lines[1][lines[2].index("^") :].startswith("Network }} port")


def test_json_of_files_and_notes(folder: Path) -> None:
    bundle = with_repository(folder)

    result = run(
        bundle, "--json", "--spec", "shop.yaml", "--pipeline", *each_instance_outputs(folder)
    )

    assert result.exit_code == 0
    document = json.loads(result.stdout)
    assert (document["schema_version"], document["status"]) == ("1.0", "done")
    assert list(document["files"]) == ["pipeline/cloudformation.yaml"]
    assert [f"note: {text}" for text in document["notes"]] == result.stderr.splitlines()


def test_json_of_errors() -> None:
    result = run("shop", "--spec", "shop.yaml", "--instance", "web", "--json")

    assert result.exit_code == 2
    document = json.loads(result.stdout)
    assert (document["status"], document["notes"]) == ("refused", [])
    (error,) = document["errors"]
    assert error["file"] == "instance_infrastructure/cloudformation.yaml"
    assert (error["line"], error["column"]) == (15, 75)
    assert error["message"].startswith("'environment.outputs.Network' is undefined")


def test_all_undefined_names_of_all_templates_are_told_in_one_run(folder: Path) -> None:
    """With what is near them; a name that goes through default is none."""
    (folder / "environment.yaml").write_text("Netwrk: n\n", encoding="utf-8")
    file = "instance_infrastructure/cloudformation.yaml"
    bundle = changed(
        folder,
        "shop",
        file,
        "Description: The",
        "Description: {{ servce.name + 1 }} {{ service.nme.x }}",
    )

    result = run(
        bundle,
        *("--spec", "shop.yaml", "--json"),
        *("--environment-outputs", "dev=environment.yaml"),
        *("--environment-outputs", "prod=environment.yaml"),
    )

    assert result.exit_code == 2
    errors = json.loads(result.stdout)["errors"]
    assert [
        (error["file"].partition("_")[0], error["line"], error["message"]) for error in errors
    ] == [
        ("instance", 1, "'servce' is undefined; did you mean 'service'?"),
        ("instance", 1, "'service.nme' is undefined; did you mean 'name'?"),
        ("instance", 15, "'environment.outputs.Network' is undefined; did you mean 'Netwrk'?"),
        ("pipeline", 11, "'service_instances[0].outputs.Url' is undefined; nothing is there"),
        ("pipeline", 11, "'service_instances[1].outputs.Url' is undefined; nothing is there"),
    ]
    assert result.stderr.count("^\n") == 5


def test_a_failed_rendering_writes_nothing(folder: Path) -> None:
    result = run("shop", "--spec", "shop.yaml", "-o", "out")

    assert result.exit_code == 2
    assert not (folder / "out").exists()


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        pytest.param("cidr: 10.0.0.0/16", "cidr: 10", ["network.yaml: cidr: "], id="input"),
        pytest.param(
            "cidr: 10.0.0.0/16",
            "zones: 9",
            ["network.yaml: cidr: ", "network.yaml: zones: "],
            id="all inputs at once",
        ),
        pytest.param("EnvironmentSpec", "ServiceSpec", ["network.yaml"], id="header"),
        pytest.param("spec:", "spec: [", ["network.yaml:"], id="yaml"),
    ],
)
def test_a_bad_spec_is_told_line_by_line(
    folder: Path, old: str, new: str, words: list[str]
) -> None:
    (folder / "network.yaml").write_text(NETWORK_SPEC.replace(old, new), encoding="utf-8")

    result = run("network", "--spec", "network.yaml")

    assert (result.exit_code, result.stdout) == (2, "")
    assert [word for word in words if word not in result.stderr] == [], result.stderr
    assert len(result.stderr.splitlines()) == len(words)


def test_a_bad_instance_is_named(folder: Path) -> None:
    (folder / "shop.yaml").write_text(SHOP_SPEC.replace("8080", "0"), encoding="utf-8")

    result = run("shop", "--spec", "shop.yaml", "--environment-outputs", "environment.yaml")

    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "shop.yaml: service instance api: port: must be at least 1, not 0\n"


def test_bad_inputs_of_the_pipeline_are_named(folder: Path) -> None:
    (folder / "shop.yaml").write_text(
        SHOP_SPEC.replace("dockerfile: Dockerfile", "dockerfile: ''"), encoding="utf-8"
    )

    result = run("shop", "--spec", "shop.yaml", "--pipeline")

    assert result.exit_code == 2
    assert result.stderr.startswith("shop.yaml: pipeline: dockerfile: ")


@pytest.mark.parametrize(
    ("bundle", "spec", "text"),
    [
        pytest.param("network", "network.yaml", NETWORK_SPEC, id="environment"),
        pytest.param("shop", "shop.yaml", SHOP_SPEC, id="service"),
    ],
)
def test_there_is_no_current_value_to_refer_to(
    folder: Path, bundle: str, spec: str, text: str
) -> None:
    for value in ("10.0.0.0/16", "Dockerfile"):
        text = text.replace(value, '"${Proton::CURRENT_VAL}"')
    (folder / spec).write_text(text, encoding="utf-8")

    result = run(bundle, "--spec", spec)

    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(f"{spec}:")
    assert "CURRENT_VAL" in result.stderr


def test_a_broken_bundle_is_told(folder: Path) -> None:
    broken = changed(folder, "network", "schema/schema.yaml", "type: integer", "type: whole")

    result = run(broken, "--spec", "network.yaml")

    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(f"{broken}: ")
    assert "schema/schema.yaml" in result.stderr
    *_, line, caret = result.stderr.splitlines()
    assert line.endswith("type: whole")
    assert line[caret.index("^")] == line.strip()[0]


def test_a_template_that_is_no_jinja_is_shown_with_a_caret(folder: Path) -> None:
    file = "infrastructure/cloudformation.yaml"
    broken = changed(folder, "network", file, "Resources:", "{% nonsense %}\nResources:")

    result = run(broken, "--spec", "network.yaml")

    assert result.stderr.endswith("    {% nonsense %}\n    ^\n")


def test_a_boolean_output_is_the_text_that_json_has_for_it(folder: Path) -> None:
    (folder / "component.yaml").write_text("StoreName: true\n", encoding="utf-8")

    result = run(
        *("shop", "--spec", "shop.yaml", "--instance", "web"),
        *("--environment-outputs", "environment.yaml", "--component-outputs", "component.yaml"),
    )

    assert 'Value: "true"' in result.stdout


def test_a_name_that_proton_would_not_take_is_refused() -> None:
    result = run("network", "--spec", "network.yaml", "--name", "../evil")

    assert (result.exit_code, result.stdout) == (4, "")
    assert "'../evil' is no name that Proton would take" in result.stderr


@pytest.mark.parametrize(
    ("bundle", "arguments", "status", "words"),
    [
        pytest.param(
            "nowhere", ["--spec", "network.yaml"], 3, "nowhere: No such file", id="bundle"
        ),
        pytest.param("network", ["--spec", "nil.yaml"], 3, "nil.yaml: No such file", id="spec"),
        pytest.param(
            "network", ["--spec", "network.yaml", "--pipeline"], 4, "service bundles", id="kind"
        ),
        pytest.param(
            "network",
            ["--spec", "network.yaml", "--instance", "web"],
            4,
            "service bundles",
            id="kind 2",
        ),
        pytest.param(
            "shop",
            ["--spec", "shop.yaml", "--instance", "nil"],
            4,
            "no service instance nil",
            id="nil",
        ),
        pytest.param(
            "shop",
            ["--spec", "shop.yaml", "--instance", "web", "--pipeline"],
            4,
            "only one of --instance and --pipeline",
            id="both",
        ),
        pytest.param(
            "shop",
            ["--spec", "shop.yaml", "--instance", "web", "--environment-outputs", "nil.yaml"],
            3,
            "nil.yaml: No such file",
            id="outputs",
        ),
        pytest.param(
            "shop",
            ["--spec", "shop.yaml", "--instance", "web", "--environment-outputs", "shop.yaml"],
            3,
            "shop.yaml: outputs are values by name",
            id="no outputs",
        ),
        pytest.param(
            "legacy",
            ["--spec", "legacy.yaml"],
            4,
            "customer managed",
            id="customer managed",
        ),
        pytest.param(
            "network",
            ["--spec", "network.yaml", "-o", "network.yaml"],
            4,
            "network.yaml",
            id="file",
        ),
    ],
)
def test_what_can_not_be_done_is_said_in_a_sentence(
    folder: Path, bundle: str, arguments: list[str], status: int, words: str
) -> None:
    (folder / "legacy.yaml").write_text(
        "proton: EnvironmentSpec\nspec: {Network: n}\n", encoding="utf-8"
    )

    result = run(bundle, *arguments)

    assert (result.exit_code, result.stdout) == (status, "")
    assert words in result.stderr
    assert "Traceback" not in result.stderr


def test_what_is_no_archive_is_said_so(folder: Path) -> None:
    result = run(folder / "network.yaml", "--spec", "network.yaml")

    assert result.exit_code == 2
    assert "network.yaml: The bundle is not a gzipped tar archive: " in result.stderr


def test_a_spec_is_needed() -> None:
    result = run("network")

    assert result.exit_code == 4
    assert "--spec" in result.stderr


def test_what_is_doubtful_in_a_bundle_is_a_note(folder: Path) -> None:
    file = (
        "infrastructure/manifest.yaml",
        "file: cloudformation.yaml",
        "file: ./cloudformation.yaml",
    )
    bundle = changed(folder, "network", *file)

    result = run(bundle, "--spec", "network.yaml")

    assert result.exit_code == 0
    assert result.stderr == (
        f"note: {bundle}: infrastructure/manifest.yaml, line 3: the file "
        '"./cloudformation.yaml" is taken for cloudformation.yaml, which is its name\n'
    )
    assert "note:" not in result.stdout
