"""Folding keeps every offset."""

from hypothesis import given
from hypothesis import strategies as st

from transforms.script import fold, to_simplified


@given(st.text())
def test_folding_keeps_the_length_and_settles(text: str) -> None:
    assert len(fold(text)) == len(text)
    assert fold(fold(text)) == fold(text)


def test_the_character_map_is_one_to_one_in_length() -> None:
    assert len(to_simplified()) > 3000
    assert fold("億萬兩臺灣") == "亿万两台湾"
