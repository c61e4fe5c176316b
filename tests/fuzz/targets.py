"""What is fuzzed: functions of any bytes that must neither fail nor hang, whatever they are given.

Hypothesis runs them in the test suite for seconds, `python -m tests.fuzz TARGET` by coverage for as long as one likes.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from flows.sources import ERROR_CODES, ReadOptions, Reject, SourceFile, read
from tests.transforms.test_pipeline import PIECES, check, transform
from transforms.decoding import DecodeError, decode

SUFFIXES = (".txt", ".md", ".html", ".jsonl", ".csv", ".parquet", ".zip", ".txt.gz", ".jsonl.gz", ".csv.gz", ".parquet.gz", ".html.gz")
DECLARED = (None, "utf-8", "gbk", "big5", "utf-16", "no such charset")
#: Words and marks that some step looks for, so that a byte of fuzz is a thing that means something to it.
WORDS = (
    *PIECES,
    *"0123456789年月日号周季初末底前后上下半去今明同每近超约第几多两十百千万亿元倍个人家的和与及其某该·张王马，。、；：？！…（）“”‘’",
    *("1", "12", "31", "2020", "季度", "半年", "同期", "星期", "小时", "春节", "双11", "Q1", "H1", "至今", "以来", "截至", "本财年"),
    *("美元", "人民币", "$", "¥", "€", "%", "个百分点", "分之", "以上", "左右", "不等", "之间", "-", "~", "到", "从", "由", "/", ":"),
    *("快手", "腾讯", "雷Jun", "Xiaomi", "集团", "有限公司", "大学", "先生", "首席执行官", "旗下", "董事长", "表示", "宣布", "据", "报告"),
    *(
        "营收",
        "净利润",
        "用户",
        "市场份额",
        "同比",
        "环比",
        "增长",
        "下降",
        "累计",
        "其中",
        "分别为",
        "目标",
        "预计",
        "收购",
        "融资",
        "合作",
    ),
    *(
        "\u3000",
        "\r",
        "\t",
        "\ufeff",
        "\u202e",
        "点",
        "億",
        "來源：",
        "作者：",
        "http://",
        "=",
        "+",
        "#",
        "*",
        "|",
        "&amp;",
        "１",
        "Ⅷ",
        "½",
    ),
)
SMALL = ReadOptions(max_chars=20_000)


def decoding(data: bytes) -> None:
    """The first byte says what the document declares of its charset."""
    with suppress(DecodeError):
        text, _ = decode(data[1:], DECLARED[data[0] % len(DECLARED)] if data else None)
        assert "\0" not in text
        text.encode("utf-8")


def files(data: bytes) -> None:
    """The first byte says the extension."""
    suffix = SUFFIXES[data[0] % len(SUFFIXES)] if data else ".txt"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"a{suffix}"
        path.write_bytes(data[1:])
        found = list(read(SourceFile(path, path.name, len(data)), SMALL))
    assert found, "neither an article nor a reason"
    for item in found:
        if isinstance(item, Reject):
            assert ERROR_CODES[item.error_code][0] == item.stage
            item.message.encode("utf-8")
        else:
            assert item.text.strip()
            "".join((item.text, item.title or "", item.author or "", item.publisher or "")).encode("utf-8")


def texts(data: bytes) -> None:
    """Any text through the whole pipeline."""
    check(transform(data.decode("utf-8", "ignore")))


def words(data: bytes) -> None:
    """Every byte is a word of `WORDS`."""
    check(transform("".join(WORDS[byte % len(WORDS)] for byte in data)))


TARGETS: dict[str, Callable[[bytes], None]] = {target.__name__: target for target in (decoding, files, texts, words)}
