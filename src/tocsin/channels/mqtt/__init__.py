"""Sirens and relays over MQTT 5."""
