"""Every document comes back exactly, or not at all."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.decoding import DecodeError, byte_order_mark, declared_charset, decode

HANS = "八月十日，某连锁咖啡品牌公布第二季度财报：净收入33亿元，同比增长72.4%。\r\n门店总数达到7195家，自营店利润率为30.6%。\n"
HANT = "零售業走出疫情陰霾，便利商店營業額為3823億元，年增5.8%。\r\n統計處公布，龍頭業者的差距持續擴大。\n"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        *((HANS, name) for name in ("utf-8", "gb18030", "utf-16-le", "utf-16-be")),
        *((HANT, name) for name in ("utf-8", "gb18030", "big5", "utf-16-le", "utf-16-be")),
        (HANT + "深水埗的茶餐廳，佢哋嘅生意", "big5hkscs"),
        (HANS + "㐂𠀀", "gb18030"),
        ("plain ASCII\r\n", "utf-8"),
        ("", "utf-8"),
        ("财报", "gb18030"),
    ],
)
def test_text_and_encoding_come_back(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)) == (text, encoding)


@pytest.mark.parametrize("codec", ["utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_the_mark_decides_and_is_no_part_of_the_text(codec: str) -> None:
    data = ("\ufeff" + HANS).encode(codec)
    text, encoding = decode(data, "big5")
    assert text == HANS
    assert encoding == ("utf-8-sig" if codec == "utf-8" else codec)
    mark = byte_order_mark(data)
    assert mark is not None
    assert data[mark[2] :].decode(mark[0]) == HANS


@pytest.mark.parametrize(
    ("text", "codec", "declared", "encoding"),
    [
        (HANS, "gbk", "gb2312", "gb18030"),
        (HANS, "gbk", "GBK", "gb18030"),
        (HANT, "big5", "Big5", "big5"),
        (HANT, "big5hkscs", "big5", "big5"),
        (HANS, "utf-8", "utf8", "utf-8"),
        (HANS, "utf-16-le", "utf-16", "utf-16-le"),
        # a wrong or unknown declaration does no harm
        (HANS, "utf-8", "gb2312", "utf-8"),
        (HANT, "big5", "gb2312", "big5"),
        (HANS, "gbk", "iso-8859-1", "gb18030"),
        (HANS, "gbk", "no-such-charset", "gb18030"),
        (HANS, "utf-8", "unicode_escape", "utf-8"),
        (HANS, "utf-8", "a\0b", "utf-8"),
    ],
)
def test_a_declaration_is_believed_where_it_holds(text: str, codec: str, declared: str, encoding: str) -> None:
    assert decode(text.encode(codec), declared) == (text, encoding)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (HANS.encode()[:40] + b"\xff\xfe\xff" + HANS.encode(), "undecodable"),
        (HANS.encode() + HANS.encode("gb18030"), "undecodable"),
        (HANS.encode("gb18030") + HANS.encode(), "undecodable"),
        (HANS.encode("gb18030") + HANT.encode("big5") * 4, "undecodable"),
        (HANS.encode() + b"\xe4\xb8", "undecodable"),
        (HANS.encode("gb18030")[:20] + b"\x81", "undecodable"),
        (b"\xef\xbb\xbf" + HANS.encode("gb18030"), "undecodable"),
        (b"\xff\xfe" + HANS.encode("utf-16-le") + b"x", "undecodable"),
        (b"caf\xe9 society", "undecodable"),
        (HANS.encode()[:60] + b"\0" + HANS.encode(), "nul_byte"),
        (HANS.encode("gb18030") + b"\0\0", "nul_byte"),
        (b"\xff\xfe" + (HANS + "\0").encode("utf-16-le"), "nul_byte"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "binary"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "binary"),
        (b"PK\x03\x04" + HANS.encode(), "binary"),
        (bytes(1000), "binary"),
        (bytes(range(32)) * 10, "binary"),
    ],
)
def test_what_is_no_text_is_refused_with_a_remedy(data: bytes, code: str) -> None:
    with pytest.raises(DecodeError) as caught:
        decode(data)
    assert caught.value.code == code
    assert len(str(caught.value)) > 20


def test_a_long_document_is_not_excused_by_its_better_half() -> None:
    """Some thirty characters of UTF-8 that happen to be valid GB18030, in the midst of thousands in GB18030."""
    stray = ("品牌市场平台消费" * 4).encode()
    data = (HANS * 50).encode("gb18030") + stray + (HANS * 50).encode("gb18030")
    assert len(data.decode("gb18030")) > 5000
    with pytest.raises(DecodeError, match="is not UTF-8 at byte 0"):
        decode(data)


@pytest.mark.parametrize(
    ("page", "charset"),
    [
        (b'<meta charset="gbk">', "gbk"),
        (b"<META HTTP-EQUIV=Content-Type CONTENT='text/html; charset=Big5'>", "Big5"),
        (b'<?xml version="1.0" encoding="gb2312"?><html>', "gb2312"),
        (b"<html><p>charset=gbk</p>", None),
        (b"<html>" + b" " * 5000 + b'<meta charset="gbk">', None),
    ],
)
def test_charset_of_a_page(page: bytes, charset: str | None) -> None:
    assert declared_charset(page) == charset


@settings(derandomize=True, max_examples=300)
@given(st.binary(max_size=200), st.sampled_from([None, "gbk", "big5", "utf-16", "utf-8"]))
def test_any_bytes_decode_losslessly_or_are_refused(data: bytes, declared: str | None) -> None:
    try:
        text, encoding = decode(data, declared)
    except DecodeError:
        return
    mark = byte_order_mark(data)
    codec, start = (mark[0], mark[2]) if mark else (encoding, 0)
    assert data[start:].decode(codec) == text
    assert "\0" not in text


@settings(derandomize=True, max_examples=200)
@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=100))
def test_utf_8_always_comes_back(text: str) -> None:
    text = text.removeprefix("\ufeff")
    assert decode(text.encode()) == (text, "utf-8")
