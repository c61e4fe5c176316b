"""Bytes to text: the whole document in one encoding, or not at all.

The order: a byte order mark, then the declared charset, then UTF-8, then the legacy encodings of Chinese. Decoding is always strict,
so that no document is ever half-decoded. UTF-8 proves itself (other text is practically never valid UTF-8); the legacy encodings do
not, since most byte pairs mean some character in each. There a second test decides, `_legibility`: Chinese text, whatever it is about,
keeps to a few thousand everyday characters, while text read in the wrong encoding scatters over twenty thousand.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import chain, product


class DecodeError(ValueError):
    """Bytes that are no text in any one supported encoding. `code` is `undecodable`, `nul_byte` or `binary`."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


#: UTF-32 first: its little-endian mark begins with that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8", "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32-le", "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be", "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le", "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be", "utf-16-be"),
)
#: cp950 and big5hkscs extend big5 by different characters; the first that decodes is taken.
_CHINESE = ("gb18030", "big5", "cp950", "big5hkscs")
_WIDE = ("utf-16-le", "utf-16-be")
#: What a declared name stands for in practice (as in the WHATWG Encoding Standard): GB2312 pages are GBK, Big5 pages have extensions.
_DECLARED = {"utf-8": ("utf-8",), "gb2312": ("gb18030",), "gbk": ("gb18030",), "gb18030": ("gb18030",), "utf-16": _WIDE}
_DECLARED |= {name: (name,) for name in _WIDE} | dict.fromkeys(_CHINESE[1:], _CHINESE[1:])

#: How the files begin that are most often mistaken for text.
_SIGNATURES = {
    b"%PDF-": "a PDF",
    b"PK\x03\x04": "a zip archive or an office document",
    b"\x1f\x8b": "gzip data",
    b"\x89PNG": "a PNG image",
    b"\xff\xd8\xff": "a JPEG image",
    b"\xd0\xcf\x11\xe0": "an old office document",
    b"PAR1": "Parquet",
    b"\x7fELF": "a program",
}
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\v\f\r\x1b"))

_WINDOW = 24
_LEGIBLE = 0.6
_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")
_META = re.compile(rb"""<(?:meta\b[^>]{0,200}?\bcharset|\?xml\b[^>]{0,100}?\bencoding)\s*=\s*["']?\s*([\w.:-]{2,40})""", re.I)


def _block(encoding: str, leads: range, trails: Iterable[int]) -> Iterator[str]:
    yield from (bytes(pair).decode(encoding, "ignore") for pair in product(leads, trails))


@cache
def _everyday() -> frozenset[str]:
    """The symbols and the first level of GB 2312 and of Big5: their makers put what is in everyday use first. 7556 characters."""
    simplified = _block("gb2312", range(0xA1, 0xD8), range(0xA1, 0xFF))
    traditional = _block("big5", range(0xA1, 0xC7), (*range(0x40, 0x7F), *range(0xA1, 0xFF)))
    return frozenset(chain(simplified, traditional))


def _legibility(text: str) -> float:
    """The share of everyday characters among those beyond ASCII, in the window of 24 of them where it is smallest, 0..1.

    The smallest window, because a document that changes its encoding half-way must not pass on the merits of its better half. Measured on
    pairs of Chinese news sentences: correct text has at least 0.87, GB18030 and UTF-16 read for anything else at most 0.67, GB18030
    read as Big5 at most 0.80 (where the right reading has 0.87 and wins).
    """
    beyond = "".join(_NOT_ASCII.findall(text))
    if not beyond:
        return 0.0
    everyday = _everyday()
    last = max(0, len(beyond) - _WINDOW)
    windows = (beyond[at : at + _WINDOW] for at in (*range(0, last, _WINDOW), last))
    return min(sum(map(everyday.__contains__, window)) / len(window) for window in windows)


