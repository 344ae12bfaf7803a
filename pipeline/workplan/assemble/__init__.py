"""From labelled spans to target records and tasks: who does what, how much of it, by when."""

from workplan.assemble.target import targets_of
from workplan.assemble.task import assemble

__all__ = ["assemble", "targets_of"]
