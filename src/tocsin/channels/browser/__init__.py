"""Browsers: sound, unlocked and acknowledged."""
