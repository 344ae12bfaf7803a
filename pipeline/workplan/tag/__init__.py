"""Finding the five labels in sentences: the rules, the tagger, and what they have in common."""

from workplan.tag.labeller import Labeller, get_labeller, resolve

__all__ = ["Labeller", "get_labeller", "resolve"]
