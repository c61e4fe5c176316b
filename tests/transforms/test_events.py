"""Each rule for events on a sentence of its own: names and times through the real steps."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import clean_text
from transforms import events
from transforms.article import Event

ON = date(2022, 3, 1)


def read(text: str) -> list[Event]:
    return events.extract(clean_text.views(text, ON), ON)


@pytest.mark.parametrize(
    ("text", "kind", "day"),
    [
        ("2021年12月18日，蔚来发布ET5。", "release", date(2021, 12, 18)),
        ("2021年7月7日，小鹏汽车在港交所上市。", "listing", date(2021, 7, 7)),
        ("2021年8月，京东收购了京喜。", "acquisition", date(2021, 8, 1)),
        ("2021年8月3日，京东取得德邦快递52%的股权。", "acquisition", date(2021, 8, 3)),
        ("2018年3月，抖音和淘宝达成合作。", "cooperation", date(2018, 3, 1)),
        ("2021年5月，京东物流完成5亿美元融资。", "funding", date(2021, 5, 1)),
        ("2021年6月，抖音宣布成立电商部门。", "org_change", date(2021, 6, 1)),
        ("2021年8月24日，海底捞发布2021年中期业绩公告。", "report_release", date(2021, 8, 24)),
        ("2021年12月31日，财政部发布通知，补贴退坡。", "policy_change", date(2021, 12, 31)),
        ("2021年10月8日，美团被罚款34.42亿元。", "ban", date(2021, 10, 8)),
        ("2021年10月26日上线的《英雄联盟手游》首月流水超过10亿元。", "launch", date(2021, 10, 26)),
        ("海底捞8月24日发布的财报显示，餐厅达1597家。", "report_release", date(2021, 8, 24)),
        ("2021年10月29日晚间，贵州茅台交出三季报。", "report_release", date(2021, 10, 29)),
        ("《个人信息保护法》将于2022年11月1日起施行。", "policy_change", date(2022, 11, 1)),
        ("2021年4月30日起，乐视网股票被实施停牌。", "other", date(2021, 4, 30)),
        ("2021年10月29日，比亚迪披露，前三季度营收1451亿元。", "report_release", date(2021, 10, 29)),
        ("小米的成绩单早在2021年11月23日就已公布。", "report_release", date(2021, 11, 23)),
        ("2021年3月26日，万科以25亿元拿下杭州一宗宅地。", "acquisition", date(2021, 3, 26)),
        ("2021年5月下旬，字节跳动把搜索团队并入了抖音。", "org_change", date(2021, 5, 21)),
        ("2021年12月22日，国家新闻出版署就新办法公开征求意见。", "policy_change", date(2021, 12, 22)),
        # that a plan was made known in a filing, and no more
        ("2022年1月15日，分众传媒公告称，拟以83亿元收购新潮传媒100%股权。", "other", date(2022, 1, 15)),
        ("西部证券1月21日公告，拟斥资38.2亿元受让国融证券64.6%的股份。", "other", date(2022, 1, 21)),
        ("毛戈平2022年1月通过港交所聆讯。", "listing", date(2022, 1, 1)),
        ("快手2021年11月5日递交港交所招股书。", "listing", date(2021, 11, 5)),
    ],
)
def test_type_and_day(text: str, kind: str, day: date) -> None:
    (event,) = read(text)
    assert (event.type, event.date_start) == (kind, day)


@pytest.mark.parametrize(
    "text",
    [
        "2021年8月，京东计划收购京喜。",  # a plan
        "2021年8月3日，京东否认收购京喜。",  # a denial
        "理想汽车的纯电车型要到2023年才会推出。",  # what lies ahead
        "2021年京东合并营收为9516亿元。",  # part of a noun
        "2021年京东经调整净利润为172亿元。",  # inside a metric word
        "2021年上半年，联商网零售研究中心统计，32家企业关闭了102家门店。",  # who counts
        "2021年上半年，他的店在杭州试营业。",  # a place opens nothing
        "2021年上半年锦江酒店新开业酒店559家。",
        "2021年10月27日，农业农村部挂牌1万吨冻肉。",
        "京东收购京喜。",  # no date
        "如果2021年8月京东收购了京喜。",  # a condition
        "2021年5月，贵州茅台是上市酒企中营收最高的一家。",  # part of a noun
        "2021年8月7日，京东物流是当年最大的IPO。",
        "2021年8月7日，京东聘请普华永道担任审计机构。",  # no office
        "2021年7月，京东的出货量恢复到2019年的五成。",
        "截至2021年8月3日，京东上市公司达5家。",
        "2021年8月3日京东上市",  # a heading
        "成立于2015年的元气森林完成了新一轮融资。",  # the day of another happening
        "2021年7月，京东把全年收入指引下调到9000亿元。",  # a figure, no rule
        "2021年上半年中国中车新签订单1460亿元。",
        "2021年8月，京东创下成立二十年来的新高。",
        "2021年3月15日，证监会支持券商并购重组。",
        "京东预告2021年净利润2亿元。",
        "2020年开始，京东的报表中出现了很多关联方。",  # begins no rule
        "2021年10月10日开始的京东客户节已过半。",
        "2021年8月，京东摆脱了换帅危机。",  # part of a noun
        "面向21世纪，京东与美团的合作将得到发展。",  # no date of a happening
        "1999年到2021年，欧盟对京东立案调查。",
        "2021年8月3日，行业大会在攀枝花召开。",  # where, not who
        "2021年8月3日，京东建议先休息两天，调整体力。",  # no rule
        "2021年8月3日，京东表示愿意出售资产。",
        "2021年，京东亏损由60亿元扩大到102亿元。",  # a figure, no rule
        "2021年8月，公司签约主播四十余位，京东也在招人。",
        "利率从两年前的13%落下，京东则调整了费率。",  # the day of the other figure
    ],
)
def test_no_happening(text: str) -> None:
    assert read(text) == []


def test_a_rule_counts_from_the_day_it_takes_effect() -> None:
    (event,) = read("2021年9月1日，京东宣布，自2021年10月9日起，第三方商品不再支持分期付款。")
    assert (event.type, event.date_start) == ("policy_change", date(2021, 10, 9))
    assert [p.name for p in event.participants] == ["京东"]


def test_a_rule_without_a_name_is_of_who_was_named_before() -> None:
    event = read("京东收紧了规则。自2021年10月9日起，第三方商品不再支持分期付款。")[-1]
    assert [p.name for p in event.participants] == ["京东"]


def test_products_are_launched_not_listed() -> None:
    assert [e.type for e in read("2021年9月，iPhone 13上市。")] == ["launch"]
    assert [e.type for e in read("2021年9月，小红书在纽交所上市。")] == ["listing"]


def test_the_firm_stands_for_its_name() -> None:
    (event,) = read("京东在扩张。2021年8月，该公司收购了德邦快递。")
    assert [(p.name, p.role) for p in event.participants] == [("京东", "actor"), ("德邦快递", "target")]
    (event,) = read("京东在扩张。2021年4月16日，该公司在上海车展发布了新品。")
    assert [(p.name, p.role) for p in event.participants] == [("京东", "actor"), ("上海车展", "other")]


def test_of_what_is_published_the_next_clause_tells() -> None:
    (event,) = read("2021年10月29日，比亚迪披露，前三季度营收1451亿元。")
    assert event.evidence.endswith("营收1451亿元")


def test_who_acts_is_named_in_the_same_half_of_a_sentence() -> None:
    told = read("每日优鲜2021年3月关停了北方业务；叮咚买菜发展更快，2021年4月还拿到7亿美元融资。")
    assert [(e.type, e.participants[0].name) for e in told] == [("org_change", "每日优鲜"), ("funding", "叮咚买菜")]


def test_it_is_who_was_named_before() -> None:
    (event,) = read("赛力斯净利40亿元，2021年8月它花115亿元从华为手里买下深圳引望10%的股权。")
    assert [(p.name, p.role) for p in event.participants] == [("赛力斯", "actor"), ("华为", "target"), ("深圳引望", "target")]


def test_a_company_spoken_of_is_no_product() -> None:
    told = read("网易去年增长很快。它的《阴阳师》2021年6月上线微信小程序。2021年8月28日，公司披露业绩。")
    assert [e.participants[0].name for e in told if e.type == "report_release"] == ["网易"]


def test_recently_is_the_last_two_weeks() -> None:
    (event,) = read("近日，京东推出新品牌。")
    assert (event.date_start, event.date_end) == (date(2022, 2, 15), ON)


def test_one_happening_is_one_row_with_the_more_telling_type() -> None:
    (event,) = read("2021年7月7日，小鹏汽车发布公告，并在港交所挂牌上市。")
    assert event.type == "listing"


def test_the_same_happening_told_twice_is_one_row() -> None:
    assert len(read("2021年7月7日，小鹏汽车在港交所上市。\n2021年7月7日，小鹏汽车登陆港交所。")) == 1


def test_roles() -> None:
    (event,) = read("2021年8月，京东收购了德邦快递。")
    assert [(p.name, p.role) for p in event.participants] == [("京东", "actor"), ("德邦快递", "target")]
    (event,) = read("2018年3月，抖音与淘宝达成合作。")
    assert [(p.name, p.role) for p in event.participants] == [("抖音", "actor"), ("淘宝", "partner")]


def test_evidence_runs_from_the_date_to_the_end_of_the_clause() -> None:
    (event,) = read("不久前，市场震动。2021年8月，京东收购了德邦快递，各方看法不一。")
    assert (event.evidence, event.summary) == ("2021年8月，京东收购了德邦快递", "京东收购了德邦快递")
    (event,) = read("2021年10月25日，新东方宣布，不再经营学科类培训，股价大跌。")
    assert event.evidence == "2021年10月25日，新东方宣布，不再经营学科类培训"


PIECES = "京东|德邦快递|2021年8月3日|近日|收购|上市|发布|《报告》|计划|自|起|，|。|宣布|的|\n|后|与".split("|")  # noqa: SIM905


@settings(derandomize=True, max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
def test_no_text_breaks_the_rules(text: str) -> None:
    for event in read(text):
        assert text[event.start : event.end] == event.evidence
        assert event.date_start is not None
        assert event.date_start <= ON or event.type == "policy_change"


def test_who_invests_takes_part_in_the_same_happening() -> None:
    (event,) = read("2021年9月8日，京东物流完成3500万美元D轮融资，红杉中国领投。")
    assert [(p.name, p.role) for p in event.participants] == [("京东物流", "actor"), ("红杉中国", "partner")]


def test_a_partner_in_front_is_not_the_one_who_acts() -> None:
    (event,) = read("京东物流押注出海，2021年9月16日公告与顺丰控股签下供货合同。")
    assert [(p.name, p.role) for p in event.participants] == [("京东物流", "actor"), ("顺丰控股", "partner")]


def test_what_it_bought_may_do_what_firms_do() -> None:
    (event,) = read("京东在做扩张。2021年9月，它以1.8亿元收购了做企业培训的酷学院。")
    assert (event.type, [p.name for p in event.participants]) == ("acquisition", ["京东"])


def test_a_hearing_of_the_exchange_is_a_step_of_listing() -> None:
    (event,) = read("京东物流2021年4月在港交所通过聆讯。")
    assert (event.type, event.date_start) == ("listing", date(2021, 4, 1))


def test_who_sends_the_report_takes_no_part() -> None:
    (event,) = read("财联社1月5日电，京东宣布涨价。")
    assert [p.name for p in event.participants] == ["京东"]
    assert event.date_start == date(2022, 1, 5)
    (event,) = read("据新华社杭州1月5日电，京东宣布涨价。")
    assert [p.name for p in event.participants] == ["京东"]


def test_where_it_takes_place_is_no_actor() -> None:
    (event,) = read("2021年8月3日，京东在上海车展举行发布会。")
    assert [(p.name, p.role) for p in event.participants] == [("京东", "actor"), ("上海车展", "other")]
    (event,) = read("2021年8月3日，第七批集采在南京开标，药品降价48%。")
    assert [(p.name, p.role) for p in event.participants] == [("南京", "other")]


def test_what_is_cut_from_a_day_on_is_a_rule() -> None:
    (event,) = read("京东决定从2022年3月1日开始将佣金削减一半。")
    assert (event.type, event.date_start) == ("policy_change", date(2022, 3, 1))


def test_a_work_comes_to_the_shops() -> None:
    (event,) = read("2022年2月15日，《流浪地球》在北美上市。")
    assert event.type == "launch"


def test_a_name_that_only_says_which_firm_is_meant_does_nothing() -> None:
    (event,) = read("喜茶在扩张。2022年1月21日，这家拿过四轮阿里投资的公司关停全部业务。")
    assert [p.name for p in event.participants] == ["喜茶"]