def _strictly(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _most_legible(data: bytes, encodings: Iterable[str]) -> tuple[str, str] | None:
    """The reading that looks most like Chinese, if any does; of equals the first."""
    best: tuple[str, str] | None = None
    best_score = _LEGIBLE
    for encoding in encodings:
        text = _strictly(data, encoding)
        if text is not None and (score := _legibility(text)) > best_score:
            best, best_score = (text, encoding), score
    return best


def declared_charset(html: bytes) -> str | None:
    """The charset an HTML or XML page declares in its first 4096 bytes.

    >>> declared_charset(b'<html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312">')
    'gb2312'
    """
    found = _META.search(html, 0, 4096)
    return found[1].decode("ascii", "replace") if found else None


def decode(data: bytes, declared: str | None = None) -> tuple[str, str]:
    """The text of a whole document without its byte order mark, and the name of its encoding. Line ends stay as they are.

    `declared` is what the document or its server says of its charset. It is believed where the bytes decode strictly and, for the legacy
    encodings, read as Chinese: pages that declare gb2312 and hold UTF-8 are common.

    >>> decode("清文".encode("utf-8-sig")), decode("這是中文的內容".encode("big5"))
    (('清文', 'utf-8-sig'), ('這是中文的內容', 'big5'))

    Raises DecodeError.
    """
    text, encoding = _marked(data) or _declared(data, declared) or _undeclared(data)
    if "\0" in text:
        raise DecodeError("nul_byte", f"holds a NUL character at character {text.index(chr(0))}; remove it, or export the text again")
    return text, encoding


def byte_order_mark(data: bytes) -> tuple[str, str, int] | None:
    """Codec, name of the encoding and length of the mark the data begin with.

    >>> byte_order_mark("清文".encode("utf-8-sig"))
    ('utf-8', 'utf-8-sig', 3)
    """
    return next(((codec, name, len(mark)) for mark, codec, name in _MARKS if data.startswith(mark)), None)


def _marked(data: bytes) -> tuple[str, str] | None:
    if not (found := byte_order_mark(data)):
        return None
    codec, name, length = found
    try:
        return data[length:].decode(codec), name
    except UnicodeDecodeError as error:
        place = f"byte {error.start + length}"
        raise DecodeError("undecodable", f"begins with the mark of {name} but breaks at {place}; save it again as UTF-8") from None


def _declared(data: bytes, declared: str | None) -> tuple[str, str] | None:
    try:
        encodings = _DECLARED.get(codecs.lookup(declared or "").name, ())
    except (LookupError, ValueError):
        return None
    for encoding in encodings:
        text = _strictly(data, encoding)
        if text is not None and (encoding == "utf-8" or _legibility(text) > _LEGIBLE):
            return text, encoding
    return None


def _undeclared(data: bytes) -> tuple[str, str]:
    if kind := next((kind for signature, kind in _SIGNATURES.items() if data.startswith(signature)), None):
        raise DecodeError("binary", f"is {kind}, not text; convert it to text, or give it the extension of its format")
    nul = data.find(0)
    controls = len(data) - len(data.translate(None, _CONTROLS))
    if nul < 0 and controls <= len(data) // 10 and (text := _strictly(data, "utf-8")) is not None:
        return text, "utf-8"
    # UTF-16 without a mark has NUL bytes wherever it holds a line end or a digit; the other encodings have none.
    if found := _most_legible(data, (*(_CHINESE if nul < 0 else ()), *(_WIDE if len(data) % 2 == 0 else ()))):
        return found
    if controls > len(data) // 10:
        raise DecodeError("binary", "is binary data, not text; convert it to text, or give it the extension of its format")
    if nul >= 0:
        raise DecodeError("nul_byte", f"holds a NUL byte at byte {nul}; remove it, or export the text again")
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        place = f"is not UTF-8 at byte {error.start}"
    raise DecodeError("undecodable", f"{place}, nor is it Chinese in GB18030, Big5 or UTF-16; save it again as UTF-8")
