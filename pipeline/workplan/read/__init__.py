"""Reading: a file as it comes off the web becomes a Plan with clean text and metadata."""

from workplan.read.files import Skipped, find_files
from workplan.read.plan import plan_from_text, read_plan
from workplan.read.script import fold

__all__ = ["Skipped", "find_files", "fold", "plan_from_text", "read_plan"]
