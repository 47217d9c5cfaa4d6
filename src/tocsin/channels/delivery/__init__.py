"""Delivery: what has been decided goes out by every channel, from an outbox on disk, with the line or without it."""
