"""This year's plan against last year's, or one city's against another's, target by target.

`read_plans` takes plans or finished folders, `compare` aligns their targets by what they measure,
and `write_comparison` puts the table into files.
"""

from workplan.compare.align import Comparison, MetricRow, compare
from workplan.compare.change import Change, change_between
from workplan.compare.outputs import write_comparison
from workplan.compare.source import ComparedPlan, PlanTarget, read_plans

__all__ = [
    "Change",
    "ComparedPlan",
    "Comparison",
    "MetricRow",
    "PlanTarget",
    "change_between",
    "compare",
    "read_plans",
    "write_comparison",
]
