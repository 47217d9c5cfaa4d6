"""Tocsin: the low-altitude air picture that warns in time."""

__version__ = "0.1.0"
