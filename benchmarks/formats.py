"""How many messages a second of CPU time Tocsin reads and writes, beside other libraries, in one run on one core.

`formats.py [--markdown FILE] [--json FILE] [--peers PYTHON]` prints a line a format: ours, the limit, and each peer on
the same bytes. Every figure is the median of five. Readers are the whole adapters, from bytes to claims and detections;
a peer does what it does: parse, without a claim or a detection. Messages are built here, but for the one of SAPIENT, a
detection report of the BSI Flex 335 test harness (in TOCSIN_SHARED; left out where that is missing). A peer that is not
installed is said to be so. `--peers` names a Python that has sapient-pydantic and sapient-proto, which need another
protobuf than Tocsin.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests")]

import asterix.base as base  # noqa: E402
import rs1090  # noqa: E402
from google.protobuf import json_format  # noqa: E402

from adsb_frames import airborne, beast, identification, velocity  # noqa: E402
from asterix_records import CATEGORIES, block, target  # noqa: E402
from tocsin.formats.asterix import read_blocks  # noqa: E402
from tocsin.formats.cot import CotEvent, write_event  # noqa: E402
from tocsin.formats.cot_protobuf import write_stream  # noqa: E402
from tocsin.formats.remote_id import BasicId, Location, System, encode_pack  # noqa: E402
from tocsin.formats.sapient.json_form import read_json  # noqa: E402
from tocsin.formats.sapient.schema import schema  # noqa: E402
from tocsin.model.adapter import AdapterContext  # noqa: E402
from tocsin.model.packet import Packet, PacketKind  # noqa: E402
from tocsin.model.sensor import Pose  # noqa: E402
from tocsin.sensors.adsb.adapter import Adapter as Adsb  # noqa: E402
from tocsin.sensors.asterix.adapter import Adapter as Asterix  # noqa: E402
from tocsin.sensors.remote_id.adapter import Adapter as RemoteId  # noqa: E402

CONTEXT = AdapterContext("bench", Pose(), 0.8, 0.3, 100.0)
RECEIVED_S = 1_772_359_200.0
TIMES = 5
PYDANTIC = """
import statistics, sys, time
from sapient_msg_pydantic.bsi_flex_335_v2_0.sapient_message import SapientMessage as Model
from sapient_msg.bsi_flex_335_v2_0.sapient_message_pb2 import SapientMessage
data, spent = sys.stdin.buffer.read(), []
for _ in range(5):
    begun = time.process_time()
    for _ in range(300):
        message = SapientMessage()
        message.ParseFromString(data)
        Model.from_pb2(message)
    spent.append(time.process_time() - begun)
