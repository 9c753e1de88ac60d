"""Outputs of other resources, from files: plain ones, and what AWS's own commands print."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NoReturn

from moto_proton.cli.ending import Status, fail
from moto_proton.cli.files import in_file, read_text

# How an output is written where outputs are a list: by Proton's list operations, by CloudFormation.
_NAME_AND_VALUE = (("key", "valueString"), ("OutputKey", "OutputValue"))


def read_outputs(source: str) -> Mapping[str, str]:
    """Outputs by name from YAML or JSON; ends the command if there are none.

    The file is a mapping of values by name, or what ``aws proton list-environment-outputs``,
    ``list-service-instance-outputs``, ``list-component-outputs`` or ``aws cloudformation
    describe-stacks`` print, or only the list of outputs in that.
    """
    name = "<stdin>" if source == "-" else source
    document = _document(name, read_text(source, name))
    if isinstance(document, dict):
        if document.get("nextToken") or document.get("NextToken"):
            _no_outputs(name, "this is not the last page: there is a nextToken in it")
        if isinstance(document.get("outputs"), list):
            document = document["outputs"]
        elif isinstance(document.get("Stacks"), list):
            document = _of_one_stack(name, document["Stacks"])
    if isinstance(document, list):
        document = _by_name(name, document)
    if not isinstance(document, dict):
        _no_outputs(
            name,
            "outputs are values by name, as YAML or JSON, or what list-environment-outputs, "
            "list-service-instance-outputs or describe-stacks print",
        )
    for output, value in document.items():
        if not isinstance(output, str) or not isinstance(value, str):
            _no_outputs(name, f"outputs are values by name, text or numbers, and {output} is not")
        if not value:
            _no_outputs(name, f"the output {output} is empty")
    return document


def _document(name: str, text: str) -> Any:
    """The document, with scalars as they are written and None for null."""
    import yaml

    from moto_proton.yamltext.events import check_depth

    class AsWritten(yaml.BaseLoader):
        """An account id that begins with 0 is no number, and 1.10 is not 1.1."""

    null = "tag:yaml.org,2002:null"
    AsWritten.add_implicit_resolver(null, re.compile("~|null|Null|NULL"), ["~", "n", "N"])
    AsWritten.add_constructor(null, lambda loader, node: None)
    try:
        check_depth(text)
        return yaml.load(text, AsWritten)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        _no_outputs(name, f"not YAML: {error}")


def _of_one_stack(name: str, stacks: list[Any]) -> Any:
    if len(stacks) != 1 or not isinstance(stacks[0], dict):
        _no_outputs(name, f"outputs of {len(stacks)} stacks; describe one, with --stack-name")
    return stacks[0].get("Outputs", [])


def _by_name(name: str, outputs: list[Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for output in outputs:
        for key, value in _NAME_AND_VALUE:
            if isinstance(output, dict) and isinstance(output.get(key), str) and value in output:
                if output[key] in found:
                    _no_outputs(name, f"the output {output[key]} stands there twice")
                found[output[key]] = output[value]
                break
        else:
            _no_outputs(
                name, "outputs in a list have key and valueString, or OutputKey and OutputValue"
            )
    return found


def _no_outputs(name: str, message: str) -> NoReturn:
    fail(Status.UNREADABLE, in_file(name, message))
