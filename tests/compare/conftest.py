"""Two years' plans made by hand."""

from __future__ import annotations

import pytest
from side_by_side import make_plan, make_target, make_task

from workplan.compare import ComparedPlan
from workplan.types import Due


@pytest.fixture
def two_years() -> tuple[ComparedPlan, ComparedPlan]:
    """Last year's and this year's plan: one figure each that rose, fell, moved, came and went."""
    end_2030, end_2031 = Due(None, "2030-12-31"), Due(None, "2031-12-31")
    last = make_plan(
        "2030年要点",
        2030,
        make_task(
            "家庭医生签约服务覆盖率达到40%以上",
            make_target(
                "家庭医生签约服务覆盖率", "40%以上", 40, "%", comparator="ge", due=end_2030
            ),
        ),
        make_task("高标准农田30公顷", make_target("高标准农田", "30公顷", 30, "公顷")),
        make_task(
            "危桥改造12座，6月底前完成",
            make_target("农村公路危桥", "12座", 12, "座", due=Due(None, "2030-06-30")),
        ),
        make_task("加装电梯20部", make_target("加装电梯", "20部", 20, "部")),
        make_task("完成5项", make_target(None, "5项", 5, "项"), phrase="完成5项"),
    )
    this = make_plan(
        "2031年要点",
        2031,
        make_task(
            "家庭医生签约率达到45%以上",
            make_target("家庭医生签约率", "45%以上", 45, "%", comparator="ge", due=end_2031),
        ),
        make_task("高标准农田300亩", make_target("高标准农田", "300亩", 300, "亩")),
        make_task(
            "危桥改造12座，3月底前完成",
            make_target("农村公路危桥", "12座", 12, "座", due=Due(None, "2031-03-31")),
        ),
        make_task("建成充电桩50个", make_target("充电桩", "50个", 50, "个")),
        make_task("去年建成公园3个", make_target("公园", "3个", 3, "个"), kind="result"),
    )
    return last, this
