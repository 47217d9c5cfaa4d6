"""Emitters: one a standard, reports to wire bytes; they know `formats` and nothing of the sensors behind a report."""
