"""A feed of CAP messages."""
