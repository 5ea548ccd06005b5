"""Regular expressions for Java: the same meaning, or none."""

from __future__ import annotations

import pytest

from mlgate.data.validation.spark.patterns import to_java


@pytest.mark.parametrize(
    ("pattern", "java"),
    [
        ("", ""),
        ("a$", r"a\z"),
        (r"\$[$]", r"\$[$]"),
        (r"^\d{4}-\d{2}$", r"^\d{4}-\d{2}\z"),
        ("(?P<year>[0-9]+)|(?<m>x)", "(?:[0-9]+)|(?:x)"),
        ("(?i)[^a-zé_]*?", "(?i)[^a-zé_]*?"),
        (r"a]b}", r"a\]b\}"),
        (r"\p{Lu}\pN\x{1F600}", r"\p{Lu}\pN\x{1F600}"),
        (r"[a&b~c-]", r"[a&b~c-]"),
    ],
)
def test_what_means_the_same_is_written_for_java(pattern: str, java: str) -> None:
    """With the meaning of classes and of line breaks made polars' own."""
    assert to_java(pattern) == "(?Ud)" + java


@pytest.mark.parametrize(
    "pattern",
    [
        "[[:alpha:]]", "[a&&b]", "[a-z--b]", "[a~~b]", r"\p{Greek}", "(?m)^a", "(?x)a b", "(?U)a*", r"\u{e9}", r"\v",
        r"\b{start}", r"\<a", "a**", "a++", "(", "a(?=b)", r"(a)\1", "[]a]",
    ],
)  # fmt: skip
def test_what_may_mean_something_else_is_refused(pattern: str) -> None:
    """As is what polars itself does not read."""
    assert to_java(pattern) is None
