"""How many requests our comment takes on a long pull request, and that none of ours is overlooked for their sake."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mlgate.adapters.github import GitHub, Posted
from tests.bed.hub import Hub
from tests.bed.wanted import Words

LIST = "GET /repos/o/r/issues/1/comments"


def fill(hub: Hub, *ours: int, talk: int = 500) -> None:
    """Write many comments, those at the positions `ours` (counted from 0) as reports."""
    for number in range(talk):
        hub.write({"body": Words(f"report {number}").body if number in ours else f"talk {number}"})


def post(hub: Hub, *, matrix: bool = False) -> Posted:
    """Post the report as a job does, with short pauses."""
    posted = GitHub(hub.url, "o/r", "ghs_job", pause=0.01).upsert_comment(1, Words("new", matrix=matrix))
    assert isinstance(posted, Posted)
    return posted


def ours(hub: Hub) -> list[tuple[int, str]]:
    """List what of ours is there."""
    return [(one["id"], one["body"]) for one in hub.comments if one["body"].startswith("<!--")]


@pytest.mark.parametrize("matrix", [False, True])
@pytest.mark.parametrize(
    ("place", "pages"),
    [(7, [1, 5]), (90, [1, 5, 2]), (250, [1, 5, 2, 3]), (385, [1, 5, 2, 3, 4]), (405, [1, 5, 4]), (499, [1, 5])],
)
def test_five_hundred_comments_take_few_requests(
    hub: Hub, tell: Callable[[str], None], place: int, pages: list[int], *, matrix: bool
) -> None:
    """Both ends first, then what is between until ours is there; a job of a matrix looks at ours once more."""
    fill(hub, place)
    hub.asked.clear()
    posted = post(hub, matrix=matrix)
    assert (posted.action, posted.number) == ("updated", place + 1)
    looked = [f"GET /repos/o/r/issues/comments/{place + 1}"] if matrix else []
    assert hub.asked == [
        *(f"{LIST}?{f'page={page}&' if page > 1 else ''}per_page=100" for page in pages),
        f"PATCH /repos/o/r/issues/comments/{place + 1}",
        *looked,
    ]
    tell(f"ours at {place} of 500 comments: {len(hub.asked)} requests{', in a matrix' if matrix else ''}")
    assert place not in {7, 499} or len(hub.asked) <= 4


@pytest.mark.parametrize("matrix", [False, True])
@pytest.mark.parametrize(("talk", "requests"), [(0, 3), (99, 3), (100, 3), (101, 4), (499, 7), (500, 7)])
def test_creating_reads_every_page_once(
    hub: Hub, tell: Callable[[str], None], talk: int, requests: int, *, matrix: bool
) -> None:
    """One of ours may be on any of them; afterwards only the page is read on which another job's would be."""
    fill(hub, talk=talk)
    hub.asked.clear()
    posted = post(hub, matrix=matrix)
    assert (posted.action, posted.number) == ("created", talk + 1)
    assert len(hub.asked) == requests
    tell(f"creating after {talk} comments: {requests} requests{', in a matrix' if matrix else ''}")


@pytest.mark.parametrize(
    "places",
    [(7, 9), (7, 450), (99, 100), (99, 117), (199, 200), (250, 251), (399, 400), (7, 250, 499), (150, 498, 499)],
)
def test_of_ours_on_several_pages_the_oldest_stays(hub: Hub, places: tuple[int, ...]) -> None:
    """At both ends, where a race left them on both sides of a page's edge, or wherever else more than one is seen."""
    fill(hub, *places)
    posted = post(hub)
    assert posted.number == places[0] + 1
    assert ours(hub) == [(places[0] + 1, Words("new").body)]


def test_what_is_on_the_last_page_alone_is_taken_for_the_only_one(hub: Hub) -> None:
    """A comment is made only after all pages were read, so no race leaves another one far before it."""
    fill(hub, 150, 450)
    assert post(hub).number == 451


@pytest.mark.parametrize("places", [(), (250,), (499,), (7, 250)])
def test_a_server_that_does_not_name_the_last_page_is_read_page_by_page(hub: Hub, places: tuple[int, ...]) -> None:
    """What the first page says of the last one saves requests, and nothing else."""
    hub.names_the_last = False
    fill(hub, *places)
    posted = post(hub)
    assert posted.number == (places[0] if places else 500) + 1
    assert ours(hub) == [(posted.number, Words("new").body)]


@pytest.mark.parametrize("talk", [99, 100, 250])
def test_what_another_job_makes_meanwhile_is_taken_up(hub: Hub, talk: int) -> None:
    """Its comment comes between our look and ours, on the page that was the last, or on the next."""
    fill(hub, talk=talk)
    hub.first["POST"] = lambda: hub.write({"body": Words("another job's").body})
    posted = post(hub, matrix=True)
    assert posted.number == talk + 1
    assert ours(hub) == [(talk + 1, Words("new").body)]
