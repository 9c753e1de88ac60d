"""Bundles that Proton would not register: each with one fault, and its error message."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from moto_proton.bundle import (
    BundleError,
    EnvironmentBundle,
    ServiceBundle,
    pack_files,
    read_environment_bundle,
    read_service_bundle,
)

BundleFiles = Callable[..., dict[str, bytes]]

SCHEMA = "schema/schema.yaml"
MANIFEST = "infrastructure/manifest.yaml"
TEMPLATE = "infrastructure/cloudformation.yaml"

ENTRY = "infrastructure:\n  templates:\n    - "
CODEBUILD = f"{ENTRY}rendering_engine: codebuild\n      settings:\n        "
JINJA = "rendering_engine: jinja, template_language: cloudformation"


def _header(rest: str, *, openapi: str = '"3.0.0"') -> str:
    return f"schema:\n  format: {{openapi: {openapi}}}\n{rest}"


def _types(rest: str) -> str:
    return _header(f"  environment_input_type: T\n  types:\n{rest}")


def _property(schema: str, *, required: str = "[]") -> str:
    """A whole schema file with one property, p, in line 8."""
    return _types(
        f"    T:\n      type: object\n      required: {required}\n"
        f"      properties:\n        p: {schema}\n"
    )


ENVIRONMENT = "Environment template schema is not valid: "
SERVICE = "Service template schema is not valid: "

Broken = tuple[str, dict[str, "str | bytes | None"], str]

LAYOUT: dict[str, Broken] = {
    "no schema": ("environment", {SCHEMA: None}, f"{SCHEMA}: the file is missing"),
    "no manifest": ("environment", {MANIFEST: None}, f"{MANIFEST}: the file is missing"),
    "no template": (
        "environment",
        {TEMPLATE: None},
        f"{MANIFEST}: the file cloudformation.yaml that it names is missing",
    ),
    "no Terraform files": (
        "terraform",
        {"infrastructure/main.tf": None, "infrastructure/outputs.tf": None},
        "infrastructure/: there is no file that ends in .tf",
    ),
    "infrastructure that the customer manages": (
        "customer managed",
        {MANIFEST: "a"},
        "infrastructure/: a customer managed environment template has no infrastructure",
    ),
    "no instance": (
        "service",
        {"instance_infrastructure/manifest.yaml": None},
        "instance_infrastructure/manifest.yaml: the file is missing",
    ),
    "no pipeline": (
        "service",
        {"pipeline_infrastructure/manifest.yaml": None},
        "pipeline_infrastructure/manifest.yaml: the file is missing",
    ),
    "a pipeline that is not wanted": (
        "without pipeline",
        {"pipeline_infrastructure/manifest.yaml": "a"},
        "pipeline_infrastructure/: a service template whose pipeline the customer manages",
    ),
    "the preview's name for instances": (
        "service",
        {MANIFEST: "a"},
        "infrastructure/: the directory's name is from Proton's preview; it is instance_infra",
    ),
    "the preview's name for pipelines": (
        "service",
        {"pipeline/manifest.yaml": "a"},
        "pipeline/: the directory's name is from Proton's preview; it is pipeline_infra",
    ),
    "a schema that is no text": (
        "environment",
        {SCHEMA: b"schema:\n  \xff"},
        f"{SCHEMA}, line 2: the file is not UTF-8 text",
    ),
    "a manifest that is no text": (
        "environment",
        {MANIFEST: b"\xfe\xff"},
        f"{MANIFEST}, line 1: the file is not UTF-8 text",
    ),
    "a large schema": ("environment", {SCHEMA: "#" * 51201}, f"{SCHEMA}: the file has 51,201"),
    "a large manifest": (
        "environment",
        {MANIFEST: "#" * 51201},
        f"{MANIFEST}: the file has 51,201 bytes, more than the 51,200 (50 KB) allowed",
    ),
    "a large template": (
        "environment",
        {TEMPLATE: "#" * 204801},
        f"{TEMPLATE}: the file has 204,801 bytes, more than the 204,800 (200 KB) allowed",
    ),
    "too many templates": (
        "terraform",
        {f"infrastructure/f{index}.tf": "" for index in range(9)},
        "infrastructure/: the bundle has 11 template files, more than the 10 allowed",
    ),
}

MANIFESTS: dict[str, Broken] = {
    name: ("environment", {MANIFEST: text}, f"{MANIFEST}{message}")
    for name, (text, message) in {
        "empty": ("", ", line 1: the document is empty"),
        "no YAML": ("a: b: c", ", line 1: this is not YAML: "),
        "two documents": ("a: 1\n---\nb: 2", ", line 2: there is more than one document"),
        "a Python object": ("a: !!python/name:os.system", ", line 1: a: the tag "),
        "an alias bomb": (
            "a: &a [1,2,3,4,5,6,7,8]\n"
            + "".join(
                f"{b}: &{b} [{', '.join([f'*{a}'] * 8)}]\n"
                for a, b in zip("abcdefg", "bcdefgh", strict=True)
            ),
            ", line 5: the aliases stand for too much",
        ),
        "too deep": ("[" * 200, ", line 1: nested deeper than 100 levels"),
        "a list": ("- a", ', line 1: the manifest must be a mapping, not ["a"]'),
        "no infrastructure": ("{}", ", line 1: the key infrastructure is missing"),
        "an unknown key": (
            "infrastructure: {}\nversion: 1",
            ', line 2: "version" is unknown in a manifest; known are infrastructure',
        ),
        "no templates": ("infrastructure: {}", ", line 1: the key templates is missing"),
        "templates that are none": (
            "infrastructure: {templates: a.yaml}",
            ', line 1: templates must be a list with exactly one entry, not "a.yaml"',
        ),
        "no entry": ("infrastructure: {templates: []}", ", line 1: templates must be a list with"),
        "two entries": (
            f"{ENTRY}{{file: a, {JINJA}}}\n    - {{file: b, {JINJA}}}",
            ", line 2: templates must be a list with exactly one entry",
        ),
        "an entry that is no mapping": (f"{ENTRY}a", ", line 3: the entry of templates must be"),
        "the preview's engine": (
            f"{ENTRY}{{file: cloudformation.yaml, engine: jinja}}",
            ", line 3: the key engine is from Proton's preview; it is rendering_engine now",
        ),
        "no engine": (f"{ENTRY}{{file: a}}", ", line 3: the key rendering_engine is missing"),
        "an unknown engine": (
            f"{ENTRY}{{file: a, rendering_engine: mustache}}",
            ', line 3: the rendering_engine "mustache" is unknown; the choices are jinja with',
        ),
        "a language that does not go with it": (
            f"{ENTRY}file: a\n      rendering_engine: jinja\n      template_language: terraform",
            ', line 5: the template_language "terraform" does not go with the rendering_engine jin',
        ),
        "no language": (
            f"{ENTRY}{{file: a, rendering_engine: hcl}}",
            ", line 3: the key template_language is missing",
        ),
        "no file": (f"{ENTRY}{{{JINJA}}}", ", line 3: the key file is missing"),
        "an unknown key of the entry": (
            f"{ENTRY}{{file: a, {JINJA}, settings: {{}}}}",
            ', line 3: "settings" is unknown in a template of jinja',
        ),
        "a file that is none": (
            f"{ENTRY}{{file: 3, {JINJA}}}",
            ", line 3: file must be a non-empty string, not 3",
        ),
        "a file elsewhere": (
            f"{ENTRY}{{file: ../schema/schema.yaml, {JINJA}}}",
            ', line 3: the file "../schema/schema.yaml" is not the name of a file in the',
        ),
        "a directory": (f"{ENTRY}{{file: .., {JINJA}}}", ', line 3: the file ".." is not the name'),
        "a backslash": (
            f"{ENTRY}{{file: 'a\\b', {JINJA}}}",
            ", line 3: the file ",
        ),
        "a star for CloudFormation": (
            f"{ENTRY}{{file: '*', {JINJA}}}",
            ", line 3: CloudFormation takes one file by name, not *",
        ),
        "a file for CodeBuild": (
            f"{ENTRY}{{file: a, rendering_engine: codebuild}}",
            ', line 3: "file" is unknown in a template of CodeBuild',
        ),
        "no settings": (
            f"{ENTRY}{{rendering_engine: codebuild}}",
            ", line 3: the key settings is missing",
        ),
        "no commands": (f"{CODEBUILD}image: a", ", line 5: the key provision is missing"),
        "commands that are no list": (
            f"{CODEBUILD}provision: npm install",
            ', line 5: provision must be a list of commands, not "npm install"',
        ),
        "a command that is none": (
            f"{CODEBUILD}provision: [a]\n        deprovision: [b, {{c: d}}]",
            ", line 6: deprovision[1] must be a command as a string",
        ),
        "an unknown input type": (
            f"{CODEBUILD}provision: []\n        input_type: XML",
            ', line 6: the input_type must be JSON or HCL, not "XML"',
        ),
        "variables that are none": (
            f"{CODEBUILD}provision: []\n        env: {{variables: [a]}}",
            ', line 6: env.variables must be a mapping, not ["a"]',
        ),
    }.items()
}

TEMPLATES: dict[str, Broken] = {
    **{
        name: ("environment", {TEMPLATE: text}, f"{TEMPLATE}{message}")
        for name, (text, message) in {
            "an empty file": ("", ": the template is empty"),
            "an open tag of Jinja": ("a\n{% if x %}\n", ", line 2: this is not a Jinja template"),
            "an unknown tag of Jinja": (
                "a\n{% unless x %}",
                ", line 2: this is not a Jinja template: Encountered unknown tag 'unless'",
            ),
            "an expression without end": ("{{ a", ", line 1: this is not a Jinja template: "),
            "an expression too deep": (
                "{{ " + "(" * 50_000,
                ", line 1: this is not a Jinja template: brackets are nested deeper than 40 levels",
            ),
            "bad YAML": ("Resources:\n  a: b: c", ", line 2: this is not YAML: "),
            "a control character": ("a: \x07", ": this is not YAML: a character is not allowed"),
            "a list": ("- Resources", ", line 1: a template must be a mapping"),
            "two YAML documents": (
                "Resources: {a: b}\n---\nc: d",
                ": there is more than one YAML document",
            ),
            "a tag of Python": (
                "Resources:\n  A: !!python/name:os.system",
                ", line 2: the tag 'tag:yaml.org,2002:python/name:os.system' is not CloudFormat",
            ),
            "an alias of nothing": ("Resources:\n  A: *b", ", line 2: the alias 'b' has no anchor"),
            "no resources": ("Outputs: {a: b}", ": the template has no Resources"),
            "resources that are none": (
                "Outputs: {}\nResources: [a]",
                ", line 2: Resources must be a mapping",
            ),
            "too deep a template": (
                "Resources: " + "{a: " * 200 + "b" + "}" * 200,
                ", line 1: this is nested deeper than 100 levels",
            ),
            "bad JSON": ('{"Resources":\n\t{"a": }\n', ", line 2: this is not JSON: "),
            "JSON without resources": ('{"Outputs": {}}', ": the template has no Resources"),
            "JSON with odd resources": ('{"Resources": []}', ": Resources must be a mapping"),
        }.items()
    },
    "bad Terraform": (
        "terraform",
        {"infrastructure/outputs.tf": 'output "a" {\n  value = = 3\n}\n'},
        "infrastructure/outputs.tf, line 2: this is not HCL: a syntax error",
    ),
    "Terraform that ends too early": (
        "terraform",
        {"infrastructure/main.tf": 'resource "a" "b" {\n  c = 1\n\n\n'},
        "infrastructure/main.tf, line 2: this is not HCL: a syntax error",
    ),
}

SCHEMAS: dict[str, Broken] = {
    **{
        name: ("environment", {SCHEMA: text}, f"{ENVIRONMENT}{message}")
        for name, (text, message) in {
            "no schema key": ("{}", "Missing property [schema]"),
            "no format": ("schema: {environment_input_type: T}", "Missing property [format]"),
            "no version": (
                "schema: {format: {}, types: {}}",
                "Missing property [openapi]",
            ),
            "no types": (_header("  environment_input_type: T"), "Missing property [types]"),
            "no input type": (_header("  types: {}"), "Missing property [environmentInputType]"),
            "another version": (
                _header("  types: {}", openapi='"3.1.0"'),
                f'{SCHEMA}, line 2: openapi must be "3.0.0", not "3.1.0"',
            ),
            "an input type of services": (
                _header("  service_input_type: T\n  types: {}"),
                f"{SCHEMA}, line 3: service_input_type has no place here: this is the schema of an",
            ),
            "an unknown key": (
                _header("  input_type: T"),
                f'{SCHEMA}, line 3: "input_type" is unknown in schema; known are format, env',
            ),
            "a type that is not there": (
                _header("  environment_input_type: T\n  types: {U: {}}"),
                f'{SCHEMA}, line 3: environment_input_type names "T", which is not among the ty',
            ),
            "bad YAML": ("schema: b: c", f"{SCHEMA}, line 1: this is not YAML: "),
            "a type that is no object": (
                _types("    T: {type: string}"),
                f"{SCHEMA}, line 5: the type T of environment_input_type must be an object",
            ),
            "a type without properties": (
                _types("    T: {type: object, properties: {}}"),
                f"{SCHEMA}, line 5: the type T of environment_input_type must have at least one",
            ),
            "a type that is a string": (
                _types("    T: object"),
                f'{SCHEMA}, line 5: the schema of "T" must be a mapping, not "object"',
            ),
            "a property that is no schema": (
                _property("string"),
                f'{SCHEMA}, line 9: the schema of "p" must be a mapping, not "string"',
            ),
            "an unknown type": (
                _property("{type: text}"),
                f'{SCHEMA}, line 9: the type of "p" must be one of string, number, integer, bool',
            ),
            "two types": (_property("{type: [string]}"), f'{SCHEMA}, line 9: the type of "p" must'),
            "a bad pattern": (
                _property("{type: string, pattern: 'a('}"),
                f'{SCHEMA}, line 9: the pattern of "p" is no regular expression: missing )',
            ),
            "a pattern that swells": (
                _property("{pattern: '((a{1000}){1000}){1000}'}"),
                f'{SCHEMA}, line 9: the pattern of "p" is no regular expression: it repeats too',
            ),
            "a length that is none": (
                _property("{minLength: -1}"),
                f'{SCHEMA}, line 9: the minLength of "p" must be a count, not -1',
            ),
            "a bound without end": (
                _property("{maximum: .inf}"),
                f'{SCHEMA}, line 9: the maximum of "p" must be a number, not Infinity',
            ),
            "an exclusive bound of 3.1": (
                _property("{exclusiveMinimum: 5}"),
                f'{SCHEMA}, line 9: the exclusiveMinimum of "p" must be true or false, not 5',
            ),
            "an enum without values": (
                _property("{enum: []}"),
                f'{SCHEMA}, line 9: the enum of "p" must be a list of values, not []',
            ),
            "required that is no list": (
                _property("{type: string}", required="p"),
                f'{SCHEMA}, line 7: required must be a list of properties, not "p"',
            ),
            "a remote reference": (
                _property("{$ref: 'https://example.com/schema.json'}"),
                f'{SCHEMA}, line 9: the reference "https://example.com/schema.json" names no type',
            ),
            "a type within itself": (
                _property("{$ref: '#/schema/types/T'}"),
                f"{SCHEMA}, line 9: the type T refers to itself",
            ),
            "too deep a schema": (
                _property("{items: " * 30 + "{}" + "}" * 30),
                f'{SCHEMA}, line 9: the schema of "items" is nested too deeply',
            ),
            "alternatives that are none": (
                _property("{oneOf: {type: string}}"),
                f"{SCHEMA}, line 9: oneOf must be a list of schemas, not ",
            ),
        }.items()
    },
    "no input type of services": (
        "service",
        {SCHEMA: _header("  types: {}")},
        f"{SERVICE}Missing property [serviceInputType]",
    ),
    "no input type of pipelines": (
        "service",
        {SCHEMA: _header("  service_input_type: T\n  types: {T: {}}")},
        f"{SERVICE}Missing property [pipelineInputType]",
    ),
    "an input type of a pipeline that is not there": (
        "without pipeline",
        {SCHEMA: _header("  service_input_type: T\n  pipeline_input_type: T")},
        f"{SERVICE}{SCHEMA}, line 4: pipeline_input_type has no place here: the pipeline of this",
    ),
    "a number of the customer's": (
        "customer managed",
        {SCHEMA: _property("{type: number}")},
        f'{ENVIRONMENT}{SCHEMA}: the property "p" must be of type string, as all',
    ),
    "a default of the customer's": (
        "customer managed",
        {SCHEMA: _property("{type: string, default: a}")},
        f'{ENVIRONMENT}{SCHEMA}: the property "p" has a default, which a customer managed',
    ),
}

BROKEN = {
    f"{part}: {name}": broken
    for part, table in {
        "layout": LAYOUT,
        "manifest": MANIFESTS,
        "template": TEMPLATES,
        "schema": SCHEMAS,
    }.items()
    for name, broken in table.items()
}


def _read(name: str, data: bytes) -> EnvironmentBundle | ServiceBundle:
    if name in ("service", "without pipeline"):
        return read_service_bundle(data, has_pipeline=name == "service")
    return read_environment_bundle(data, customer_managed=name == "customer managed")


@pytest.mark.rule("7.2-3", "8.1-8", "8.1-9", "8.2-1", "8.2-2", "8.2-3", "8.3-1", "8.4-2", "8.4-3")
@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_bundle_is_refused_with_file_and_reason(
    case: str, bundle_files: BundleFiles
) -> None:
    name, changes, message = BROKEN[case]
    data = pack_files(bundle_files(name, changes))

    with pytest.raises(BundleError) as refused:
        _read(name, data)

    assert str(refused.value)[: len(message)] == message


def test_a_type_may_refer_to_another(bundle_files: BundleFiles) -> None:
    other = "    Port: {type: integer, default: 80}\n"
    schema = _property("{$ref: '#/schema/types/Port'}") + other
    data = pack_files(bundle_files("environment", {SCHEMA: schema}))

    bundle = read_environment_bundle(data, customer_managed=False)

    assert bundle.schema.environment_inputs is not None
    assert bundle.schema.environment_inputs.check({}) == {"p": 80}
