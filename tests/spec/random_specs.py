"""Random specs and random edits of them, as strategies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from hypothesis import strategies as st

from moto_proton.spec import (
    MISSING,
    PLACEHOLDER,
    InstanceSpec,
    Missing,
    ServiceSpec,
    Value,
    dump_service_spec,
    parse_service_spec,
)

inputs = st.dictionaries(
    st.sampled_from(["port", "image", "a b"]),
    st.recursive(
        st.sampled_from([80, "80", True, None, 1.5, "x: y"]),
        lambda inner: (
            st.lists(inner, max_size=2).map(tuple)
            | st.dictionaries(st.sampled_from(["k", "l"]), inner, max_size=2)
        ),
        max_leaves=4,
    ),
    max_size=3,
)
instances = st.builds(
    InstanceSpec, st.sampled_from("abcde"), st.sampled_from(["env", "env2"]), inputs
)


def _entries(of: st.SearchStrategy[InstanceSpec]) -> st.SearchStrategy[list[InstanceSpec]]:
    return st.lists(of, min_size=1, max_size=5, unique_by=lambda instance: instance.name)


specs = st.builds(dump_service_spec, inputs, _entries(instances)).map(parse_service_spec)


@dataclass(frozen=True)
class Edit:
    """A spec, the text of an edited one, and what that comes to with current values in it.

    ``lost`` is how many placeholders there are without a current value; those stay.
    """

    old: ServiceSpec
    text: str
    pipeline: Mapping[str, Value]
    instances: tuple[InstanceSpec, ...]
    lost: int


@st.composite
def edits(draw: st.DrawFn, *, losing: bool) -> Edit:
    """Edits that keep, change, add and delete, with placeholders at random; ``losing`` ones too."""
    old = draw(specs)
    lost = 0
    often = st.sampled_from([False, False, True])
    seldom = st.sampled_from([False] * 15 + [True]) if losing else st.just(False)

    def hidden(value: Value, now: Value | Missing) -> tuple[Value, Value]:
        """A value as it is written, and what it comes to."""
        nonlocal lost
        if now is not MISSING and draw(often):
            return PLACEHOLDER, now
        if now is MISSING and draw(seldom):
            lost += 1
            return PLACEHOLDER, PLACEHOLDER
        if isinstance(value, Mapping):
            return hidden_members(value, now)
        if isinstance(value, tuple):
            there = now if isinstance(now, tuple) else ()
            padded = [*there, *[MISSING] * len(value)]
            items = [hidden(item, at) for item, at in zip(value, padded, strict=False)]
            return tuple(item for item, _ in items), tuple(item for _, item in items)
        return value, value

    def hidden_members(
        values: Mapping[str, Value], now: Value | Missing
    ) -> tuple[dict[str, Value], dict[str, Value]]:
        there = now if isinstance(now, Mapping) else {}
        both = {key: hidden(value, there.get(key, MISSING)) for key, value in values.items()}
        return (
            {key: written for key, (written, _) in both.items()},
            {key: meant for key, (_, meant) in both.items()},
        )

    kept_or_not = st.sampled_from(old.instances)
    entries: list[tuple[InstanceSpec, InstanceSpec]] = []
    for entry in draw(_entries(kept_or_not | kept_or_not | instances)):
        now = old.instance(entry.name)
        written, meant = hidden_members(entry.inputs, now.inputs if now is not None else {})
        entries.append(
            (
                InstanceSpec(entry.name, entry.environment, written),
                InstanceSpec(entry.name, entry.environment, meant),
            )
        )
    pipeline = draw(st.one_of(st.just(old.pipeline), st.just(old.pipeline), inputs))
    written_pipeline, meant_pipeline = hidden_members(pipeline, old.pipeline)
    return Edit(
        old,
        dump_service_spec(written_pipeline, [written for written, _ in entries]),
        meant_pipeline,
        tuple(meant for _, meant in entries),
        lost,
    )
