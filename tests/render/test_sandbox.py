"""What hostile templates try: to get out of the sandbox, or to use up the machine."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from threading import Thread

import pytest

from moto_proton.render import RenderError, limits

Refusal = Callable[..., RenderError]
Render = Callable[..., str]

ESCAPES = [
    "{{ ''.__class__ }}",
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ ''['__class__'] }}",
    "{{ ''|attr('__class__') }}",
    "{{ ''|attr('\\x5f\\x5fclass\\x5f\\x5f') }}",
    "{{ ['']|map(attribute='__class__')|list|first }}",
    "{{ [''] | selectattr('__class__') | list | first }}",
    "{{ ['']|groupby('__class__') }}",
    "{{ '{0.__class__}'.format('') }}",
    "{{ '{0.__class__.__mro__}'.format('') }}",
    "{{ '{x.__init__.__globals__}'.format(x=cycler) }}",
    "{{ '{0[__class__]}'.format('') }}",
    "{{ '{a.__class__}'.format_map({'a': ''}) }}",
    "{{ ('{0.__class__}'|string).format('') }}",
    "{{ ''.format.__self__ }}",
    "{{ ''.format.func }}",
    "{{ ''.join.args }}",
    "{{ self.__init__.__globals__ }}",
    "{{ self._TemplateReference__context }}",
    "{{ self['_TemplateReference__context'] }}",
    "{{ config.__class__ }}",
    "{{ request.application.__globals__ }}",
    "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
    "{{ joiner.__init__.__globals__ }}",
    "{{ namespace.__init__.__globals__ }}",
    "{{ namespace(x=1).__class__ }}",
    "{{ namespace(x=1)._Namespace__attrs }}",
    "{{ lipsum.__globals__['os'].popen('id').read() }}",
    "{{ lipsum.__globals__ }}",
    "{{ range.__class__ }}",
    "{{ range(3).__reduce__() }}",
    "{{ dict.mro() }}",
    "{{ dict.fromkeys('ab') }}",
    "{{ dict.__base__ }}",
    "{{ (1).__class__ }}",
    "{{ (1).real }}",
    "{{ [].__class__.__base__ }}",
    "{{ ().__class__.__bases__[0] }}",
    "{{ {}.__class__ }}",
    "{{ {}['__class__'] }}",
    "{{ none.__class__ }}",
    "{{ true.__class__ }}",
    "{{ undefined_name.__class__ }}",
    "{{ undefined_name._undefined_obj }}",
    "{{ undefined_name._fail_with_undefined_error.__globals__ }}",
    "{{ environment.inputs._undefined_exception }}",
    "{{ environment.__class__ }}",
    "{{ environment.inputs.__class__ }}",
    "{{ environment.inputs.items.__call__ }}",
    "{{ environment.inputs.items.call }}",
    "{% macro m() %}{% endmacro %}{{ m.__globals__ }}",
    "{% macro m() %}{% endmacro %}{{ m._func }}",
    "{% macro m() %}{% endmacro %}{{ m._environment }}",
    "{% macro m() %}{{ caller.__globals__ }}{% endmacro %}{% call m() %}{% endcall %}",
    "{% for x in [1] %}{{ loop.__class__ }}{% endfor %}",
    "{% for x in [1] %}{{ loop._iterator }}{% endfor %}",
    "{% for x in [1] %}{{ loop._undefined }}{% endfor %}",
    "{% block b %}{{ self.b._context }}{% endblock %}",
    "{% set c = cycler(1) %}{{ c.items }}{{ c.__dict__ }}",
    "{{ environment.inputs.items.__func__ }}",
    "{{ get_flashed_messages.__globals__ }}",
    "{{ url_for.__globals__ }}",
    "{{ __builtins__ }}",
    "{{ __import__('os') }}",
    "{{ open('/etc/passwd') }}",
    "{% import 'os' as os %}",
    "{% from 'os' import popen %}",
    "{% include '/etc/passwd' %}",
    "{% extends 'base' %}",
    "{{ 'a'.encode() }}",
    "{{ 'a'.translate({}) }}",
    "{{ 'a'.maketrans('a', 'b') }}",
    "{{ [1]|random }}",
    "{{ m }}{% macro m() %}{% endmacro %}",
    "{% macro m() %}{% endmacro %}{{ m }}",
    "{{ range }}",
    "{{ cycler|string }}",
    "{{ [cycler] }}",
    "{{ '%s' % cycler }}",
    "{{ '%s' % (namespace(x=1),) }}",
    "{{ namespace(x=1) ~ '' }}",
    "{{ '{}'.format(cycler) }}",
    "{{ cycler|tojson }}",
]


@pytest.mark.parametrize("template", ESCAPES)
def test_nothing_of_python_can_be_reached(refusal: Refusal, template: str) -> None:
    error = refusal(template)

    assert error.file == "infrastructure/cloudformation.yaml"
    assert " at 0x" not in str(error)


@pytest.mark.parametrize(
    ("template", "message"),
    [
        ("{% include 'x' %}", "'include' is not available: a template is one file"),
        ("{% import 'x' as x %}", "'import' is not available: a template is one file"),
        ("{% from 'x' import y %}", "'from ... import' is not available: a template is one file"),
        ("{% extends 'x' %}", "'extends' is not available: a template is one file"),
        ("{{ 'a'.__class__ }}", "'__class__' of a string is not for templates"),
        ("{{ namespace(x=1) }}", "a Namespace is no value"),
        ("{{ 1|random }}", "No filter named 'random'."),
    ],
)
def test_a_refusal_says_what_is_not_allowed(refusal: Refusal, template: str, message: str) -> None:
    assert refusal(template).message == message


LONG = "{% set s = 'a' * 262144 %}"
MANY = "{% for i in range(99999) %}"
KEPT = "{% set n = namespace(x=3) %}"
LIST = "{% set l = range(9999) | list %}"
PRINTED = "{% macro m() %}{{ varargs }}{% endmacro %}"
BRANCHED = "{% endif %}{% endmacro %}{{ m(60) }}"
BOMBS = {
    "range": "{{ range(10**9) }}",
    "nested loops": MANY + MANY + "{% endfor %}{% endfor %}",
    "filtered loops": MANY + "{% for j in range(99999) if false %}{% endfor %}{% endfor %}",
    "loops one after the other": (MANY + "{% endfor %}") * 50,
    "a loop with a long body": MANY + "{% if x is defined %}{% endif %}" * 999 + "{% endfor %}",
    "a loop with much text": MANY + "text " * 999 + "{% endfor %}",
    "string times": "{{ 'a' * 10**9 }}",
    "times string": "{{ 10**9 * 'a' }}",
    "list times": "{{ [1] * 10**9 }}",
    "power": "{{ 10 ** 10 ** 10 }}" * 2 + "{{ 99 ** 99999999 }}",
    "negative power of a big number": "{{ 99 ** -99999999 }}",
    "squares": KEPT + MANY + "{% set n.x = n.x * n.x %}{% endfor %}",
    "printf": "{{ '%1000000000d' % 1 }}",
    "printf precision": "{{ '%.1000000000f' % 1 }}",
    "printf star": "{{ '%*d' % (1000000000, 1) }}",
    "printf mapping": LONG + "{{ ('%(a)s' * 9999) % {'a': s} }}",
    "format filter": "{{ '%1000000000d' | format(1) }}",
    "str.format": "{{ '{:>1000000000}'.format(1) }}",
    "str.format nested": "{{ '{:{}}'.format(1, 1000000000) }}",
    "str.format repeated": LONG + "{{ ('{0}' * 9999).format(s) }}",
    "str.format repr": LONG + "{{ ('{0!r}' * 9999).format(s) }}",
    "center": "{{ 'a' | center(10**9) }}",
    "str.center": "{{ 'a'.center(10**9) }}",
    "str.ljust": "{{ 'a'.ljust(10**9) }}",
    "str.rjust": "{{ 'a'.rjust(10**9) }}",
    "str.zfill": "{{ 'a'.zfill(10**9) }}",
    "str.join": LONG + "{{ s.join(s) }}",
    "str.expandtabs": "{{ '\t'.expandtabs(10**9) }}",
    "indent": "{{ 'a' | indent(10**9, true) }}",
    "indent with text": LONG + "{{ ('a\n' * 9999) | indent(s) }}",
    "replace": LONG + "{{ s | replace('a', s) }}",
    "str.replace": LONG + "{{ s.replace('', s) }}",
    "wordwrap": LONG + "{{ s | wordwrap(1, wrapstring=s) }}",
    "join": "{{ range(99999) | join('a' * 99999) }}",
    "batch": "{{ [1] | batch(10**9, 'x') }}",
    "slice": "{{ [1] | slice(10**9) }}",
    "round": "{{ 1.5 | round(10**9, 'ceil') }}",
    "tojson": "{{ [[1]] | tojson(indent=10**9) }}",
    "lipsum": "{{ lipsum(10**6) }}",
    "concatenation": LONG + "{{ s ~ s }}",
    "long concatenation": LONG + "{{ " + " ~ ".join("s" * 2000) + " }}",
    "doubled string": KEPT + MANY + "{% set n.x = n.x ~ n.x %}{% endfor %}",
    "doubled list": KEPT + MANY + "{% set n.x = [n.x, n.x] %}{% endfor %}",
    "nested list": KEPT + MANY + "{% set n.x = [n.x] %}{% endfor %}",
    "many references": LONG + "{{ [" + "s," * 2000 + "] }}",
    "much output": LONG + "{{ s }}" * 9,
    "much kept output": LONG + "{% set x %}" + "{{ s }}" * 2000 + "{% endset %}",
    "many arguments": LONG + PRINTED + "{{ m(" + "s," * 2000 + ") }}",
    "filters in a loop": LONG + MANY + "{% if s | upper %}{% endif %}{% endfor %}",
    "methods in a loop": LONG + MANY + "{% if s.upper() %}{% endif %}{% endfor %}",
    "slices in a loop": LONG + MANY + "{% if s[1:] %}{% endif %}{% endfor %}",
    "tests in a loop": LONG + MANY + "{% if s is upper %}{% endif %}{% endfor %}",
    "searches in a loop": LONG + MANY + "{% if 'b' in s %}{% endif %}{% endfor %}",
    "comparisons in a loop": LIST + MANY + "{% if l == l %}{% endif %}{% endfor %}",
    "map with a big argument": LIST + "{{ l | map('default', l, true) | list }}",
    "sum of lists": "{{ ([[1]] * 9999) | sum(start=[]) }}",
    "endless macro": "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    "branching macro": "{% macro m(n) %}{% if n %}" + "{{ m(n-1) }}" * 2 + BRANCHED,
    "endless loop": "{% for i in [1] recursive %}{{ loop([1]) }}{% endfor %}",
    "endless block": "{% block b %}{{ self.b() }}{{ self.b() }}{% endblock %}",
    "parentheses": "{{ " + "(" * 5000 + "1" + ")" * 5000 + " }}",
    "brackets": "{{ " + "[" * 5000 + "]" * 5000 + " }}",
    "long sum": "{{ " + "1+" * 9999 + "1 }}",
    "long path": "{{ a" + ".b" * 9999 + " }}",
    "nested ifs": "{% if 1 %}" * 2000 + "{% endif %}" * 2000,
    "nested fors": "{% for i in [1] %}" * 30 + "{% endfor %}" * 30,
    "digits": "{{ 0x" + "f" * 99999 + " }}",
    "tags": "{{ 1 }}" * 25000,
    "search from the right": "{{ ('ba' * 90000).rindex('aab' + 'ba' * 40000) }}",
    "split from the right": "{{ ('xy' * 90000).rsplit('yyx' + 'xy' * 40000) }}",
    "strip of many": "{{ ('\U0001f600' * 99999).strip('\U0001f601' * 99999 ~ '\U0001f600') }}",
    "trim of many": "{{ ('\u1234' * 99999) | trim('\u1235' * 99999 ~ '\u1234') }}",
    "small searches in a loop": MANY + "{{ ('a' * 20000).rfind('ab' ~ 'a' * 400) }}{% endfor %}",
    "printf key": "{{ '%((k)ey)900000000s' % {'(k)ey': 1} }}",
    "printf after a percent": "{{ '%%(a%400000000d' % 5 }}",
    "printf after a wide percent": "{{ '%5%(a%400000000d' % 5 }}",
    "printf of long numbers": "{{ ('%(a)x' * 60000) % {'a': 2 ** 4000} }}",
    "str.format of long numbers": "{{ ('{0:b}' * 60000).format(2 ** 4000) }}",
    "kept texts": LONG + "{% set a = [a, s ~ 1][1][1:] %}" * 3000,
    "a tuple in itself, as a key": KEPT
    + MANY
    + "{% set n.x = (n.x, n.x) %}{% if {n.x: 1} %}{% endif %}{% endfor %}",
    "deep JSON": KEPT
    + "{% for i in range(400) %}{% set n.x = [n.x] %}{% endfor %}"
    + "{{ ([n.x] * 200) | tojson(indent=5000) }}",
    "many tags of one": "{{ " + "a." * 400_000 + "b }}",
    "payment": "{{ [-10**9] | map('\\x00charge') | list }}",
}


@pytest.mark.parametrize("name", BOMBS)
@pytest.mark.costly
def test_a_bomb_ends_in_an_error(
    refusal: Refusal, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    # A tenth of the work and the time, which is as good a proof and sooner over.
    monkeypatch.setattr(limits, "MOST_WORK", limits.MOST_WORK // 10)
    monkeypatch.setattr(limits, "MOST_SECONDS", limits.MOST_SECONDS / 10)

    error = refusal(BOMBS[name])

    assert error.message


@pytest.mark.proof
@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_ends_in_seconds_of_processor_time(refusal: Refusal, name: str) -> None:
    began = time.process_time()

    refusal(BOMBS[name])

    assert time.process_time() - began < 10


def test_a_template_may_do_what_templates_do(render_text: Render) -> None:
    text = (
        "{% macro tag(k, v='x') %}{{ k|upper }}={{ v }}{% endmacro %}"
        "{% set ns = namespace(n=0) %}"
        "{% for i in range(3) if i != 1 %}"
        "{% set ns.n = ns.n + i %}{{ loop.index }}/{{ loop.length }}{{ ',' if not loop.last }}"
        "{% else %}none{% endfor %} "
        "{{ ns.n }} {{ tag('a') }} {{ tag('b', v=[1, 2]|join('-')) }} "
        "{{ '%s-%03d'|format('x', 7) }} {{ '{}:{x}'.format(1, x=2) }} {{ 'a,b'.split(',')[1] }} "
        "{{ {'b': 1, 'a': 2}|dictsort|first|first }} {{ [3, 1, 2]|sort|map('string')|join }} "
        "{{ 7 // 2 }} {{ 2 ** 10 }} {{ 7 % 4 }} {{ -3|abs }} {{ 'x' ~ 1 }} {{ 'b' in 'abc' }} "
        "{{ 'abc'[1:] }} {{ 'abc'|replace('b', 'B') }} {{ [1, 2]|tojson }} "
        "{% raw %}{{resolve:ssm:p}}{% endraw %}"
    )

    assert render_text(text) == (
        "1/2,2/2 2 A=x B=1-2 x-007 1:2 b a 123 3 1024 3 3 x1 True bc aBc [1, 2] {{resolve:ssm:p}}"
    )


@pytest.mark.costly
def test_a_large_template_is_within_the_limits(render_text: Render) -> None:
    entry = "  R{{ i }}:\n    Type: AWS::SQS::Queue\n    Name: '{{ environment.name }}-{{ i }}'\n"
    text = (
        "{% for i in range(2000) %}\n" + entry + "{% endfor %}" + entry.replace("i }", "1 }") * 1000
    )

    assert render_text(text).count("AWS::SQS::Queue") == 3000


def test_threads_do_not_share_a_budget(render_text: Render) -> None:
    text = "{% for i in range(30000) %}{% set x = i %}{% endfor %}{{ environment.name }}"
    answers: list[str] = []

    def work() -> None:
        answers.append(render_text(text))

    threads = [Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert answers == ["prod"] * 8


def test_an_interrupt_is_no_error_of_the_template(
    render_text: Render, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(limits.Budget, "charge", interrupt)

    with pytest.raises(KeyboardInterrupt):
        render_text("{{ environment.name }}")


def test_nothing_is_read_from_the_file_system(refusal: Refusal, tmp_path: Path) -> None:
    (tmp_path / "other").write_text("secret", encoding="utf-8")

    assert "secret" not in refusal(f"{{% include '{tmp_path}/other' %}}").explain()
