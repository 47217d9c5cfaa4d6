"""Tracks and alerts as flat JSON objects, one a message."""
