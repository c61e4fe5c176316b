"""Peak memory and time of inputs that are hard by their size, each read (and, where it says so, transformed and staged) in a process of its
own. The bound is 1 GB. What is fast enough for every run of the tests is in tests/flows/test_nasty.py."""

from __future__ import annotations

import io
import json
import struct
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

READ = """
import sys, time
from pathlib import Path
from flows.sources import discover, read
found = [item for source in discover([sys.argv[1]])[0] for item in map(type, read(source))]
"""
TRANSFORM = """
import sys, time
from datetime import UTC, datetime
from pathlib import Path
from flows.shards import Shard, transform_shard
from flows.sources import discover
stage = Path(sys.argv[1]).with_name("stage")
stage.mkdir()
transform_shard(Shard(0, tuple(discover([sys.argv[1]])[0]), stage, "run", datetime(2024, 5, 1, tzinfo=UTC), "version"))
"""
PEAK = """
status = Path("/proc/self/status").read_text()
print(f"{int(status.partition('VmHWM:')[2].split()[0]) / 1024:>7,.0f} MB {time.process_time():>7.1f} s")
"""


def large_jsonl(folder: Path) -> None:
    """2 GB in one file."""
    line = json.dumps({"text": "公司当季总净收入为33亿元，同比增长72.4%。" * 40}, ensure_ascii=False).encode() + b"\n"
    block = line * 2000
    with open(folder / "a.jsonl", "wb") as file:
        while file.tell() < 2 * 1024**3:
            file.write(block)


def many_members(folder: Path) -> None:
    """As many members as the list of an archive may have, none of them readable."""
    count = 32 * 1024**2 // 56
    listed = io.BytesIO()
    for i in range(count):
        listed.write(b"PK\x01\x02" + bytes(24) + b"\x0a\x00" + bytes(16) + b"%06d.txt" % i)
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, listed.tell(), 0, 0)
    (folder / "a.zip").write_bytes(listed.getvalue() + end)


def dense(text: str, files: int, folder: Path) -> None:
    for i in range(files):
        (folder / f"{i}.txt").write_text((text * 500_000)[:500_000], encoding="utf-8")


def cases() -> Iterator[tuple[str, str, Path]]:
    """What it is, the program that reads it, the folder it lies in."""
    for name, program, make in (
        ("2 GB of JSON lines, read", READ, large_jsonl),
        ("a zip archive of 600,000 members, read", READ, many_members),
        ("2 articles of 500,000 characters of dates", TRANSFORM, lambda folder: dense("1月", 2, folder)),
        ("2 articles of 500,000 characters of a list of numbers", TRANSFORM, lambda folder: dense("1、", 2, folder)),
        ("2 articles of 500,000 characters of news", TRANSFORM, lambda folder: dense("抖音营收35.2亿元，同比增长41%。", 2, folder)),
    ):
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place) / "in"
            folder.mkdir()
            make(folder)
            yield name, program, folder


def main() -> None:
    print("\nPeak memory and processor time")
    for name, program, folder in cases():
        done = subprocess.run([sys.executable, "-c", program + PEAK, folder], capture_output=True, text=True)
        print(f"  {name:<58} {done.stdout.strip() or done.stderr.strip().splitlines()[-1]}", flush=True)


if __name__ == "__main__":
    main()
