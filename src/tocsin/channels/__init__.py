"""Channels: how people outside are told, in a process of its own; one folder an adapter, `delivery` carries them."""
