"""Which paragraphs the evidence takes for garbled."""

from __future__ import annotations

from transforms.repair import evidence


def garbled(*weights: float, seam: int | None = None) -> list[bool]:
    """Whether each of the paragraphs with this evidence is garbled; `seam` was cut from the next one."""
    lengths = [30 if seam is not None and i == seam + 1 else 120 for i in range(len(weights))]
    return [score >= 0.5 for score in evidence.scores(weights, lengths, [i == seam for i in range(len(weights))])]


def test_a_paragraph_that_shows_nothing_follows_its_neighbours() -> None:
    assert garbled(6, 0, 6) == [True, True, True]
    assert garbled(0, 0, 0) == [False, False, False]


def test_the_rest_of_a_cut_sentence_is_untouched_also_where_the_text_turns_garbled_again() -> None:
    assert garbled(6, 0, 6, 6, seam=0) == [True, False, True, True]
    assert garbled(6, 0, -2, 0, seam=0) == [True, False, False, False]


def test_a_rest_that_shows_a_round_trip_was_cut_by_the_layout() -> None:
    assert garbled(6, 2, 6, seam=0) == [True, True, True]


def test_one_odd_spelling_behind_the_rest_is_no_proof() -> None:
    assert garbled(6, 0, 0.8, 0, seam=0) == [True, False, False, False]


def test_paragraphs_that_write_their_commas_alike_go_together() -> None:
    styles = [",", ",", ",", "，"]
    # cut inside the garbled part, which goes on behind the cut
    assert [s >= 0.5 for s in evidence.scores([1, 1, 6, -2], [120] * 4, [False, True, True, False], styles)] == [True, True, True, False]
    # one way to write them, or none, tells nothing
    assert evidence.scores([1, 1, 6], [120] * 3, [False] * 3, [",", ",", ""]) == evidence.scores([1, 1, 6], [120] * 3, [False] * 3)
