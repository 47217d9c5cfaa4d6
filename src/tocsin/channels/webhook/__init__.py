"""Signed calls to other programs."""
