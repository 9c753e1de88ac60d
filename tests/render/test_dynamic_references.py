"""CloudFormation's ``{{resolve:...}}`` in templates that Jinja reads. Rule 15-7."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from moto_proton.bundle.errors import BundleError
from moto_proton.bundle.templates import check_cloudformation
from moto_proton.render import RenderError

Render = Callable[..., str]

REFERENCE = "{{resolve:ssm:/shop/key:1}}"
HINT = "put {% raw %} before it and {% endraw %} behind it"

COMMENTS = {
    "a line": f"# {REFERENCE}\na: b\n",
    "an indented line": f"a:\n    # {REFERENCE} and {REFERENCE}\n  b: c\n",
    "behind a value": f"a: b # was {REFERENCE}\n",
    "behind quotes": f"a: \"b\" # it is '{REFERENCE}'\n",
    "behind jinja": f"a: {{{{ environment.name }}}} # {REFERENCE}\n",
    "secrets": "# {{ resolve:secretsmanager:Shop:SecretString:password }}\na: b\n",
    "without a space": f"#{REFERENCE}\na: b\n",
}


@pytest.mark.parametrize("where", COMMENTS)
def test_in_a_comment_it_is_text(render_text: Render, where: str) -> None:
    text = COMMENTS[where]

    check_cloudformation(text + "{{ environment.name }}", "cloudformation.yaml")

    assert render_text(text) == text.replace("{{ environment.name }}", "prod")


@pytest.mark.parametrize(
    "text",
    [
        f"{{% raw %}}a: {REFERENCE} # {REFERENCE}{{% endraw %}}",
        f"{{% raw %}}\n# {REFERENCE}\n{{% endraw %}}",
    ],
)
def test_in_raw_text_it_stays(render_text: Render, text: str) -> None:
    expected = text.replace("{% raw %}", "").replace("{% endraw %}", "")

    assert render_text(text) == expected


def test_in_a_comment_of_jinja_it_goes(render_text: Render) -> None:
    assert render_text(f"a: b{{# a: # {REFERENCE} #}}") == "a: b"


@pytest.mark.parametrize(
    "line",
    [
        f"a: '{REFERENCE}'",
        f"a: '# {REFERENCE}'",
        f'a: "b # {REFERENCE}"',
        f"a: b#{REFERENCE}",
        "a: '{{resolve:ssm:/{{ environment.name }}/key}}'",
        "a: {{ resolve:secretsmanager:Shop:SecretString:password }}",
    ],
)
def test_anywhere_else_it_says_what_to_do(refusal: Callable[..., RenderError], line: str) -> None:
    with pytest.raises(BundleError) as caught:
        check_cloudformation(f"b: c\n{line}\n", "cloudformation.yaml")
    assert HINT in caught.value.detail
    assert caught.value.line == 2

    error = refusal(f"b: c\n{line}\n")
    assert HINT in error.message
    assert error.line == 2


def test_other_mistakes_are_told_without_it(refusal: Callable[..., RenderError]) -> None:
    assert HINT not in refusal(f"# {REFERENCE}\na: {{{{ b c }}}}\n").message
