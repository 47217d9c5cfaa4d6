"""Formats: one standard a module, bytes to its own fields and back; knows the standard, not the stages."""
