"""Each rule for facts on a sentence of its own: names, numbers and times through the real steps."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import clean_text
from transforms import facts, reference
from transforms.article import Fact
from transforms.facts import binding, changes, measures, phrases, sources
from transforms.facts.extraction import Rules
from transforms.facts.lexicon import lexicon
from transforms.facts.view import SentenceView

ON = date(2022, 3, 1)


def views(text: str) -> list[SentenceView]:
    return clean_text.views(text, ON)


def explained(text: str) -> list[tuple[Fact, Rules]]:
    return facts.explain(views(text), reference.load(), ON)


def read(text: str) -> list[Fact]:
    return facts.extract(views(text), reference.load(), ON)


def brief(text: str) -> list[tuple[str, str, float | None]]:
    """Subject, metric and value of every fact."""
    return [(f.subject, f.metric, None if f.value is None else float(f.value)) for f in read(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("小米2021年营收3283亿元，同比增长33.5%。", [("小米", "revenue", 3283e8), ("小米", "growth_rate", 33.5)]),
        ("京东净亏损36亿元。", [("京东", "net_profit", -36e8)]),
        ("去年美团员工超过10万人。", [("美团", "headcount", 1e5)]),
        ("滴滴被处以80.26亿元罚款。", [("滴滴", "fine", 80.26e8)]),
        ("腾讯收入下降7%至312亿元。", [("腾讯", "growth_rate", -7), ("腾讯", "revenue", 312e8)]),
        ("百度毛利率提升2.3个百分点。", [("百度", "growth_rate", 2.3)]),
        ("京东市值蒸发超过500亿美元。", [("京东", "market_value_change", -500e8)]),
        ("网易订单量是去年同期的3倍。", [("网易", "growth_multiple", 3)]),
        ("京东毛利率为13.2%，较上年同期下降0.4个百分点。", [("京东", "gross_margin", 13.2), ("京东", "growth_rate", -0.4)]),
        ("京东拥有1300家门店和200个仓库。", [("京东", "store_count", 1300), ("京东", "warehouse_count", 200)]),
        ("宁德时代在匈牙利投资73.4亿欧元。", [("宁德时代", "investment", 73.4e8)]),  # a number is no firm
        ("京东净利润2亿元，综合成本率降至95.8%，比上年下降0.6%。", [("京东", "net_profit", 2e8)]),  # the change of what has no code
        ("普氏62%铁矿石价格指数为113.5点。", [("普氏", "index", 113.5)]),  # a kind of ore
        ("中芯国际月产能折合8英寸晶圆75万片。", [("中芯国际", "capacity", 75e4)]),
        ("腾讯股价盘中跌去6%。", [("腾讯", "share_price_change", -6)]),
        ("京东净亏损收窄40%，为3亿元。", [("京东", "growth_rate", -40), ("京东", "net_profit", -3e8)]),
        ("京东净利润下降20%，只剩3亿元。", [("京东", "growth_rate", -20), ("京东", "net_profit", 3e8)]),
        (
            "抖音月活用户7亿；快手4亿，同比增长3%。",
            [("抖音", "monthly_active_users", 7e8), ("快手", "monthly_active_users", 4e8), ("快手", "growth_rate", 3)],
        ),
        ("淘宝服饰GMV为90亿元，拼多多服饰60亿元。", [("淘宝", "gmv", 90e8), ("拼多多", "gmv", 60e8)]),
        (
            "比亚迪装机量为30GWh，市占率22%；宁德时代50GWh，份额40%。",
            [
                ("比亚迪", "installed_capacity", 30),
                ("比亚迪", "market_share", 22),
                ("宁德时代", "installed_capacity", 50),
                ("宁德时代", "market_share", 40),
            ],
        ),
        ("美团的份额为60%，饿了么拿走了三成。", [("美团", "market_share", 60), ("饿了么", "market_share", 30)]),
        ("三星在国内市场排名第三。", [("三星", "ranking", 3)]),
        ("三星从第五位升至第二位。", [("三星", "ranking", 5), ("三星", "ranking", 2)]),
        (
            "华为手机份额为16%，排在第二的传音控股为14%。",
            [("华为", "market_share", 16), ("传音控股", "ranking", 2), ("传音控股", "market_share", 14)],
        ),
        ("三星以14%的份额排在第二。", [("三星", "market_share", 14)]),  # the figure says more than its rank
        ("京东营收翻了一倍，达到60亿元。", [("京东", "growth_multiple", 2), ("京东", "revenue", 60e8)]),
        ("京东门店9778家，八成开在县城。", [("京东", "store_count", 9778), ("京东", "share", 80)]),
        ("京东九成订单来自北方。", [("京东", "share", 90)]),
        ("京东净增86家，自建42家。", [("京东", "store_count", 86), ("京东", "store_count", 42)]),
        ("京东营收掉了21.3%，每股派息0.76元。", [("京东", "growth_rate", -21.3), ("京东", "dividend", 0.76)]),
    ],
)
def test_metric_of_a_number(text: str, expected: list[tuple[str, str, float]]) -> None:
    assert brief(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "京东门店距离目标还差近900家。",  # a difference
        "特斯拉涨价4300元。",
        "小米投资10亿元的项目开工。",  # an attribute
        "美团和京东等三家公司都在亏损。",  # a number of things
        "渣打集团普通股权一级资本比率为13.9%。",  # a rate that has no code
        "两家公司的营收合计1900亿元。",  # several together
        "中国国航、东方航空都在增班，不过上半年两家合计亏损125亿元。",
        "喜茶收购了拥有186家门店的连锁。",  # a number of things of something else
        "京东在20个城市仓库试点。",
        "如果抽成降到20%，滴滴每月多赚800元。",  # a condition, and what would follow
        "京东在扩张。一位店长说，我们的营业额为3000元。",  # somebody without a name
        "《网约车经营服务管理细则》落地，抽成比例不得超过25%。",  # a rule is about others
        "喜茶加盟商说，我们店毛利率为60%。",
        "招商银行存量房贷利率七折。",  # 70 percent of a rate is no rate
        "道琼斯30种工业股票指数飙升。",  # counters of other things
        "京东教师对其中200多篇论文评审。",
    ],
)
def test_what_measures_nothing_is_no_fact(text: str) -> None:
    assert read(text) == []


def test_respectively_goes_to_metrics_in_order() -> None:
    assert brief("小米营收和净利润分别为856亿元和45亿元。") == [("小米", "revenue", 856e8), ("小米", "net_profit", 45e8)]


def test_respectively_goes_to_subjects_in_order() -> None:
    assert brief("阿里巴巴、京东的营收分别为2400亿元、2700亿元。") == [("阿里巴巴", "revenue", 2400e8), ("京东", "revenue", 2700e8)]


def test_respectively_holds_for_growths() -> None:
    assert brief("2021年，京东和美团的营收分别增长9.9%和22.8%。") == [("京东", "growth_rate", 9.9), ("美团", "growth_rate", 22.8)]
    assert [(f.base_metric, f.value) for f in read("京东的营收和净利润分别增长9%和22%。")] == [("revenue", 9), ("net_profit", 22)]


def test_a_change_of_what_has_no_code_is_not_of_the_last_metric() -> None:
    assert [(f.metric, f.base_metric) for f in read("百度营收增长5%，百度搜索量同比增长30%。")] == [
        ("growth_rate", "revenue"),
        ("growth_rate", None),
    ]


def test_a_price_for_one_thing_is_no_other_value_of_a_deal() -> None:
    assert [f.metric for f in read("京东用11.8亿元买下达达。每送一件只有0.9元。")] == ["acquisition_price"]


def test_two_ends_get_the_ends_of_the_period() -> None:
    near, far = read("2021年5月至7月，京东市场份额从31.5%上升到73.1%。")
    assert (near.value, near.period_start, near.period_end) == (Decimal("31.5"), date(2021, 5, 1), date(2021, 5, 31))
    assert (far.value, far.period_start, far.period_end) == (Decimal("73.1"), date(2021, 7, 1), date(2021, 7, 31))
    assert near.comparison == "from"


def test_the_near_end_within_a_quarter_is_of_no_month() -> None:
    near, far = read("2021年第三季度，京东毛利率从12%提高到15%。")
    assert (near.period_start, far.period_start, far.period_end) == (None, date(2021, 7, 1), date(2021, 9, 30))


def test_ends_with_times_of_their_own_keep_them() -> None:
    near, far = read("2021年京东毛利率从上年的12%提高到15%。")
    assert (near.period_start, far.period_start) == (date(2020, 1, 1), date(2021, 1, 1))
    near, far = read("京东毛利率从2019年的12%提高到2021年的15%。")
    assert (near.period_start, far.period_start) == (date(2019, 1, 1), date(2021, 1, 1))


@pytest.mark.parametrize(
    ("text", "subject", "rule"),
    [
        ("京东集团旗下的达达营收20亿元。", "达达", "actor"),
        ("比亚迪是赢家。这家公司2021年销量为59万辆。", "比亚迪", "anaphor"),
        ("2021年全国新能源乘用车销量为299万辆。", "新能源乘用车", "phrase"),
        ("小鹏汽车在港交所上市，募资140亿港元。", "小鹏汽车", "inherited"),
        ("2021年，国内生产总值114万亿元。", "中国", "economy"),
        ("真正的赢家是比亚迪。这家从电池起步的公司去年销量为59万辆。", "比亚迪", "anaphor"),
        ("京东和美团争夺最后一公里，后者订单量达140亿单。", "美团", "anaphor"),
        ("美团在扩张。王兴说，单车的均价为9元。我们的毛利率为23%。", "美团", "anaphor"),
        ("小米营收3283亿元；网上家庭的营收为461亿元。", "网上家庭", "phrase"),
        ("京东三季度财报显示，其总收入2187亿元；中国外卖业务收入257亿元。", "京东", "phrase"),
        ("粗钢产量5.4亿吨。1至6月，中国出口钢材4358万吨，进口钢材374万吨。", "中国", "economy"),
        ("零售業營業額為4兆元。香港方面，業界團體預期全年營業額將增長15%。", "香港", "inherited"),
        ("喜茶在扩张。每杯售价9.9元。", "喜茶", "inherited"),
        ("哈尔滨冰灯游园会客流271万人次。", "哈尔滨冰灯游园会", "phrase"),
        ("监管部门要求消费金融公司把年化利率降至24%以内。", "消费金融公司", "phrase"),
        ("京东发布新机。多晶硅价格为每公斤190元。", "多晶硅", "phrase"),
        ("业内人士预计电影票房将达到500亿元。", "电影", "phrase"),
        ("华虹公司登陆科创板，发行价52元。", "华虹公司", "inherited"),
        ("《长津湖》上映。国庆档总票房43.9亿元。", "国庆档", "phrase"),
        ("到2026年直播电商市场规模将超过8万亿元。", "直播电商", "phrase"),
        ("全国有线下学科类培训机构12.4万家。", "线下学科类培训机构", "phrase"),
        ("2021年直播电商市场规模为2万亿元，到2028年这一市场将达到8万亿元。", "直播电商", "anaphor"),
        ("苏州银行在扩张。该行拟派发现金红利14.3亿元。", "苏州银行", "anaphor"),
        ("京东营收60亿元。去年在美团上接单的骑手有700万人。", "美团", "actor"),
        ("京东去年在美团上市那天亏损7亿元。", "京东", "actor"),
        ("盒马所属的阿里巴巴，三季度营收2365亿元。", "阿里巴巴", "inherited"),
        ("京东三季度营收60亿元，国内门店订单量为3亿单。", "京东", "phrase"),
        ("京东宣布，即时零售日订单量突破3000万单。", "京东", "inherited"),
    ],
)
def test_subject(text: str, subject: str, rule: str) -> None:
    fact, rules = explained(text)[-1]
    assert (fact.subject, rules.subject) == (subject, rule)


def test_a_name_behind_a_verb_does_not_act() -> None:
    assert [s for s, *_ in brief("比亚迪2021年销量为59万辆，其中搭载华为系统的车型超过20万辆。")] == ["比亚迪", "比亚迪"]


def test_a_part_of_a_company_is_a_slice() -> None:
    total, part = read("小米2021年营收3283亿元，其中互联网业务收入282亿元。")
    assert (part.subject, total.cohort) == ("小米", None)
    assert part.cohort is not None
    assert "互联网" in part.cohort


def test_shops_are_counted_as_shops() -> None:
    assert [f.unit for f in read("益丰药房关闭104家。")] == ["store"]


def test_a_part_of_a_market_is_a_subject_of_its_own() -> None:
    assert [f.subject for f in read("2021年全国餐饮业营业额为4.7万亿元，其中火锅店营业额为5000亿元。")] == ["餐饮业", "火锅店"]


def test_traditional_phrases_stay_traditional_and_take_the_place() -> None:
    fact = read("台灣零售業走出陰霾。2021年零售業營業額為4兆元。")[-1]
    assert fact.subject == "台灣零售業"


def test_a_group_is_the_subject_of_what_it_does() -> None:
    fact = read("仅有51.5%的用户表示满意。")[0]
    assert (fact.subject, fact.metric) == ("用户", "satisfaction_rate")


def test_a_rule_is_open_ended_and_names_its_slice() -> None:
    fact = read("京东规定，自2021年6月1日起，对第三方商品收取5%服务费。")[0]
    assert (fact.status, fact.metric, fact.cohort) == ("policy", "commission_rate", "第三方商品")
    assert (fact.period_start, fact.period_end) == (date(2021, 6, 1), None)


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("小米2022年的销量目标是2亿台。", "target"),
        ("小米距离5000家门店的目标还差900家。", "target"),
        ("京东2022年营收有望达到1万亿元。", "forecast"),
        ("京东2021年营收9516亿元。", "actual"),
        ("京东预计，2025年营收达到2万亿元。", "forecast"),
        ("京东今年的营收有望增长5%。", "forecast"),
        ("京东将共同投资1500万美元。", "target"),
        ("京东虚拟商品交易额为5亿元。", "actual"),  # 拟 is part of a word
        ("中通快递维持2022年290亿件的业务量指引。", "forecast"),
        ("艾瑞咨询估计，今年京东的营收会摸到1万亿元。", "forecast"),
        ("京东今年准备把亏损压到60亿元以内。", "target"),
        ("京东今年要开到5000家门店。", "target"),
        ("京东今年需要完成5000家门店。", "actual"),
        ("中通把全年包裹量指引收窄至292亿件。", "forecast"),
        ("中通未来三年资本开支每年不低于80亿元。", "forecast"),
        ("中通把全年营收增速指引由20%上调到25%。", "forecast"),
        ("中通2022年资本开支将首次超过80亿元。", "forecast"),
        ("中通2022年资本开支将首破80亿元。", "forecast"),
        ("中通今年的资本开支安排为80亿元。", "target"),
        ("中通新财年还要再开100家门店。", "target"),
        ("中通拟在北京扩张，并关闭250家门店。", "target"),
        ("中通预计2021年净利润为47亿元。", "forecast"),  # told in March, before the results are out
        ("中通预计2020年净利润为47亿元。", "actual"),
        ("中通2021年净利润预增10亿元。", "forecast"),
        ("中通拟在北京扩张，招人两次，并预计营收达80亿元。", "forecast"),
    ],
)
def test_status(text: str, status: str) -> None:
    assert read(text)[0].status == status


def test_a_forecast_goes_on_over_what_is_not_past() -> None:
    assert [f.status for f in read("京东2022年营收可望增长5%，资本支出约50亿元。")] == ["forecast", "forecast"]
    assert [f.status for f in read("京东2022年营收可望增长5%，2021年资本支出为50亿元。")] == ["forecast", "actual"]


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("去年美团营收1791亿元。", date(2021, 1, 1)),
        ("1月11日，乘联会公布的数据显示，2021年全国乘用车销量为2015万辆。", date(2021, 1, 1)),  # not the day of the report
        ("2021年美团营收1791亿元，较2019年增长83%。", date(2021, 1, 1)),  # not what it is compared with
        ("美团公布2021年第三季度业绩。当季，美团营收488亿元。", date(2021, 7, 1)),
        ("10月，圆通速递营收47亿元。\n当月，顺丰控股营收168亿元。", date(2021, 10, 1)),
        ("2021年，美团营收1791亿元，较上年同期的1148亿元增长56%。", date(2021, 1, 1)),
        ("伊利股份披露2021年半年度报告。报告期内，公司营收563亿元。", date(2021, 1, 1)),
        ("京东的市值2021年2月17日突破1万亿元，此后回落了约16%。", None),
        ("去年12月18日，蔚来发布ET5，起售价为32.8万元。", None),  # a list price holds as long as it is listed
    ],
)
def test_period(text: str, start: date | None) -> None:
    assert read(text)[-1].period_start == start


def test_a_stock_lends_its_day_to_no_other_subject() -> None:
    first, second = read("截至2021年12月31日，蔚来换电站777座。小鹏汽车充电站661座。")
    assert (first.period_end, second.period_end) == (date(2021, 12, 31), None)


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("据36氪报道，小米2021年营收3283亿元。", "36氪"),
        ("《中国餐饮报告》显示，2021年全国餐饮业规模达4.7万亿元。", "中国餐饮报告"),
        ("据了解，小米2021年营收3283亿元。", None),
        ("小米2021年营收3283亿元。", None),
        ("QuestMobile数据估算，小米2021年营收3283亿元。", "QuestMobile"),  # no hearsay: 数据 ends with 据
        ("QuestMobile推算，小米2021年营收3283亿元。", "QuestMobile"),
        ("美团宣布，日订单量突破1.4亿单；QuestMobile公布的数字是1.2亿单。", None),
    ],
)
def test_source(text: str, source: str | None) -> None:
    assert read(text)[0].source == source


def test_a_report_goes_on_until_another_subject_acts() -> None:
    found = read("国家邮政局公布的数据显示，2021年全国快递业务量1083亿件。快递业务收入1.03万亿元。顺丰营收2071亿元。")
    assert [f.source for f in found] == ["国家邮政局", "国家邮政局", None]
    assert [bool(sources.of_sentence(v).speaker) for v in views("小米表示，营收3283亿元。")] == [True]


def test_growth_shares_subject_period_and_status_of_its_base() -> None:
    base, growth = read("京东预计2023年营收将达到1.2万亿元，同比增长10%。")
    assert (growth.subject, growth.period_start, growth.status) == (base.subject, base.period_start, "forecast")
    assert (growth.base_metric, growth.comparison) == ("revenue", "yoy")


def test_growth_is_of_the_same_slice_as_its_base() -> None:
    assert [f.cohort for f in read("小米2021年智能手机出货量为1.9亿台，同比增长30%。")] == ["智能手机"] * 2


def test_a_title_does_not_repeat_the_text() -> None:
    assert [f.sentence_index for f in read("小米营收3283亿元\n小米2021年营收3283亿元。")] == [1]


def test_explain_names_the_rules_and_the_confidence_follows_them() -> None:
    named, borrowed = explained("小米2021年营收3283亿元，研发投入132亿元。")
    assert (named[1], borrowed[1]) == (Rules("before", "actor", "time"), Rules("before", "inherited", "time"))
    assert 0 < borrowed[0].confidence < named[0].confidence <= 1


def test_noun_phrases() -> None:
    words = lexicon(reference.load())

    def head(text: str) -> str | None:
        view = views(text)[0]
        phrase = phrases.head(view, 0, len(text), words)
        return view.surface(phrase) if phrase else None

    assert head("预测今年直播电商整体") == "直播电商"
    assert head("已上线品牌") is None
    assert head("补贴后") is None
    assert head("同期") is None


@pytest.mark.parametrize(
    ("find", "text", "expected"),
    [
        (changes.beside, "营收同比增长41%", 1),
        (changes.beside, "营收增速回升至8%", 1),
        (changes.beside, "营收跌幅达5%", -1),
        (changes.beside, "占比增至41%", None),
    ],
)
def test_direction_of_a_change(find: Callable[[measures.Number], changes.Change | None], text: str, expected: int | None) -> None:
    view = views(text)[0]
    q = view.quantities[0]
    change = find(measures.Number(view, q, measures.dimension(q.unit), view.clauses[0], 0, None, lexicon(reference.load())))
    assert (change and change.direction) == expected


def test_every_code_of_the_vocabulary_that_rules_name_exists() -> None:
    known = lexicon(reference.load()).metrics
    assert {"growth_rate", "growth_multiple", "share", "ranking", "share_price_change", "market_value_change"} <= known.keys()
    for metric in known.values():
        assert set(metric.negative) <= set(metric.triggers)
        assert metric.dimensions


def test_numbers_inside_a_metric_word_are_part_of_it() -> None:
    view = views("360数科90天以上逾期率为1.19%。")[0]
    bound = binding.bind(view, lexicon(reference.load()), None, {})
    assert [(b.quantity.surface, b.metric.code) for b in bound] == [("1.19%", "overdue_rate")]


PIECES = "小米|2021年|营收|100亿元|同比增长|20%|，|。|其中|分别为|从|上升到|、|和|截至|的|用户|\n|（|）|3倍".split("|")  # noqa: SIM905


@settings(derandomize=True, max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
def test_no_text_breaks_the_rules(text: str) -> None:
    for fact in read(text):
        assert text[fact.start : fact.end] == fact.evidence
        assert fact.subject
        assert (fact.value is None) == (fact.low is not None)
        assert 0 < fact.confidence <= 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # 该公司 is who was spoken of last, though it is a product for us; 公司 the firm
        ("腾讯音乐在扩张。\n追赶者网易云音乐交出财报。上半年，该公司营收42.6亿元。", [("网易云音乐", "revenue", 42.6e8)]),
        ("美团发布财报。\n美团优选在扩张，公司营收1791亿元。", [("美团", "revenue", 1791e8)]),
        # what several have together is spoken of no further; a list with numbers in the next clause
        ("腾讯音乐在扩张。QQ音乐和酷狗合计的月活缩水；付费率提高到13.9%。", [("腾讯音乐", "conversion_rate", 13.9)]),
        ("vivo、OPPO分列二三，市场份额为17.8%和16.5%。", [("vivo", "market_share", 17.8), ("OPPO", "market_share", 16.5)]),
        # who has an investor, and who is told to be something
        ("喜茶在扩张，5月拿到高瓴资本5000万美元的B轮投资。", [("喜茶", "funding_amount", 5e7)]),
        ("金额最高的是机器人公司优必选，它的营收为8亿元。", [("优必选", "revenue", 8e8)]),
        ("背靠小米的新网银行体量不大，净利润6.8亿元。", [("新网银行", "net_profit", 6.8e8)]),
        # the goods of several, and what hosts sell
        ("周大福、六福集团的足金首饰报价为1082元。", [("足金首饰", "price", 1082)]),
        ("薇娅和李佳琦两人的直播间销售额分别为53亿元和38亿元。", [("薇娅", "sales", 53e8), ("李佳琦", "sales", 38e8)]),
        # losses and places as they are written in Taiwan and Hong Kong
        ("友達第2季營業淨損2.9億元。", [("友達", "operating_profit", -2.9e8)]),
        ("友達營收699億元，顯示科技占營收55%。", [("友達", "revenue", 699e8), ("友達", "share", 55)]),
        # what another metric word claims goes on with nothing
        ("拉卡拉去年亏损14亿元，因为要退还套用优惠费率的资金约13亿元。", [("拉卡拉", "net_profit", -14e8)]),
        # a share of, a rate in basis points, nothing taken, a market that is an economy
        ("实物商品网上零售额占社零的比重为24.2%。", [("实物商品网上零售额", "share", 24.2)]),
        ("移卡费率由11.6个基点提高到12.5个基点。", [("移卡", "commission_rate", 11.6), ("移卡", "commission_rate", 12.5)]),
        ("六福集团的跌势由16%收窄到9%。", []),
        ("2023年中国低空经济规模为5059亿元。", [("低空经济", "market_size", 5059e8)]),
        # words that only lead to the noun or the metric
        ("关键是成本涨30%。", []),
        ("慷慨地为学校投资三十万元。", []),
        ("队伍全年收入6万元。", [("队伍", "revenue", 6e4)]),
        ("美团旺季GMV达9亿元。", [("美团", "gmv", 9e8)]),
        ("医疗经费总量（包括医院行政经费）下降了20%。", [("医疗经费", "growth_rate", -20)]),
        # who sends the report is not what it is about
        ("新华社北京5月23日电中国零售业营业额为440亿元。", [("零售业", "revenue", 440e8)]),
        # brackets that give an exchange or another name end no clause, and nobody acts in them
        ("唯品会（NYSE：VIPS；旗下有HKEX：1234）公布业绩。公司营收284亿元。", [("唯品会", "revenue", 284e8)]),
        ("寒武纪（688256.SH）交出三季报。前三季度，公司营收1.9亿元。", [("寒武纪", "revenue", 1.9e8)]),
        ("至于拼多多，它的烦恼是增长。2021年营收939亿元。", [("拼多多", "revenue", 939e8)]),
        ("成立于2016年的元气森林去年营收73亿元。", [("元气森林", "revenue", 73e8)]),
        ("小米毛利率为17.8%，而2019年这一数字还有13.9%。", [("小米", "gross_margin", 17.8), ("小米", "gross_margin", 13.9)]),
        ("京东股价上涨。瑞银在研报里把目标价上调到90美元。", [("京东", "share_price", 90)]),
        ("蒙牛营收881亿元，其中伊利品牌贡献很小。物流支出另计。", [("蒙牛", "revenue", 881e8)]),
        ("蔚来账上的现金、定期存款及短期投资合计554亿元。", [("蔚来", "cash", 554e8)]),
        ("腾讯以35亿美元的价格出售搜狗股份。", [("腾讯", "acquisition_price", 35e8)]),
        ("去年12月，理想汽车交付14087辆，小鹏汽车16000辆。", [("理想汽车", "units_sold", 14087), ("小鹏汽车", "units_sold", 16000)]),
        ("62.3%的超市企业去年销售额下滑，平均毛利率为19.8%。", [("超市企业", "share", 62.3), ("超市企业", "gross_margin", 19.8)]),
        ("京东毛利率为13.2%，比去年同期少了0.4个百分点。", [("京东", "gross_margin", 13.2), ("京东", "growth_rate", -0.4)]),
        ("台积电去年净利润5965亿元，每股纯益23.01元。", [("台积电", "net_profit", 5965e8)]),
        ("贡献了25.9亿元收入。", []),
        ("京东门店收入12亿元，同比大涨43.5%。", [("京东", "revenue", 12e8), ("京东", "growth_rate", 43.5)]),
        ("比亚迪销量大增。2026年扫地机器人市场规模将达到210亿元。", [("扫地机器人", "market_size", 210e8)]),
        (
            "伊利毛利率为30.6%。作为对比，蒙牛和光明乳业同期分别为36.8%和18.4%。",
            [("伊利", "gross_margin", 30.6), ("蒙牛", "gross_margin", 36.8), ("光明乳业", "gross_margin", 18.4)],
        ),
        ("中国中车上半年新签订单1460亿元。", [("中国中车", "orders", 1460e8)]),
        (
            "蒙牛收入148.7亿元，净利润27.2亿元，同比分别增长39.3%和44.1%，全球门店53014家。",
            [
                ("蒙牛", "revenue", 148.7e8),
                ("蒙牛", "net_profit", 27.2e8),
                ("蒙牛", "growth_rate", 39.3),
                ("蒙牛", "growth_rate", 44.1),
                ("蒙牛", "store_count", 53014),
            ],
        ),
        ("蒙牛营收881亿元，液态奶撑起了八成以上的收入。", [("蒙牛", "revenue", 881e8), ("蒙牛", "share", 80)]),
        ("4月9日，分众传媒宣布收购新潮传媒100%股权。新潮传媒去年营收20亿元。", [("新潮传媒", "revenue", 20e8)]),
        # who estimates or ranks is not what the figure is about
        ("腾讯从不公布收入。QuestMobile估算其去年营收约为30亿元。", [("腾讯", "revenue", 30e8)]),
        ("艾瑞咨询1月8日发布的榜单显示，去年百强房企销售额11万亿元。", [("百强房企", "sales", 11e12)]),
        ("克而瑞推算，去年百强房企销售额11万亿元。2月8日，公司披露消息。", [("百强房企", "sales", 11e12)]),
        ("1月15日，老对手是网易的《阴阳师》，日活跃用户突破800万。", [("阴阳师", "daily_active_users", 800e4)]),
        ("京东营收9516亿元，其中1月单月620亿元。", [("京东", "revenue", 9516e8), ("京东", "revenue", 620e8)]),
        ("去年销售额方面，碧桂园以7588亿元居首，万科6278亿元紧随其后。", [("碧桂园", "sales", 7588e8), ("万科", "sales", 6278e8)]),
        ("去年末全国生猪存栏4.49亿头，其中能繁母猪4329万头。", [("生猪", "inventory", 4.49e8), ("能繁母猪", "inventory", 4329e4)]),
        ("京东营收9516亿元，淘宝以外平台的占比超过三成。", [("京东", "revenue", 9516e8), ("京东", "share", 30)]),
        ("顺丰换了打法，速运物流业务单票收入16元。", [("顺丰", "revenue_per_parcel", 16)]),
        ("去年顺丰营收增速回落到15%，而一年前这个数字是37%。", [("顺丰", "growth_rate", 15), ("顺丰", "growth_rate", 37)]),
        (
            "京东以9000万元把达达集团20%的股权卖给沃尔玛，股价跌了3%。",
            [("京东", "acquisition_price", 9e7), ("京东", "share_price_change", -3)],
        ),
        ("消息传出后，当天港股美团跌8.2%。", [("美团", "share_price_change", -8.2)]),
        ("快手发行价115港元，较发行价上涨160%。", [("快手", "price", 115), ("快手", "share_price_change", 160)]),
        ("申通快递垫底，但30.3%的件量增速领先同行。", [("申通快递", "growth_rate", 30.3)]),
        ("美团的GMV增速已从60%降到如今的30%。", [("美团", "growth_rate", 60), ("美团", "growth_rate", 30)]),
        (
            "小米营收3283亿元，增长33%，毛利率则下滑2个百分点至17.8%。",
            [("小米", "revenue", 3283e8), ("小米", "growth_rate", 33), ("小米", "growth_rate", -2), ("小米", "gross_margin", 17.8)],
        ),
        ("小米在储能电池市场的份额为3%，这一市场去年的规模为260亿元。", [("小米", "market_share", 3), ("储能电池", "market_size", 260e8)]),
        ("去年国内下沉市场月活用户达6.9亿。", [("下沉市场", "monthly_active_users", 6.9e8)]),
        ("平安公布业绩。\n健康生态保费106亿元。", [("平安", "premium", 106e8)]),
        ("国家邮政局把今年快递业务量预期定在1225亿件。", []),
        ("科创板的新股不少。市值升破6万亿元。", []),
        ("IDC的数据是，去年全球平板电脑出货1.9亿台。", [("平板电脑", "shipments", 1.9e8)]),
        ("苹果的爱好者很多。其对手小米1月8日发布的财报显示，净收入6亿元。", [("小米", "revenue", 6e8)]),
        ("美团上市了。\n据交通运输部统计，去年共收到订单9亿单。", []),
        (
            "学而思和科大讯飞分列第二、第三，份额依次为14.9%和11.3%。",
            [("学而思", "market_share", 14.9), ("科大讯飞", "market_share", 11.3)],
        ),
        ("京东净利润5亿元，ASP为74元。", [("京东", "net_profit", 5e8)]),
        ("迈瑞医疗以66亿元完成对惠泰医疗21%股权的收购。", [("迈瑞医疗", "acquisition_price", 66e8)]),
        ("茶百道毛利率跌至31.7%，比去年同期低2.7个百分点。", [("茶百道", "gross_margin", 31.7), ("茶百道", "growth_rate", -2.7)]),
        ("碧桂园服务在管面积6521万平方米，其中62%位于大湾区。", [("碧桂园服务", "area", 6521e4), ("碧桂园服务", "share", 62)]),
        ("拼多多市值缩水至1440亿美元。", [("拼多多", "market_value", 1440e8)]),
        # who publishes figures speaks of itself, a research house or a public body of others
        ("小米卖得不好。\n2月1日，零跑汽车公布1月交付12038辆。", [("零跑汽车", "units_sold", 12038)]),
        ("周大福关了一些店。周大生预计2021年净利润8亿元。", [("周大生", "net_profit", 8e8)]),
        ("京东在扩张。\n乘联会秘书长崔东树说，1月全国新能源乘用车零售预计35万辆。", [("新能源乘用车", "units_sold", 35e4)]),
        ("联商网零售研究中心统计，2021年至少有32家超市企业关闭了102家门店。", [("超市企业", "store_count", 102)]),
        # the value that a figure is compared with
        ("京东毛利率8.1%，高于2020年的2.8%。", [("京东", "gross_margin", 8.1), ("京东", "gross_margin", 2.8)]),
        ("京东去年净亏损36亿元，较上年同期的9亿元扩大。", [("京东", "net_profit", -36e8), ("京东", "net_profit", -9e8)]),
        ("新东方经营利润由去年同期亏损1亿元转为盈利5亿元。", [("新东方", "operating_profit", -1e8), ("新东方", "operating_profit", 5e8)]),
        # who else is named
        (
            "拼多多和京东都在扩张。\n迈瑞医疗2021年营收252亿元，体外诊断业务首次超过生命信息业务，后者收入111亿元。",
            [("迈瑞医疗", "revenue", 252e8), ("迈瑞医疗", "revenue", 111e8)],
        ),
        ("万物云营收237亿元，来自万科集团的收入占比为18.9%。", [("万物云", "revenue", 237e8), ("万物云", "share", 18.9)]),
        ("叮咚买菜营收201亿元，浙江区域全年的收入增速达到24%。", [("叮咚买菜", "revenue", 201e8), ("叮咚买菜", "growth_rate", 24)]),
        ("北京SKP一层的老铺黄金2021年营收13亿元。", [("老铺黄金", "revenue", 13e8)]),
        ("拼多多在扩张。老周对第一财经说，他手下有46家门店，每月营收10万元。", []),
        ("万达影城只坐了11个人。灯塔专业版数据显示，观影人次5209万。", []),
        ("在上海徐汇卖保险的她很忙。前两月全行业保费收入4.8万亿元。", [("全行业", "premium", 4.8e12)]),
        # what one piece costs, what all of them brought in
        ("小鹏P5在挪威卖39900欧元。", [("小鹏P5", "price", 39900)]),
        ("小鹏G3去年卖了26.4亿元。", [("小鹏G3", "sales", 26.4e8)]),
        ("韩束红蛮腰礼盒399元一套。", [("韩束", "price", 399)]),
        ("江淮的员工在为一款百万级轿车做标定。", []),
        ("迈瑞医疗净利润50亿元，溢价率超过五成。", [("迈瑞医疗", "net_profit", 50e8)]),
        ("东航斥资38亿元受让吉祥航空64.6%的股份。", [("东航", "acquisition_price", 38e8)]),
        # what stands between the scope and the metric, whatever its tags
        ("2024年中国学习平板全渠道销量为592.3万台。", [("学习平板", "units_sold", 5923000.0)]),
        ("2024年全球腕戴设备出货1.93亿台，同比下降1.4%。", [("腕戴设备", "shipments", 193000000.0), ("腕戴设备", "growth_rate", -1.4)]),
        ("上半年，全国铁路完成固定资产投资3373亿元。", [("铁路", "fixed_investment", 337300000000.0)]),
    ],
)
def test_subject_in_prose(text: str, expected: list[tuple[str, str, float]]) -> None:
    assert brief(text) == expected


def periods(text: str) -> list[tuple[float | None, str | None, str | None]]:
    """Value and period of every fact."""
    return [
        (
            None if f.value is None else float(f.value),
            f.period_start and f.period_start.isoformat(),
            f.period_end and f.period_end.isoformat(),
        )
        for f in read(text)
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "百度发布2021年第三季度未经审计的财务业绩。净亏损从去年同期的15.5亿元收窄至5.8亿元，营收319亿元。",
            [(-15.5e8, "2020-07-01", "2020-09-30"), (-5.8e8, "2021-07-01", "2021-09-30"), (319e8, "2021-07-01", "2021-09-30")],
        ),
        ("百度发布2021年第三季度财报。\n广告业务收入195亿元。", [(195e8, "2021-07-01", "2021-09-30")]),
        ("百度2021年亏损额较2020年的13.3亿元进一步扩大。", [(-13.3e8, "2020-01-01", "2020-12-31")]),
        ("1月13日上市的小鹏P5销量已超过7000辆。", [(7000, None, None)]),
        ("8月24日，海底捞披露中报。\n公司营收200.9亿元。", [(200.9e8, "2021-01-01", "2021-06-30")]),
        ("2021年上半年京东净利润44亿元，一年前是35亿元。", [(44e8, "2021-01-01", "2021-06-30"), (35e8, "2020-01-01", "2020-06-30")]),
        # each year its own number
        (
            "京东2019年至2021年的营业收入分别为5769亿元、7458亿元和9516亿元。",
            [(5769e8, "2019-01-01", "2019-12-31"), (7458e8, "2020-01-01", "2020-12-31"), (9516e8, "2021-01-01", "2021-12-31")],
        ),
        # what is compared, dealt or traded lends no period
        (
            "2021年上半年京东营收4571亿元，上年同期为3472亿元。唯品会营收579亿元。",
            [(4571e8, "2021-01-01", "2021-06-30"), (3472e8, "2020-01-01", "2020-06-30"), (579e8, "2021-01-01", "2021-06-30")],
        ),
        (
            "2021年上半年京东营收4571亿元。7月京东以2亿元收购一家公司。净利润44亿元。",
            [(4571e8, "2021-01-01", "2021-06-30"), (2e8, "2021-07-01", "2021-07-31"), (44e8, "2021-01-01", "2021-06-30")],
        ),
        ("2020年12月每日优鲜营收5亿元，眼下日均单量约30万单。", [(5e8, "2020-12-01", "2020-12-31"), (30e4, None, None)]),
        (
            "拼多多2021年的GMV为2.4万亿元，年初定下的目标是2.5万亿元。",
            [(2.4e12, "2021-01-01", "2021-12-31"), (2.5e12, "2021-01-01", "2021-12-31")],
        ),
        (
            "2021年前三季度，鞍钢股份亏损21亿元，而去年同期还盈利1.6亿元；华菱钢铁的净利润为41亿元。",
            [(-21e8, "2021-01-01", "2021-09-30"), (1.6e8, "2020-01-01", "2020-09-30"), (41e8, "2021-01-01", "2021-09-30")],
        ),
        ("好未来截至2021年2月28日的三个月内营收13亿美元。", [(13e8, "2020-12-01", "2021-02-28")]),
        ("上海航运交易所1月7日发布的上海出口集装箱运价指数报5109点。", [(5109, "2022-01-07", "2022-01-07")]),
        ("雅生活公布2021年业绩。截至期末，在管面积4.9亿平方米。", [(4.9e8, "2021-12-31", "2021-12-31")]),
        ("美团公布2020年财报。\n11月26日公布的三季报里，美团收入488亿元。", [(488e8, "2021-01-01", "2021-09-30")]),
        ("2月18日，圆通速递披露1月经营简报。当月收入47亿元。", [(47e8, "2022-01-01", "2022-01-31")]),
        ("去年底中国移动的移动客户数为9亿户。天翼云收入279亿元。", [(9e8, "2021-12-01", "2021-12-31"), (279e8, None, None)]),
        (
            "新东方2021年第三季度收入8亿美元，好未来同一季度收入2亿美元。",
            [(8e8, "2021-07-01", "2021-09-30"), (2e8, "2021-07-01", "2021-09-30")],
        ),
        ("合众新能源1月26日递交招股书，三年累计亏掉183亿元。", [(-183e8, None, None)]),
        # the months of the report, the ends of the year that is told, the day of a deal
        (
            "2月27日，京东披露年报：收入9516亿元，上年同期为7458亿元。",
            [(9516e8, "2021-01-01", "2021-12-31"), (7458e8, "2020-01-01", "2020-12-31")],
        ),
        (
            "海底捞2021年营收411亿元。门店由年初的1298家增至年末的1443家。",
            [(411e8, "2021-01-01", "2021-12-31"), (1298, "2021-01-01", "2021-01-31"), (1443, "2021-12-01", "2021-12-31")],
        ),
        ("1月9日京东物流披露获得2.5亿元C轮融资。", [(2.5e8, "2022-01-09", "2022-01-09")]),
        ("2021年7月24日，市场监管总局责令腾讯音乐解除独家版权，并处以50万元罚款。", [(5e5, "2021-07-24", "2021-07-24")]),
        ("哔哩哔哩上周公布季绩，收入76.9亿元。", [(76.9e8, None, None)]),
        # what happened then to the thing itself
        ("今年1月，一幅1964年创作的《群驴图》以448万元成交。", [(448e4, "2022-01-01", "2022-01-31")]),
    ],
)
def test_period_in_prose(text: str, expected: list[tuple[float | None, str | None, str | None]]) -> None:
    assert periods(text) == expected
