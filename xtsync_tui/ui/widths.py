"""The widths of a terminal at which screens are laid out in another way."""

WIDE = 100
"""Columns from which a detail stands beside its list, and a dialog is a box of its own height."""
HUGE = 140
"""Columns from which there is room for ids and for whole expressions."""
