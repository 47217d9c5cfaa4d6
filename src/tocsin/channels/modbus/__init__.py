"""Relays on Modbus TCP."""
