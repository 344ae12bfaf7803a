"""From the words of a span to what they mean: quantities, dates, organisations.

Nothing here raises on any text. What cannot be read safely is null with a reason in Chinese
that a clerk can act on: a wrong number is worse than an empty cell.
"""

from workplan.normalise.baseline import baseline_of
from workplan.normalise.date import read_date
from workplan.normalise.organisation import Canonical, canonical, split_orgs
from workplan.normalise.quantity import Quantity, read_quantity
from workplan.normalise.role import Role, role_of

__all__ = [
    "Canonical",
    "Quantity",
    "Role",
    "baseline_of",
    "canonical",
    "read_date",
    "read_quantity",
    "role_of",
    "split_orgs",
]
