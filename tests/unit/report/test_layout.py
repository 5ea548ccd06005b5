"""A repository's own template writes blocks of the report, and cannot break it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from mlgate.errors import ConfigError
from mlgate.report import markdown, marks
from mlgate.report.layout import Layout
from mlgate.report.report import Report

DOCS = Path(__file__).parents[3] / "docs" / "report.md"
FLIPS = "{% block flips %}Broken rows: {{ model.records.comparison.flips.broken }}. {{ model.name }}{% endblock %}"


@pytest.fixture
def report(cases: dict[str, Any]) -> Report:
    """A report that passes."""
    return Report.of(cases["CASES"]["passed"], cases["CONTEXT"])


def test_a_block_stands_in_for_ours(report: Report) -> None:
    """In comment and summary; all others stay."""
    layout = Layout.read(FLIPS, "own.md.j2")
    for text in (markdown.comment(report, layout=layout), markdown.summary(report, layout)):
        assert "Broken rows: 601. flight-delay" in text
        assert "**Flips**" not in text
        assert "**Data**" in text


def test_ours_can_be_added_to(report: Report) -> None:
    """`super()` is our block."""
    layout = Layout.read("{% block data %}{{ super() }}\n\nSee the wiki.{% endblock %}", "own.md.j2")
    assert "1 shifted column of 3: `temp`\n\nSee the wiki." in markdown.comment(report, layout=layout)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{% block flips %}", "line 1: Unexpected end of template"),
        ("{% block title %}x{% endblock %}", "there is no block 'title'; the blocks are policy, versions"),
        ("just words", "it has no block"),
    ],
)
def test_a_template_that_says_nothing_useful_is_an_error(text: str, problem: str) -> None:
    """Told before anything is written; verdict and names of the models are not for templates to write."""
    with pytest.raises(ConfigError, match="own.md.j2") as error:
        Layout.read(text, "own.md.j2")
    assert problem in error.value.message


@pytest.mark.parametrize(
    "body",
    [
        "{{ nothing }}",
        "{{ model.nothing.at.all }}",
        "{{ 1 // 0 }}",
        "{{ ''.__class__.__mro__ }}",
        "{{ model.__init__.__globals__ }}",
        "{% for x in range(10**9) %}{% endfor %}",
        "{% include '/etc/passwd' %}",
        "{{ links.re.enum.sys.modules['os'].getcwd() }}",
        "{{ report.models[0].records.__class__ }}",
        "{{ facts.wording }}",
        "```\nunclosed",
        "<details><summary>more</summary>",
        "<!-- unclosed",
        "<pre>",
        "a <b>bold",
    ],
)
def test_a_block_that_fails_is_ours(report: Report, body: str) -> None:
    """Its own mistakes, and what the sandbox forbids; the problem is told once."""
    layout = Layout.read(f"{{% block flips %}}{body}{{% endblock %}}", "own.md.j2")
    assert markdown.comment(report, layout=layout) == markdown.comment(report)
    assert len(layout.problems) == 1
    assert layout.problems[0].startswith("block flips: ")


def test_hidden_lines_are_ours_alone(report: Report) -> None:
    """A template that writes them changes nothing of whose section it is."""
    forged = f"{marks.last_line()}\n{marks.first_line()}\n{marks.block_line('data')}\nforged"
    comment = markdown.comment(report, layout=Layout.read(f"{{% block flips %}}{forged}{{% endblock %}}", "own"))
    assert marks.is_ours(comment)
    (section,) = marks.sections(comment)
    assert section.blocks["flips"] == "forged"
    assert "training `data/train.parquet`" in section.blocks["data"]


@pytest.mark.parametrize("body", [
    "```text\n<details>\n```", "<details><summary>more</summary>\n\n- a\n\n</details>", "a<br>b", "`<pre>`", "> quote",
])  # fmt: skip
def test_a_block_that_ends_what_it_begins_is_shown(report: Report, body: str) -> None:
    """Folds, code and line breaks are a template's to write."""
    layout = Layout.read(f"{{% block flips %}}{body}{{% endblock %}}", "own")
    assert body in markdown.comment(report, layout=layout)
    assert not layout.problems


@pytest.mark.parametrize("value", ["model.records.training.params", "('![x](https://e.example)', '@me')", "['<img>']"])
def test_values_that_are_no_text_are_escaped_too(report: Report, value: str) -> None:
    """A dictionary, tuple or list is written as the text that it would be."""
    layout = Layout.read(f"{{% block flips %}}{{{{ {value} }}}}{{% endblock %}}", "own")
    (section,) = marks.sections(markdown.comment(report, layout=layout))
    assert not layout.problems
    assert "`" in section.blocks["flips"]
    assert not {"![x]", "<img>", "@me"} & set(re.sub(r"`[^`]*`", "", section.blocks["flips"]).split())


def test_the_documented_example_says_what_it_says(report: Report) -> None:
    """Its fields are there, a verdict is its word, and ours stands before it."""
    (example,) = re.findall(r"```jinja\n(\{% block cost %\}.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
    layout = Layout.read(example, "own.md.j2")
    comment = markdown.comment(report, layout=layout)
    assert layout.problems == []
    assert "**Cost**" in comment
    assert "Verdict PASS, decided by every rule. Experiment" in comment


def test_every_documented_field_is_there(cases: dict[str, Any]) -> None:
    """A table that names a field which the templates do not have would mislead whoever writes one."""
    model = Report.of(cases["CASES"]["passed"], cases["CONTEXT"]).models[0]
    for line in re.findall(r"(?m)^\| (`(?:model|report)\..*?`) \|", DOCS.read_text(encoding="utf-8")):
        first, *more = re.findall(r"`([\w.]+)`", line)
        for name in (first, *(first.rpartition(".")[0] + other for other in more if other.startswith("."))):
            text = f"{{% block flips %}}{{{{ ({name}) is defined }}}}{{% endblock %}}"
            report = Report.of({model.name: model.records}, cases["CONTEXT"])
            assert "True" in markdown.comment(report, layout=Layout.read(text, "own")), name


def test_values_are_text_in_a_template_too(cases: dict[str, Any]) -> None:
    """Whatever a record holds is escaped where a template writes it."""
    records = cases["CASES"]["passed"]["flight-delay"]
    hostile = records.model_copy(
        update={"training": cases["TRAINED"].model_copy(update={"experiment": "<img> @me [x](y)"})}
    )
    report = Report.of({"flight-delay": hostile}, cases["CONTEXT"])
    layout = Layout.read("{% block flips %}{{ model.records.training.experiment }}{% endblock %}", "own")
    assert "`<img>` `@me` `[x](y)`" in markdown.comment(report, layout=layout)
