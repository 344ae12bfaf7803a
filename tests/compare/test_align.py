"""Which targets stand in one row, and what the row says."""

from __future__ import annotations

from collections import Counter

from side_by_side import make_plan, make_target, make_task

from workplan.compare import ComparedPlan, MetricRow, compare
from workplan.compare.likeness import likeness
from workplan.compare.metric import Metric
from workplan.compare.pairs import read_pairs, score, written_pairs


def row_of(rows: tuple[MetricRow, ...], word: str) -> MetricRow:
    (row,) = [row for row in rows if word in row.name]
    return row


def test_two_years_side_by_side(two_years: tuple[ComparedPlan, ComparedPlan]) -> None:
    last, this = two_years
    rows = compare([this], [last]).rows
    said = {
        word: row_of(rows, word).changes[0][2]
        for word in ("签约", "农田", "危桥", "电梯", "充电桩")
    }
    assert (said["签约"].movement, said["签约"].delta, said["签约"].shift) == ("rose", 5, None)
    # 30 hectares are 450 mu.
    assert (said["农田"].movement, said["农田"].delta, said["农田"].unit) == ("fell", -150, "亩")
    assert (said["危桥"].movement, said["危桥"].shift) == ("same", "earlier")
    assert said["电梯"].movement == "vanished"
    assert said["充电桩"].movement == "appeared"


def test_results_are_no_targets(two_years: tuple[ComparedPlan, ComparedPlan]) -> None:
    last, this = two_years
    assert not [row for row in compare([this], [last]).rows if "公园" in row.name]


def test_no_target_is_lost_or_doubled(two_years: tuple[ComparedPlan, ComparedPlan]) -> None:
    last, this = two_years
    comparison = compare([this], [last])
    held = [cell for row in comparison.rows for cell in row.cells if cell] + [*comparison.untold]
    assert Counter(map(id, held)) == Counter(map(id, (*last.targets, *this.targets)))
    assert [target.name for target in comparison.untold] == ["完成5项"]


def test_body_decides_between_equal_metrics() -> None:
    def plan(title: str, *bodies: str) -> ComparedPlan:
        tasks = [
            make_task(
                f"{body}整改率{number}%",
                make_target("整改率", f"{number}%", number, "%", orgs=(body,)),
            )
            for number, body in enumerate(bodies, 90)
        ]
        return make_plan(title, 2031, *tasks)

    comparison = compare([plan("甲", "县财政局", "县教育局")], [plan("乙", "市教育局", "市财政局")])
    pairs = {
        tuple(cell.organisations[0][1:] for cell in row.cells if cell) for row in comparison.rows
    }
    assert pairs == {("教育局", "教育局"), ("财政局", "财政局")}


def test_plan_that_only_names_the_subject_says_so() -> None:
    figure = make_task("家庭医生签约率达到40%", make_target("家庭医生签约率", "40%", 40, "%"))
    named = make_task("推进家庭医生签约服务")
    comparison = compare([make_plan("甲", 2031, figure)], [make_plan("乙", 2031, named)])
    (row,) = comparison.rows
    assert row.mentions == (named, None)
    assert row.changes[0][2].movement == "appeared"


def test_figure_for_each_is_held_against_no_total() -> None:
    def plan(sentence: str, value: int) -> ComparedPlan:
        quantity = f"{value}所"
        places = {"quantity": (sentence.index(quantity), sentence.index(quantity) + len(quantity))}
        target = make_target("公办幼儿园", quantity, value, "所", spans=places)
        return make_plan(sentence, 2031, make_task(sentence, target))

    total = plan("新建公办幼儿园3所", 3)
    each = plan("在城东、城西各新建1所公办幼儿园", 1)
    (row,) = compare([each], [total]).rows
    assert row.changes[0][2].movement == "unclear"
    assert "各自" in row.changes[0][2].why
    (row,) = compare([each], [plan("城东、城西各新建2所公办幼儿园", 2)]).rows
    assert row.changes[0][2].delta == -1
    (row,) = compare([plan("各镇共新建4所公办幼儿园", 4)], [total]).rows
    assert row.changes[0][2].delta == 1


def test_rest_of_a_date_or_figure_is_no_name() -> None:
    sentence = "9.到2031年底全县56人以上大班额占比降至2%以下"
    at = sentence.index

    def part(words: str) -> tuple[int, int]:
        return at(words), at(words) + len(words)

    spans = {"metric": part("大班额占比"), "quantity": part("2%以下"), "deadline": part("2031年底")}
    share = make_target("大班额占比", "2%以下", 2, "%", comparator="le", spans=spans)
    size = make_target("大班额", "56人以上", 56, "人", spans={"quantity": part("56人以上")})
    plan = make_plan("要点", 2031, make_task(sentence, size, share))
    assert [target.name for target in plan.targets] == ["大班额", "大班额占比"]


def test_context_lends_words() -> None:
    whole = Metric("家庭医生签约率", "%")
    assert likeness(whole, Metric("签约率", "%", topic="扩大家庭医生签约服务")) > 0.8
    assert (
        likeness(Metric("参保率", "%", topic="医保"), Metric("参保率", "%", topic="养老保险")) == 0
    )


def test_units_of_another_kind_keep_metrics_apart() -> None:
    assert likeness(Metric("新能源公交车", "辆"), Metric("新能源公交车", "%")) == 0
    assert likeness(Metric("农村公路", "公里"), Metric("农村公路", "米")) == 1


def test_likeness_has_no_direction() -> None:
    for pair in read_pairs(written_pairs("dev")):
        assert likeness(pair.this, pair.other) == likeness(pair.other, pair.this)
        assert 0 <= likeness(pair.this, pair.other) <= 1


def test_alignment_holds_on_written_pairs() -> None:
    dev, test = read_pairs(written_pairs("dev")), read_pairs(written_pairs("test"))
    assert len(dev) + len(test) >= 120
    assert not {pair.this.text + pair.other.text for pair in dev} & {
        pair.this.text + pair.other.text for pair in test
    }
    assert score(dev).precision >= 0.95
    assert score(dev).recall >= 0.85
    assert score(test).precision >= 0.85
