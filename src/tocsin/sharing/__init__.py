"""Sharing: pictures and alerts to the formats of others, one folder an adapter."""
