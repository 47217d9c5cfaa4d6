"""Watchdog: a process of its own that says aloud when the line or the channels are gone, by channels of its own."""
