"""The alignment: applying and undoing edits, and every offset there and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.article import Alignment, Edit


@st.composite
def edits_of(draw: st.DrawFn, length: int) -> list[Edit]:
    count = draw(st.integers(0, 5))
    cuts = sorted(draw(st.lists(st.integers(0, length), min_size=2 * count, max_size=2 * count)))
    return [Edit(cuts[2 * i], cuts[2 * i + 1], draw(st.text(max_size=4))) for i in range(count)]


@st.composite
def alignments(draw: st.DrawFn) -> Alignment:
    raw = draw(st.text(max_size=30))
    return Alignment(raw, draw(edits_of(len(raw))))


@given(alignments())
def test_undo_gives_the_raw_text_back(alignment: Alignment) -> None:
    assert alignment.undo() == alignment.raw


@given(alignments())
def test_offsets_outside_edits_round_trip(alignment: Alignment) -> None:
    covered = {i for e in alignment.edits for i in range(e.start, e.end)}
    for i in set(range(len(alignment.raw))) - covered:
        start, end = alignment.clean_span(i, i + 1)
        assert alignment.clean[start:end] == alignment.raw[i]
        assert alignment.raw_span(start, end) == (i, i + 1)


@given(alignments(), st.data())
def test_every_span_maps_to_an_ordered_span_inside_the_text(alignment: Alignment, data: st.DataObject) -> None:
    a, b = sorted(data.draw(st.tuples(*[st.integers(0, len(alignment.clean))] * 2)))
    start, end = alignment.raw_span(a, b)
    assert 0 <= start <= end <= len(alignment.raw)
    a, b = sorted(data.draw(st.tuples(*[st.integers(0, len(alignment.raw))] * 2)))
    start, end = alignment.clean_span(a, b)
    assert 0 <= start <= end <= len(alignment.clean)


@given(alignments(), st.data())
def test_a_second_generation_of_edits_composes(alignment: Alignment, data: st.DataObject) -> None:
    second = data.draw(edits_of(len(alignment.clean)))
    both = alignment.then(second)
    assert both.clean == Alignment(alignment.clean, second).clean
    assert both.undo() == alignment.raw


def test_a_replacement_maps_as_a_whole() -> None:
    alignment = Alignment("在Tik Tok上", [Edit(1, 8, "抖音")])
    assert alignment.clean == "在抖音上"
    assert alignment.raw_span(1, 3) == (1, 8)
    assert alignment.raw_span(2, 3) == (1, 8)
    assert alignment.clean_span(4, 6) == (1, 3)


@pytest.mark.parametrize("edits", [[Edit(0, 2, ""), Edit(1, 3, "")], [Edit(2, 1, "")], [Edit(0, 9, "")]])
def test_impossible_edits_are_refused(edits: list[Edit]) -> None:
    with pytest.raises(ValueError, match="overlaps its neighbour or lies outside"):
        Alignment("abc", edits)
