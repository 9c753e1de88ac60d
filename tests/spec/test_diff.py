"""What update_service would do. Rows: the reference's case table for UpdateService."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moto_proton.spec import (
    MISSING,
    PLACEHOLDER,
    InstanceSpec,
    RefusedEdit,
    ServiceSpec,
    ServiceSpecDiff,
    SpecError,
    Value,
    diff_service_specs,
    dump_service_spec,
    parse_service_spec,
    resolve_service_spec,
    same_value,
)
from tests.spec.random_specs import Edit, edits, specs

OLD = """\
proton: ServiceSpec
pipeline: {dockerfile: Dockerfile, build: {args: [x, y]}}
instances:
- {name: a, environment: env, spec: {port: 80, tags: {team: shop}}}
- {name: b, environment: env}
"""
A = InstanceSpec("a", "env", {"port": 80, "tags": {"team": "shop"}})
B = InstanceSpec("b", "env")
C = InstanceSpec("c", "env", {"port": 1})
ENTRY_A = "{name: a, environment: env, spec: {port: 80, tags: {team: shop}}}"
ENTRY_B = "{name: b, environment: env}"
ENTRY_C = "{name: c, environment: env, spec: {port: 1}}"
PIPELINE = "{dockerfile: Dockerfile, build: {args: [x, y]}}"


def edited(*entries: str, pipeline: str = PIPELINE) -> str:
    lines = "".join(f"- {entry}\n" for entry in entries)
    text = f"proton: ServiceSpec\npipeline: {pipeline}\ninstances:\n{lines}"
    return text.replace("KEEP", f"'{PLACEHOLDER}'")


@pytest.mark.rule("5.3-1", "5.3-3", "5.3-4", "5.1-2")
@pytest.mark.parametrize(
    ("new", "expected"),
    [
        pytest.param(OLD, ServiceSpecDiff(kept=(A, B)), id="row 48: identical"),
        pytest.param(
            "# other\ninstances:\n  - environment: 'env'\n    name: b\n    spec: {}\n"
            '  - name: "a"\n    environment: env\n    spec:\n      tags: {team: "shop"}\n'
            "      port: 0x50\npipeline:\n  build: {args: [x, 'y']}\n  dockerfile: Dockerfile\n"
            "proton: 'ServiceSpec'\n",
            ServiceSpecDiff(kept=(B, A)),
            id="row 49: order, comments, quoting",
        ),
        pytest.param(
            edited(ENTRY_A, ENTRY_C, ENTRY_B),
            ServiceSpecDiff(added=(C,), kept=(A, B)),
            id="row 50: add c",
        ),
        pytest.param(
            edited(ENTRY_A), ServiceSpecDiff(deleted=(B,), kept=(A,)), id="row 51: remove b"
        ),
        pytest.param(
            edited(ENTRY_B, ENTRY_C),
            ServiceSpecDiff(added=(C,), deleted=(A,), kept=(B,)),
            id="row 52: remove a, add c",
        ),
        pytest.param(
            edited(ENTRY_C),
            ServiceSpecDiff(added=(C,), deleted=(A, B)),
            id="row 53: remove a and b, add c",
        ),
        pytest.param(
            edited(
                "{name: a, environment: env, spec: {port: KEEP, tags: KEEP}}",
                ENTRY_B,
                pipeline="{dockerfile: KEEP, build: {args: [KEEP, KEEP]}}",
            ),
            ServiceSpecDiff(kept=(A, B)),
            id="row 58: everything kept by placeholder",
        ),
        pytest.param(
            edited(ENTRY_A, "{name: b2, environment: env}"),
            ServiceSpecDiff(added=(InstanceSpec("b2", "env"),), deleted=(B,), kept=(A,)),
            id="row 66: rename",
        ),
    ],
)
def test_instances_are_sorted_by_what_becomes_of_them(new: str, expected: ServiceSpecDiff) -> None:
    diff = diff_service_specs(OLD, new)

    assert diff == expected
    assert diff.allowed
    assert diff.changes is bool(expected.added or expected.deleted)


@pytest.mark.rule("5.1-3", "5.2-6", "5.2-7", "5.3-2", "5.3-10")
@pytest.mark.parametrize(
    ("new", "refused"),
    [
        pytest.param(
            edited(ENTRY_A.replace("80", "81"), ENTRY_B),
            [RefusedEdit("instances[a].spec.port", "changed", 80, 81)],
            id="row 54: input changed",
        ),
        pytest.param(
            edited(ENTRY_A.replace("80", "80, debug: true"), ENTRY_B),
            [RefusedEdit("instances[a].spec.debug", "added", MISSING, True)],
            id="row 55: input added",
        ),
        pytest.param(
            edited("{name: a, environment: env, spec: {tags: {team: shop}}}", ENTRY_B),
            [RefusedEdit("instances[a].spec.port", "removed", 80, MISSING)],
            id="row 55: input left out",
        ),
        pytest.param(
            edited(ENTRY_A.replace("80", '"80"'), ENTRY_B),
            [RefusedEdit("instances[a].spec.port", "changed", 80, "80")],
            id="row 56: other type",
        ),
        pytest.param(
            edited(ENTRY_A.replace("shop", "till"), ENTRY_B),
            [RefusedEdit("instances[a].spec.tags.team", "changed", "shop", "till")],
            id="nested input changed",
        ),
        pytest.param(
            edited(ENTRY_A.replace("env,", "env2,"), ENTRY_B),
            [RefusedEdit("instances[a].environment", "changed", "env", "env2")],
            id="row 57: other environment",
        ),
        pytest.param(
            edited(ENTRY_A.replace("80", "80, other: KEEP"), ENTRY_B),
            [RefusedEdit("instances[a].spec.other", "no current value", MISSING, PLACEHOLDER)],
            id="row 59: placeholder without a value",
        ),
        pytest.param(
            edited(ENTRY_A, ENTRY_B, pipeline="{dockerfile: other, build: {args: [x, z]}}"),
            [
                RefusedEdit("pipeline.dockerfile", "changed", "Dockerfile", "other"),
                RefusedEdit("pipeline.build.args[1]", "changed", "y", "z"),
            ],
            id="row 62: pipeline inputs changed",
        ),
        pytest.param(
            edited(ENTRY_A, ENTRY_B, pipeline="{dockerfile: Dockerfile, build: {args: [x]}}"),
            [RefusedEdit("pipeline.build.args[1]", "removed", "y", MISSING)],
            id="list cut short",
        ),
        pytest.param(
            edited(ENTRY_A, ENTRY_B, pipeline="{dockerfile: Dockerfile, build: [x, y]}"),
            [
                RefusedEdit(
                    "pipeline.build",
                    "changed",
                    {"args": ("x", "y")},
                    ("x", "y"),
                )
            ],
            id="list for a mapping",
        ),
        pytest.param(
            f"proton: ServiceSpec\ninstances: [{ENTRY_A}, {ENTRY_B}]",
            [
                RefusedEdit("pipeline.dockerfile", "removed", "Dockerfile", MISSING),
                RefusedEdit("pipeline.build", "removed", {"args": ("x", "y")}, MISSING),
            ],
            id="row 63: pipeline left out",
        ),
        pytest.param(
            edited(
                ENTRY_A, ENTRY_B, pipeline="{dockerfile: KEEP, other: KEEP, build: {args: [x, y]}}"
            ),
            [RefusedEdit("pipeline.other", "no current value", MISSING, PLACEHOLDER)],
            id="pipeline placeholder without a value",
        ),
    ],
)
def test_edits_of_what_stays_are_refused_at_their_path(
    new: str, refused: list[RefusedEdit]
) -> None:
    diff = diff_service_specs(OLD, new)

    assert diff.refused == tuple(refused)
    assert not diff.allowed
    assert not diff.changes
    stays = "a" if refused[0].path.startswith("instances[a]") else None
    assert [instance.name for instance in diff.edited] == ([stays] if stays else [])


def test_row_60_a_placeholder_in_a_new_instance_is_refused() -> None:
    diff = diff_service_specs(OLD, edited(ENTRY_A, ENTRY_B, ENTRY_C.replace("1}", "KEEP}")))

    assert diff.refused == (
        RefusedEdit("instances[c].spec.port", "no current value", MISSING, PLACEHOLDER),
    )
    assert [instance.name for instance in diff.added] == ["c"]
    assert diff.kept == (A, B)


def test_row_65_an_empty_pipeline_is_none() -> None:
    old = f"proton: ServiceSpec\ninstances: [{ENTRY_A}]"

    assert diff_service_specs(old, edited(ENTRY_A, pipeline="{}")).allowed


def test_a_bad_spec_is_an_error() -> None:
    with pytest.raises(SpecError):
        diff_service_specs(OLD, "proton: ServiceSpec\ninstances: {}")


NONE = "proton: ServiceSpec\ninstances: []"


def test_row_39_at_least_one_instance_must_remain() -> None:
    with pytest.raises(SpecError) as caught:
        diff_service_specs(OLD, NONE)

    assert caught.value.explanation == "instances: at least one instance must remain"
    assert (caught.value.line, caught.value.column) == (2, 12)


def test_where_there_is_no_instance_none_has_to_remain() -> None:
    assert diff_service_specs(NONE, NONE).allowed
    assert [added.name for added in diff_service_specs(NONE, f"{NONE[:-2]}[{ENTRY_A}]").added] == [
        "a"
    ]


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (RefusedEdit("pipeline.x", "changed", 80, "80"), 'pipeline.x: changed from 80 to "80"'),
        (RefusedEdit("pipeline.x", "added", new=(1, None)), "pipeline.x: added with [1, null]"),
        (RefusedEdit("pipeline.x", "removed", old=True), "pipeline.x: removed, was true"),
        (
            RefusedEdit("pipeline.x", "no current value", new=PLACEHOLDER),
            "pipeline.x: ${Proton::CURRENT_VAL} has no current value to keep",
        ),
        (
            RefusedEdit("x", "removed", old="y" * 80),
            f'x: removed, was "{"y" * 56}...',
        ),
    ],
)
def test_a_refused_edit_says_what_was_tried(edit: RefusedEdit, message: str) -> None:
    assert edit.message == message


@pytest.mark.rule("4.3-6")
@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (80, "80", False),
        (1, True, False),
        (1, 1.0, False),
        (0, False, False),
        (None, "", False),
        (None, None, True),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, True),
        ({"a": 1}, {"a": 1, "b": 2}, False),
        ({"a": 1}, {"b": 1}, False),
        ((1, 2), (2, 1), False),
        ((1, 2), (1, 2), True),
        ((1,), (1, 2), False),
        ((), {}, False),
        (float("nan"), float("nan"), True),
        (float("nan"), 1.0, False),
        ({"a": (True,)}, {"a": (1,)}, False),
    ],
)
def test_values_are_the_same_as_parsed_data_with_their_types(
    one: Value, other: Value, same: bool
) -> None:
    assert same_value(one, other) is same
    assert same_value(other, one) is same


# Properties


@given(specs)
def test_a_spec_against_itself_only_keeps(spec: ServiceSpec) -> None:
    again = parse_service_spec(spec.text + "# again\n")

    for diff in (diff_service_specs(spec, spec), diff_service_specs(spec, again)):
        assert diff == ServiceSpecDiff(kept=spec.instances)


@pytest.mark.rule("5.3-7")
@given(specs, st.integers())
def test_order_quoting_and_comments_never_matter(spec: ServiceSpec, seed: int) -> None:
    def flow(value: Value) -> str:
        if isinstance(value, tuple):
            return f"[ {', '.join(map(flow, value))} ] # list\n"
        if isinstance(value, str):
            return f"'{value}'" if shuffle.random() < 0.5 else f'"{value}"'
        if value is None or isinstance(value, (bool, int, float)):
            return {None: "~", True: "Yes", 80: "0120"}.get(value, str(value))  # type: ignore[arg-type]
        members = list(value.items())
        shuffle.shuffle(members)
        return "{ " + ", ".join(f'"{key}" : {flow(item)}' for key, item in members) + " }\n"

    shuffle = random.Random(seed)
    instances = list(spec.instances)
    shuffle.shuffle(instances)
    text = "# a comment\n" + flow(
        {
            "instances": tuple(
                {"spec": entry.inputs, "name": entry.name, "environment": entry.environment}
                for entry in instances
            ),
            "pipeline": spec.pipeline,
            "proton": "ServiceSpec",
        }
    )

    diff = diff_service_specs(spec, text)

    assert diff == ServiceSpecDiff(kept=tuple(instances))


@given(specs, specs)
def test_every_instance_lands_in_exactly_one_field(old: ServiceSpec, new: ServiceSpec) -> None:
    diff = diff_service_specs(old, new)

    before = {instance.name for instance in old.instances}
    after = {instance.name for instance in new.instances}
    landed = [*diff.added, *diff.deleted, *diff.kept, *diff.edited]
    assert sorted(instance.name for instance in landed) == sorted(before | after)
    assert {instance.name for instance in diff.added} == after - before
    assert {instance.name for instance in diff.deleted} == before - after
    named = {edit.path.split("]")[0] for edit in diff.refused if edit.path.startswith("instances")}
    assert named == {f"instances[{instance.name}" for instance in diff.edited}


@given(edits(losing=True))
def test_what_is_added_kept_and_edited_are_the_entries_of_the_new_spec(edit: Edit) -> None:
    diff = diff_service_specs(edit.old, edit.text)

    there = {entry.name: entry for entry in (*diff.added, *diff.kept, *diff.edited)}
    assert [there[entry.name] for entry in edit.instances] == [*edit.instances]
    for part in (diff.added, diff.kept, diff.edited):
        assert part == tuple(entry for entry in edit.instances if entry in part)


@given(edits(losing=True))
def test_what_is_deleted_are_the_old_entries_themselves(edit: Edit) -> None:
    diff = diff_service_specs(edit.old, edit.text)

    there = {entry.name for entry in edit.instances}
    gone = [id(entry) for entry in edit.old.instances if entry.name not in there]
    assert [id(entry) for entry in diff.deleted] == gone


@given(edits(losing=True))
def test_an_allowed_diff_applied_to_the_old_spec_gives_the_new_one_and_no_other_does(
    edit: Edit,
) -> None:
    diff = diff_service_specs(edit.old, edit.text)
    stays = {entry for entry in edit.old.instances if entry not in diff.deleted}

    arrived = stays | {*diff.added} == {*edit.instances}

    same_pipeline = same_value(edit.old.pipeline, edit.pipeline)
    assert diff.allowed == (arrived and same_pipeline and not edit.lost)
    if diff.allowed:
        assert len(stays) + len(diff.added) == len(edit.instances)


@given(specs, specs)
def test_refused_edits_turn_around_with_the_specs(old: ServiceSpec, new: ServiceSpec) -> None:
    forth = {
        (edit.path, repr(edit.old), repr(edit.new)) for edit in diff_service_specs(old, new).refused
    }
    back = {
        (edit.path, repr(edit.new), repr(edit.old)) for edit in diff_service_specs(new, old).refused
    }

    assert forth == back


@pytest.mark.rule("4.4-2")
@given(specs)
def test_placeholders_for_all_inputs_keep_everything(spec: ServiceSpec) -> None:
    def keep(values: object) -> dict[str, Value]:
        assert hasattr(values, "keys")
        return dict.fromkeys(values.keys(), PLACEHOLDER)

    text = dump_service_spec(
        keep(spec.pipeline),
        [
            InstanceSpec(instance.name, instance.environment, keep(instance.inputs))
            for instance in spec.instances
        ],
    )

    resolved = resolve_service_spec(parse_service_spec(text), spec)

    assert diff_service_specs(spec, text) == ServiceSpecDiff(kept=spec.instances)
    assert resolved.text == spec.text
    assert resolve_service_spec(resolved, spec) is resolved
