"""Workplan reads Chinese government work plans into task tables."""

__version__ = "0.1.0"
