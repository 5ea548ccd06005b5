"""The replay decides which version is production."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from mlgate.promotion.history import (
    NONE,
    PRODUCTION,
    STAGING,
    YES,
    Entry,
    Makings,
    is_fenced,
    previous,
    replay,
    tail_of,
)
from mlgate.tag_names import BASE, CONFIRMED, FENCES, FENCES_SOURCE, MANIFEST, OPERATION, ORIGINAL, STAGE, STALE


def entry(version: int, base: str | int = NONE, operation: str | None = "promote", **tags: str) -> Entry:
    """Make an entry whose bytes are those of its own version unless `manifest` is given."""
    own: dict[str, str] = {}
    if operation is not None:
        manifest = tags.pop("manifest", f"m{version}")
        own = {OPERATION: operation, STAGE: PRODUCTION, BASE: str(base), MANIFEST: manifest}
    return Entry(
        version=str(version),
        run_id=f"r{version}",
        source=f"s{version}",
        created_at=datetime(2026, 1, version, tzinfo=UTC),
        tags={**own, **tags},
    )


def test_an_empty_history_has_no_head() -> None:
    """Nothing was promoted: nothing is production."""
    assert replay([]).head is None


def test_the_second_of_two_racing_promotions_is_stale() -> None:
    """Two entries with the same base: the lower number counts, the other does not."""
    history = replay([entry(1), entry(3, base=1), entry(2, base=1)])
    assert [e.version for e in history.valid] == ["1", "2"]
    assert [e.version for e in history.stale] == ["3"]


def test_what_was_overtaken_stays_stale() -> None:
    """The version that was faster is deleted, or the replay begins at one that somebody tagged as confirmed."""
    lost = entry(3, base=1, **{STALE: YES})
    assert [e.version for e in replay([entry(1), lost]).valid] == ["1"]
    assert [e.version for e in replay([entry(1), lost, entry(4, base=2)]).valid] == ["1", "4"]
    one, forged = entry(1, **{CONFIRMED: YES}), entry(3, base=1, **{STALE: YES, CONFIRMED: YES})
    assert tail_of([one, forged]) == [one, forged]


def test_two_racing_first_promotions_leave_one() -> None:
    """Both found nothing in production; only the first counts."""
    history = replay([entry(1), entry(2)])
    assert history.head is not None
    assert history.head.version == "1"


def test_versions_of_others_are_not_entries() -> None:
    """A version that mlgate did not make is listed apart and never production by itself."""
    history = replay([entry(1, operation=None), entry(2, base=1), entry(3, operation=None)])
    assert history.head is not None
    assert history.head.version == "2"
    assert [e.version for e in history.foreign] == ["1", "3"]


def test_a_deleted_version_does_not_break_the_chain() -> None:
    """An entry whose base was deleted follows on the head before it; a second one with that base is stale."""
    history = replay([entry(1), entry(3, base=2), entry(4, base=2), entry(5, base=3)])
    assert [e.version for e in history.valid] == ["1", "3", "5"]


def test_previous_goes_further_back_after_a_rollback() -> None:
    """Rolling back twice does not return to what was just abandoned."""
    three = [entry(1), entry(2, base=1), entry(3, base=2)]
    back_to_two = entry(4, 3, "rollback", manifest="m2", **{ORIGINAL: "2"})
    found = previous(replay([*three, back_to_two]), back_to_two)
    assert found is not None
    assert found.version == "1"


def test_previous_passes_over_what_was_rolled_back() -> None:
    """1, then 2 that was rolled back, then 4: before 4 production had the bytes of 1."""
    back_to_one = entry(3, 2, "rollback", manifest="m1", **{ORIGINAL: "1"})
    head = entry(4, base=3)
    found = previous(replay([entry(1), entry(2, base=1), back_to_one, head]), head)
    assert found is not None
    assert found.original == "1"


def test_previous_skips_the_same_bytes() -> None:
    """Two promotions of equal bytes count as one place to go back to."""
    head = entry(3, base=2, manifest="same")
    found = previous(replay([entry(1), entry(2, base=1, manifest="same"), head]), head)
    assert found is not None
    assert found.version == "1"


def test_stages_have_chains_of_their_own() -> None:
    """Entries of staging and production stand in one list and replace only their own stage's head."""
    entries = [entry(1), entry(2, **{STAGE: STAGING}), entry(3, base=1), entry(4, base=2, **{STAGE: STAGING})]
    assert [e.version for e in replay(entries).valid] == ["1", "3"]
    assert [e.version for e in replay(entries, STAGING).valid] == ["2", "4"]


FENCING = entry(3, 2, "rollback", manifest="m1", **{ORIGINAL: "1", FENCES: "m2"})


def test_what_was_rolled_back_is_fenced_until_promoted_again() -> None:
    """The abandoned digest is fenced; promoting it on purpose lifts the fence, once the promotion is confirmed."""
    assert is_fenced(Makings(manifest="m2"), [FENCING])
    assert not is_fenced(Makings(manifest="m1"), [FENCING])
    assert is_fenced(Makings(manifest="m2"), [FENCING, entry(4, base=3, manifest="m2")])
    assert not is_fenced(Makings(manifest="m2"), [FENCING, entry(4, base=3, manifest="m2", **{CONFIRMED: YES})])
    assert is_fenced(Makings(manifest="m2"), [FENCING, entry(2, base=1, manifest="m2", **{CONFIRMED: YES})])


def test_training_the_same_again_does_not_pass_the_fence() -> None:
    """Its bytes differ in a date and an id; what it was made from does not."""
    fencing = entry(3, 2, "rollback", manifest="m1", **{ORIGINAL: "1", FENCES: "m2", FENCES_SOURCE: "code and data"})
    assert is_fenced(Makings(manifest="m9", made_from="code and data"), [fencing])
    assert not is_fenced(Makings(manifest="m9", made_from="other data"), [fencing])


def test_a_rollback_that_lost_its_race_fences_nothing() -> None:
    """Production had moved on: that model was never rolled back from."""
    lost = entry(4, 2, "rollback", manifest="m1", **{FENCES: "m2", STALE: YES})
    assert not is_fenced(Makings(manifest="m2"), [lost])


@given(
    bases=st.lists(st.integers(0, 12), min_size=1, max_size=12),
    order=st.randoms(use_true_random=False),
)
def test_any_history_has_one_head_and_each_valid_entry_follows_the_one_before(bases: list[int], order: object) -> None:
    """Whatever was appended in whatever order it is listed, the valid entries form one chain."""
    entries = [entry(number, base=base or NONE) for number, base in enumerate(bases, start=1)]
    shuffled = list(entries)
    order.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis' Random
    history = replay(shuffled)
    assert history == replay(entries)
    assert len(history.valid) + len(history.stale) == len(entries)
    for before, after in zip(history.valid, history.valid[1:], strict=False):
        base = after.tags[BASE]
        assert base == before.version or (base.isdigit() and int(base) > int(before.version))


@given(bases=st.lists(st.integers(0, 12), min_size=1, max_size=12), data=st.data())
def test_a_replay_from_any_entry_that_counts_finds_the_same_head(bases: list[int], data: st.DataObject) -> None:
    """What comes before a confirmed entry cannot change the head, so that a reader may leave it out."""
    entries = [entry(number, base=base or NONE) for number, base in enumerate(bases, start=1)]
    whole = replay(entries)
    start = data.draw(st.sampled_from(whole.valid))
    tail = [one for one in entries if int(one.version) >= int(start.version)]
    assert replay(tail).head == whole.head
