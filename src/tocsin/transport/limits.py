"""Limits: what a peer may cost us; every transport keeps to them and counts what they refuse."""

import msgspec


class Limits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Defaults, with their reasons.

    `packet_bytes`: the largest message or reply body; a larger one is dropped and counted. `bytes_per_s`: of one
    source; a stream is read no faster, datagrams above it are dropped. `waiting_packets`: held for a reader that is
    busy; then streams wait and datagrams are dropped. `connections`: at once on one listener; when all are taken, one
    that was silent for `idle_s` gives its place to a new one. `open_s`: until a connection must stand, and a poll or a
    send be answered. `retry_first_s`, `retry_last_s`: waits between attempts, doubled until data came.
    """

    packet_bytes: int = 4 * 2**20
    bytes_per_s: float = 50e6
    waiting_packets: int = 2000
    connections: int = 64
    idle_s: float = 60.0
    open_s: float = 10.0
    retry_first_s: float = 0.5
    retry_last_s: float = 30.0
