"""What the demo shows of a job's log and of a comment."""

from __future__ import annotations

import pytest

from demo.voice import as_github_shows, as_it_reads


@pytest.mark.parametrize(
    ("log", "shown"),
    [
        (["::group::training", "a", "b", "::endgroup::", "c"], ["▸ training", "c"]),
        (["::error::one%0Atwo 5%25"], ["Error: one two 5%"]),
        (["::warning file=a.py,line=3::careful"], ["Warning: careful"]),
        (["::stop-commands::x1", "::error::forged", "::x1::", "::notice::ours"], ["::error::forged", "Notice: ours"]),
        (["::group::t", "::stop-commands::x", "::endgroup::", "::x::", "::endgroup::", "z"], ["▸ t", "z"]),
        (["plain :: text"], ["plain :: text"]),
    ],
)
def test_a_log_reads_as_on_github(log: list[str], shown: list[str]) -> None:
    """Groups fold, annotations become sentences, and what a program prints between the tokens commands nothing."""
    assert list(as_github_shows(log)) == shown


def test_the_hidden_parts_of_a_comment_stay_hidden() -> None:
    """The marker is gone, and details show their summary only."""
    markdown = (
        "<!-- marker -->\n**FAIL**\n\n<details><summary>Why: <b>2</b> findings</summary>\n\n- secret\n\n</details>\n"
    )
    assert as_it_reads(markdown).split() == ["**FAIL**", "▸", "Why:", "2", "findings"]


def test_an_alert_names_its_kind() -> None:
    """GitHub's alert syntax, which a terminal's Markdown does not know, becomes a word."""
    assert as_it_reads("> [!CAUTION]\n> It is worse.").splitlines() == ["> **Caution**  ", "> It is worse."]