print(300 / statistics.median(spent))
"""
Row = tuple[str, float, float, dict[str, float | None]]


def rate_hz(count: int, work: Callable[[], object]) -> float:
    """`count` messages over the CPU seconds that `work` takes, the median of five."""
    spent = []
    for _ in range(TIMES):
        begun = time.process_time()
        work()
        spent.append(time.process_time() - begun)
    return count / median(spent)


def decode(adapter: Adsb | Asterix | RemoteId, pieces: list[bytes]) -> int:
    """How many items come of the pieces."""
    packets = (Packet(PacketKind.DATA, "bench", RECEIVED_S + k * 1e-3, piece) for k, piece in enumerate(pieces))
    return sum(len(list(adapter.decode(packet))) for packet in packets)


def mode_s() -> Row:
    """Beast with Mode S."""
    frames = [
        frame
        for k in range(2000)
        for frame in (
            airborne(k % 100, (45.8, 17.2), 5000, is_odd=False),
            airborne(k % 100, (45.8, 17.2), 5000, is_odd=True),
            velocity(k % 100, 100, 100, 0, 100),
            identification(k % 100, "TCS7"),
        )
    ]
    stream = [beast(*frames[k : k + 40]) for k in range(0, len(frames), 40)]
    ours_hz = rate_hz(len(frames), lambda: decode(Adsb(Adsb.Settings(), CONTEXT), stream))
    digits = [frame.hex() for frame in frames]
    return "Beast with Mode S", ours_hz, 20_000.0, {"rs1090": rate_hz(len(frames), lambda: rs1090.decode(digits))}


def asterix() -> Row:
    """ASTERIX 048."""
    plots = block(48, *(target(36_000.0, 10.0 + k, 45.0, **{"161": k, "090": 160, "200": 0}) for k in range(10)))
    ours_hz = rate_hz(20_000, lambda: decode(Asterix(Asterix.Settings(), CONTEXT), [plots] * 2000))
    body = base.Bits.from_bytes(next(read_blocks(plots)).body)
    peers: dict[str, float | None] = {
        "libasterix": rate_hz(500, lambda: [CATEGORIES[48].cv_uap.parse(body) for _ in range(50)]), "pyobelix": None,
    }  # fmt: skip
    if find_spec("pyobelix") is not None:
        import pyobelix  # noqa: PLC0415

        peers["pyobelix"] = rate_hz(2_000, lambda: [len(list(pyobelix.iter_records(plots))) for _ in range(200)])
    return "ASTERIX 048, records", ours_hz, 10_000.0, peers


def remote_id() -> Row:
    """Remote ID packs; no other library that reads them is known to us."""
    pack = encode_pack((BasicId(1, 2, "SERIAL"), Location(2, latitude_deg=45.8, longitude_deg=17.2), System()))
    packs = [pack] * 20_000
    ours_hz = rate_hz(len(packs), lambda: decode(RemoteId(RemoteId.Settings(), CONTEXT), packs))
    return "Remote ID packs", ours_hz, 50_000.0, {}


def cot() -> list[Row]:
    """Cursor on Target, written."""
    event = CotEvent("01J1", "a-u-A-M-H-Q", "m-f", RECEIVED_S, RECEIVED_S + 5.0, 54.6, 18.8, 120.0, 8.0, 4.0, "T7",
                     90.0, 12.5, "seen by radar", "", ("tocsin-1",))  # fmt: skip
    text = write_event(event)
    peers: dict[str, float | None] = {"takproto": None}
    if find_spec("takproto") is not None:
        import takproto  # noqa: PLC0415

        peers["takproto"] = rate_hz(1_000, lambda: [bytes(takproto.xml2proto(text)) for _ in range(1_000)])
    return [
        ("CoT out, XML", rate_hz(10_000, lambda: [write_event(event) for _ in range(10_000)]), 20_000.0, {}),
        ("CoT out, protobuf", rate_hz(10_000, lambda: [write_stream(event) for _ in range(10_000)]), 20_000.0, peers),
    ]


def sapient(peers_python: str | None) -> Row | None:
    """SAPIENT, parsed and validated; the peers: protobuf alone, and sapient-pydantic, which checks less."""
    shared = Path(os.environ.get("TOCSIN_SHARED", ROOT.parent / "shared"))
    path = shared / "samples" / "sapient" / "Default.DetectionReport.json"
    if not path.is_file():
        return None
    (message,) = read_json(path.read_bytes(), schema())
    data = message.SerializeToString()
    read = schema().read
    assert read(data)[1] == ()
    ours_hz = rate_hz(20_000, lambda: [read(data) for _ in range(20_000)])
    peers: dict[str, float | None] = {
        "protobuf alone, nothing checked": rate_hz(20_000, lambda: [schema().parse(data) for _ in range(20_000)]),
        "protobuf's JSON, nothing checked": rate_hz(
            2_000, lambda: [json_format.MessageToDict(schema().parse(data)) for _ in range(2_000)]
        ),
        "sapient-pydantic": None,
    }
    if peers_python is not None:
        done = subprocess.run([peers_python, "-c", PYDANTIC], input=data, capture_output=True, check=False)
        if done.returncode:
            print(done.stderr.decode()[-400:], file=sys.stderr)
        else:
            peers["sapient-pydantic"] = float(done.stdout)
    return "SAPIENT parse and validate", ours_hz, 25_000.0, peers


def table(rows: list[Row]) -> str:
    """The table of the documentation."""
    lines = [
        "| format | Tocsin, messages per CPU second | limit | other libraries in the same run |",
        "|---|---|---|---|",
    ]
    for name, ours_hz, limit_hz, peers in rows:
        told = "; ".join(
            f"{peer}: {'not installed' if hz is None else f'{hz:,.0f} ({ours_hz / hz:.1f} times)'}"
            for peer, hz in peers.items()
        )
        met = "" if ours_hz >= limit_hz else " (missed)"
        lines.append(f"| {name} | {ours_hz:,.0f} | {limit_hz:,.0f}{met} | {told or 'none known to us'} |")
    return "\n".join(lines) + "\n"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--markdown", type=Path, help="file that gets the page")
    parser.add_argument("--peers", help="a Python with sapient-pydantic")
    arguments = parser.parse_args()
    found: list[Row | None] = [mode_s(), asterix(), remote_id(), *cot(), sapient(arguments.peers)]
    rows = [row for row in found if row is not None]
    print(table(rows), end="")
    if arguments.json is not None:
        plain: list[dict[str, Any]] = [
            {"format": name, "ours_hz": ours_hz, "limit_hz": limit_hz, "peers": peers}
            for name, ours_hz, limit_hz, peers in rows
        ]
        arguments.json.write_text(json.dumps(plain, indent=1), encoding="utf-8")
    if arguments.markdown is not None:
        paragraphs = "\n\n".join((__doc__ or "").strip().split("\n\n"))
        text = f"# Formats: measured\n\n{paragraphs}\n\n{table(rows)}"
        arguments.markdown.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
