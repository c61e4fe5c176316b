"""Which column of a record holds what, and what its values mean."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from itertools import islice
from typing import Any

from flows.sources.model import ReadOptions, SourceError

#: The usual names of each field, the surest first; upper and lower case are the same.
USUAL_NAMES: Mapping[str, tuple[str, ...]] = {
    "text": ("text", "content", "body", "article", "正文", "内容", "全文", "文章"),
    "title": ("title", "headline", "标题"),
    "url": ("url", "link", "链接", "网址"),
    "published": (
        *("published_on", "published", "date", "pub_date", "publish_time", "created_at"),
        *("日期", "发布时间", "发布日期", "时间"),
    ),
    "publisher": ("publisher", "source", "site", "media", "来源", "媒体", "发布者"),
    "author": ("author", "byline", "作者"),
}
#: Longer than this, a title or a name is something else in the wrong column.
_MAX_NAME = 2000
_CHINA = timezone(timedelta(hours=8))
_YMD = re.compile(r"(?<!\d)((?:19|20)\d\d)\s*(?:[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})|(\d\d)(\d\d))(?!\d)")
_UTC = re.compile(r"\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?\s*(?:Z|UTC|GMT|[+-]00:?00)$")


def columns(names: tuple[str, ...], options: ReadOptions) -> Mapping[str, str]:
    """The column that holds each field, as far as there is one.

    >>> columns(("ID", "标题", "Content", "text"), ReadOptions())
    {'text': 'text', 'title': '标题'}
    >>> columns(("ID", "标题", "Content", "text"), ReadOptions(text_column="content"))
    {'text': 'Content', 'title': '标题'}
    """
    spelled = {name.strip().casefold(): name for name in reversed(names)} | {name: name for name in names}
    found = {}
    for field, usual in USUAL_NAMES.items():
        wanted = getattr(options, f"{field}_column")
        candidates: Sequence[str] = (wanted, wanted.casefold()) if wanted else usual
        if match := next((spelled[name] for name in candidates if name in spelled), None):
            found[field] = match
    return found


def no_text_column(names: Iterable[str], options: ReadOptions) -> SourceError:
    shown = ", ".join(repr(name[:40]) for name in islice(names, 20)) or "none at all"
    wanted = f"no column {options.text_column!r}" if options.text_column else "no column with a usual name for the text"
    return SourceError("no_text_column", f"{wanted} among its columns ({shown}); name it with --text-column")


def metadata(record: Mapping[str, Any], where: Mapping[str, str]) -> dict[str, Any]:
    """The fields of a RawDocument other than its text, from a record whose columns are known.

    >>> metadata({"标题": "财报", "date": "2022-08-10"}, {"title": "标题", "published": "date"})
    {'title': '财报', 'url': None, 'publisher': None, 'author': None, 'published_on': datetime.date(2022, 8, 10)}
    """
    values = {field: record[name] for field, name in where.items()}
    names: dict[str, Any] = {field: name_of(values.get(field)) for field in ("title", "url", "publisher", "author")}
    return names | {"published_on": day_of(values.get("published"))}


def name_of(value: Any) -> str | None:
    """A title, a name or an address as text; several authors are joined by 、.

    >>> name_of(["甲", "乙"]), name_of("  "), name_of(36)
    ('甲、乙', None, '36')
    """
    if isinstance(value, list):
        value = "、".join(part.strip() for part in value if isinstance(part, str) and part.strip())
    elif isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or len(value) > _MAX_NAME:
        return None
    return value.strip() or None


def day_of(value: Any) -> date | None:
    """The day a value names, None where it names none between 1900 and 2099.

    A time in UTC (seconds or milliseconds since 1970, a time stamp, a trailing Z) is a machine's: it becomes the day it was in China.
    With any other offset, or none, it is the publisher's own clock, and the day is the one written there.

    >>> [day_of(v).isoformat() for v in ("2020年5月1日 08:30", "2020/5/1", "20200501", 1588291200, "2020-04-30T16:00:00Z")]
    ['2020-05-01', '2020-05-01', '2020-05-01', '2020-05-01', '2020-05-01']
    >>> day_of("soon"), day_of("2020-13-01"), day_of(True)
    (None, None, None)
    """
    try:
        day = _day(value)
    except (ValueError, OverflowError, OSError, TypeError):
        return None
    return day if day and 1900 <= day.year < 2100 else None


def _day(value: Any) -> date | None:
    if isinstance(value, datetime):
        return (value.astimezone(_CHINA) if value.tzinfo and not value.utcoffset() else value).date()
    if isinstance(value, date):
        return value
    if isinstance(value, str):
        value = value.strip()
        if len(value) > 100:
            return None
        if found := _YMD.search(value):
            year, month, day = int(found[1]), int(found[2] or found[4]), int(found[3] or found[5])
            if _UTC.search(value):
                return _day(datetime.fromisoformat(re.sub(r"\s*(?:Z|UTC|GMT)$", "+00:00", value)))
            return date(year, month, day)
        if re.fullmatch(r"\d{9,13}(?:\.\d+)?", value):
            return _day(float(value))
        return _day(parsedate_to_datetime(value))
    if isinstance(value, int | float) and not isinstance(value, bool):
        seconds = value / 1000 if value > 1e11 else value
        return datetime.fromtimestamp(seconds, _CHINA).date() if seconds > 0 else None
    return None
