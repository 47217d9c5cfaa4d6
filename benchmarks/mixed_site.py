"""A mixed site for ten minutes: what was lost on the way in and out, through real sockets on loopback.

`python benchmarks/mixed_site.py --seconds 600 --json OUT` plays `tests/scenario/mixed_site.py`: an ASTERIX radar (UDP),
a SAPIENT radio sensor (TCP), Remote ID (MQTT through Mosquitto) and ADS-B (Beast over TCP) into `tocsin run`, and reads
the picture back from Cursor on Target (lxml), ASTERIX (libasterix) and SAPIENT (sapient-msg). Exit code 1 if anything
was lost.
"""

import argparse
import asyncio
import json
import os
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests"), str(ROOT / "tests" / "scenario")]

from mixed_site import losses, play, scenario  # noqa: E402


def main() -> int:
    """Run, print and write; 1 if anything was lost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=600.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path, help="where to write the figures")
    options = parser.parse_args()
    before = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as folder:
        result = asyncio.run(play(Path(folder), options.seconds, options.seed))
        lost = losses(result, scenario(options.seconds), options.seed, Path(folder) / "out")
    report = {
        "schema": 1,
        "seconds": options.seconds,
        "load": {"before": before, "after": os.getloadavg()[0], "processors": os.cpu_count()},
        "sent": {name: wire["sent"] for name, wire in result.wires.items()},
        "read_back": {name: len(seen) for name, seen in result.seen.items()},
        "tracks": {name: len({one.name for one in seen}) for name, seen in result.seen.items()},
        "other_messages": dict(result.unread),
        "lost": lost,
        "exit_code": result.exit_code,
    }
    print(json.dumps(report, indent=1))
    if options.json:
        options.json.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    return 1 if any(lost.values()) or result.exit_code else 0


if __name__ == "__main__":
    sys.exit(main())
