"""Forms: in which standard each kind of device speaks, live and in the file that a recorder beside it would keep.

Receivers of Remote ID and ADS-B speak their own standards, every other device in table lines.
"""

from collections.abc import Callable

import msgspec

from tocsin.formats.pcap import RADIOTAP, pcap_header
from tocsin.simulation.emit.remote_id import remote_id_frame, remote_id_pack
from tocsin.simulation.emit.sbs import sbs_lines
from tocsin.simulation.emit.table import table_line
from tocsin.simulation.plan import AdsbReceiver, Device, RemoteIdReceiver
from tocsin.simulation.report import Report

Emitter = Callable[[Report, float, float], bytes]
"""Bytes of one report, given its time and when it is received in UTC seconds."""


class Form(msgspec.Struct, frozen=True):
    """`live` makes the bytes on a wire, `kept` those in a file, which ends in `suffix` and begins with `begin`."""

    live: Emitter
    kept: Emitter
    suffix: str
    begin: bytes = b""


def form(device: Device) -> Form:
    """The form of a device."""
    if isinstance(device, AdsbReceiver):
        return Form(sbs_lines, sbs_lines, "sbs")
    if isinstance(device, RemoteIdReceiver):
        return Form(remote_id_pack, remote_id_frame, "pcap", pcap_header(RADIOTAP))
    return Form(table_line, table_line, "jsonl")
