"""The fuzz targets for a few seconds, what they have found before, and time that must grow no faster than the text."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz.targets import TARGETS
from tests.transforms.test_pipeline import check, transform


@pytest.mark.parametrize("target", TARGETS.values(), ids=TARGETS)
def test_any_bytes(target: Callable[[bytes], None]) -> None:
    @settings(max_examples=80, deadline=None, derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.binary(max_size=150))
    def run(data: bytes) -> None:
        target(data)

    run()


@pytest.mark.parametrize("text", ["3、2日", "一百五十€ 1", "3、2日，从3、2日起"])
def test_found_before(text: str) -> None:
    check(transform(text))


NEWS = "公司营收35.2亿元，同比增长41%"
#: What some step could take for one thing without end.
RUNS = (
    *("1", "1%", "1、", "1至", "1月", "1亿元、", "百分之三十", "去年同期", "春节", "万"),
    *("(", "《", "《中国", '"', "<a ", "-", ".", "。", "，", " ", "\n", "的\n", "\u200b"),
    *("ab ", "Apple ", "A.", "Wang传福", "增长增长", "億萬", "😀", "\u0301", "鱻龘"),
    *("抖音、", "抖音与快手合作、", "腾讯控股有限公司", "张三表示，", "2020年5月1日，抖音收购了快手，"),
    *(NEWS, NEWS + "，", NEWS + "\n", NEWS * 9 + "\n\n", "抖音营收35.2亿元，快手营收增长41%，", "从34%上升到78%，"),
    *("A、B、C分别为1、2、3，", "作者:张三\n", "标题标题标题\n", "抖音（Douyin）", "100 yuan ", "公司\n营收"),
)
SHORT, LONG = 2_000, 20_000


def seconds(text: str) -> float:
    start = time.process_time()
    transform(text)
    return time.process_time() - start


@pytest.mark.parametrize("run", RUNS)
def test_time_grows_with_the_length(run: str) -> None:
    """Ten times the text takes about ten times the time, and a hundred times where something is quadratic."""
    short, long = (run * (length // len(run)) for length in (SHORT, LONG))
    for _ in range(3):  # other processes take caches away
        if seconds(long) < 33 * max(seconds(short), 0.005):
            return
    pytest.fail(f"{run!r}: {seconds(short):.3f} s for {SHORT} characters, {seconds(long):.3f} s for {LONG}")
