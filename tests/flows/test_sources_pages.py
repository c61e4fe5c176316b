"""The article in an HTML page: every paragraph on its line, nothing of what stands around it."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flows.sources import ReadOptions, Reject, SourceFile, read
from transforms.article import RawDocument

TITLE = "某咖啡品牌二季度营收33亿元 门店突破7000家"
PARAGRAPHS = [
    "8月10日，某连锁咖啡品牌公布第二季度财报。报告显示，公司当季总净收入为33亿元，同比增长72.4%。",
    "公司首席执行官在电话会议上表示，下半年将继续加快在二三线城市的布局。",
    "“我们并不担心短期的补贴，”该负责人说，“真正的竞争在于杯量和复购。”",
]
HEAD = (
    f"<title>{TITLE}_财经_某某网</title><meta name='author' content='李明'><meta property='og:site_name' content='某某网'>"
    "<meta property='article:published_time' content='2022-08-10T09:30:00+08:00'><link rel='canonical' href='https://example.com/1.html'>"
)
AROUND = (
    "<div class='related'><h3>相关阅读</h3><ul>"
    "<li><a href='/2'>新茶饮品牌集体降价背后</a></li><li><a href='/3'>便利店咖啡的下一站</a></li></ul></div>"
    "<footer><p>版权所有 某某网</p></footer><script>var x = '<p>脚本</p>';</script>"
)
BOLD = [f"<strong>{p[:8]}</strong>{p[8:]}" for p in PARAGRAPHS]
BODIES = {
    "p": "".join(f"<p>{p}</p>" for p in BOLD),
    "div": "".join(f"<div>{p}</div>" for p in PARAGRAPHS),
    "br": "<br><br>".join(BOLD),
    "br-and-p": f"{BOLD[0]}<br/>{BOLD[1]}<p>{BOLD[2]}</p>",
    "section": "".join(f"<section><span>{p}</span></section>" for p in PARAGRAPHS),
    "layout-table": f"<table><tr><td>{''.join(f'<p>　　{p}</p>' for p in BOLD)}</td></tr></table>",
}


def page(body: str, charset: str = "utf-8") -> str:
    head = f"<head><meta charset='{charset}'>{HEAD}</head>"
    top = f"<ul class='nav'><li><a href='/'>首页</a></li></ul><h1>{TITLE}</h1>"
    return f"<html>{head}<body>{top}<div class='content'>{body}</div>{AROUND}</body></html>"


def read_page(folder: Path, data: bytes, name: str = "a.html") -> RawDocument | Reject:
    (folder / name).write_bytes(data)
    (item,) = read(SourceFile(folder / name, name, len(data)), ReadOptions())
    return item


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_title_and_paragraphs_are_lines(tmp_path: Path, body: str) -> None:
    document = read_page(tmp_path, page(body).encode())
    assert isinstance(document, RawDocument)
    assert [line.strip() for line in document.text.split("\n")] == [TITLE, *PARAGRAPHS]
    assert (document.title, document.publisher, document.author) == (TITLE, "某某网", "李明")
    assert (document.published_on, document.url) == (date(2022, 8, 10), "https://example.com/1.html")
    assert (document.source_format, document.encoding) == ("html", "utf-8")


@pytest.mark.parametrize(("codec", "charset"), [("gbk", "gb2312"), ("gbk", "utf-8"), ("utf-8", "gb2312"), ("big5", "big5")])
def test_charset_of_the_page(tmp_path: Path, codec: str, charset: str) -> None:
    text = "便利商店營業額為三千億元，年增百分之五，龍頭業者的差距持續擴大。" if codec == "big5" else PARAGRAPHS[0]
    html = f"<html><head><meta charset={charset}></head><body><p>{text}</p></body></html>"
    document = read_page(tmp_path, html.encode(codec), "a.HTM")
    assert isinstance(document, RawDocument)
    assert document.text == text
    assert document.encoding == {"gbk": "gb18030"}.get(codec, codec)


@pytest.mark.parametrize(
    "html",
    [
        f"<p>{PARAGRAPHS[0]}</p>",
        PARAGRAPHS[0],
        f'<?xml version="1.0" encoding="utf-8"?><html><body><p>{PARAGRAPHS[0]}</p></body></html>',
        f"<html><body><p>{PARAGRAPHS[0]}",
        f"<html><body><!-- x --><section><!-- y --><p>{PARAGRAPHS[0]}</p></section><br></body></html>",
    ],
)
def test_fragments_and_odd_pages(tmp_path: Path, html: str) -> None:
    document = read_page(tmp_path, html.encode())
    assert isinstance(document, RawDocument)
    assert document.text == PARAGRAPHS[0]


def test_tables_of_figures_stay(tmp_path: Path) -> None:
    table = "<table><tr><th>指标</th><th>数值</th></tr><tr><td>净收入</td><td>33亿元</td></tr></table>"
    document = read_page(tmp_path, page(BODIES["p"] + table).encode())
    assert isinstance(document, RawDocument)
    assert "| 净收入 | 33亿元 |" in document.text


@pytest.mark.parametrize(
    ("html", "code"),
    [
        ("<html><body></body></html>", "no_main_text"),
        ("<html><body><script>var a = 1;</script></body></html>", "no_main_text"),
        ("<!-- nothing -->", "no_main_text"),
        ("<div>" * 40_000, "no_main_text"),
        (f"<html><p {' '.join(f'a{i}=1' for i in range(30_000))}>{PARAGRAPHS[0]}", "too_complex"),
        (f"<html><p {'/'.join(f'a{i}' for i in range(30_000))}>{PARAGRAPHS[0]}", "too_complex"),
        (f"<html><p {''.join(f'''a{i}='>' ''' for i in range(30_000))}>{PARAGRAPHS[0]}", "too_complex"),
        ("<html>" + "<p>" * 50_000, "too_complex"),
        ("<html>" + "中" * 500_001, "too_long"),
        (f"<html><p>{PARAGRAPHS[0]}\0</p></html>", "nul_byte"),
    ],
    ids=range(10),
)
def test_pages_without_an_article(tmp_path: Path, html: str, code: str) -> None:
    item = read_page(tmp_path, html.encode())
    assert isinstance(item, Reject)
    assert item.error_code == code


def test_a_long_value_is_no_crowd_of_attributes(tmp_path: Path) -> None:
    picture = f"<img src='data:image/png;base64,{'A=b/' * 30_000}'><svg><path d='{'M 1 2 ' * 9_000}'/></svg>"
    document = read_page(tmp_path, page(picture + BODIES["p"]).encode())
    assert isinstance(document, RawDocument)
    assert document.text.endswith(PARAGRAPHS[-1])


TAGS = st.sampled_from(
    [
        "<p>",
        "</p>",
        "<br>",
        "<div>",
        "</div>",
        "<section>",
        "<table>",
        "<tr>",
        "<td>",
        "<h1>",
        "<a href='x'>",
        "<!--",
        "财报。",
        "<",
        "&#0;",
    ]
)


@settings(derandomize=True, max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(TAGS | st.text(st.characters(exclude_categories=["Cs"]), max_size=10), min_size=1, max_size=30))
def test_any_tags(tmp_path: Path, parts: list[str]) -> None:
    item = read_page(tmp_path, "".join(parts).encode())
    assert isinstance(item, Reject) or item.text.strip()
