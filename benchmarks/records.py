"""What records cost: `python benchmarks/records.py --records N --json OUT`.

Makes a store of N records (100,000 by default) through the store's own way in, in a temporary folder: incidents, each
with three sources, the text of a story, four statements with their quotations and grades, an assessment and an
amendment. They are added `--batch` at a time, each batch one transaction on disk; the last `--single` one by one. Then
the file is verified from its bytes, as `tocsin records verify` does: canonical form, links, signatures over the stored
bytes, SQLite's own check. The limit is 20 CPU seconds for 100,000 records, and in proportion for any other number. The
words have a seed, the key is new.
"""

import argparse
import json
import platform
import random
import tempfile
import time
from collections.abc import Iterator, Sequence
from hashlib import sha256
from itertools import count, islice
from pathlib import Path
from statistics import median
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tocsin.incidents.store import RecordStore
from tocsin.incidents.verification import verify
from tocsin.model.record import (
    Amendment,
    Assessment,
    Band,
    Body,
    Evidence,
    Grade,
    Hypothesis,
    Incident,
    Source,
    Statement,
)
from tocsin.model.statement import Stance

AT = "2031-02-03T19:40:00Z"
AUTHOR = "analyst"
LIMIT_S = 20.0
LIMIT_RECORDS = 100_000
WORDS = (
    "a drone fell near the harbour mole late on Monday and nobody was hurt while guards counted three more over the"
    " northern pier of Velmora before they turned to the sea again the port was closed for an hour and the ferry waited"
).split()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=LIMIT_RECORDS)
    parser.add_argument("--batch", type=int, default=100, help="records a transaction")
    parser.add_argument("--single", type=int, default=100, help="records that are then added one by one")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path, required=True)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "log"
        report = filled(path, options.records, options.batch, options.single, random.Random(options.seed))
        report |= verified(path)
    report["machine"] = f"{platform.machine()}, Python {platform.python_version()}"
    options.json.write_text(json.dumps({"summary": report}, indent=1))
    print(json.dumps({"summary": report}, indent=1))


def filled(path: Path, records: int, batch: int, single: int, dice: random.Random) -> dict[str, Any]:
    """A store of exactly `records` records in `path`, the last `single` added one by one; what adding took."""
    key = Ed25519PrivateKey.generate()
    with RecordStore(path, create=True) as store:
        written = cases(dice)
        single = min(single, records - 1)
        begun_s, begun_cpu_s = time.perf_counter(), time.process_time()
        while (left := records - single - len(store.hashes())) > 0:
            wanted = min(batch, left - (not store.hashes()))  # the first batch also introduces the author
            store.append(taken(written, wanted), AUTHOR, key, AT)
        spent_s, spent_cpu_s = time.perf_counter() - begun_s, time.process_time() - begun_cpu_s
        batched = len(store.hashes())
        each_s = [adding_s(store, taken(written, 1), key) for _ in range(single)]
        signed = sum(len(entry.signed) for entry in map(store.entry, range(1, records + 1)))
    return {
        "records": records,
        "append_cpu_s": round(spent_cpu_s, 3),
        "append_wall_s": round(spent_s, 3),
        "append_batch": batch,
        "append_ms_a_record": round(1000 * spent_s / batched, 4),
        "append_one_ms": round(1000 * median(each_s), 3) if each_s else None,
        "bytes_a_record": round(path.stat().st_size / records, 1),
        "canonical_bytes_a_record": round(signed / records, 1),
    }


def adding_s(store: RecordStore, bodies: Sequence[Body], key: Ed25519PrivateKey) -> float:
    begun_s = time.perf_counter()
    store.append(bodies, AUTHOR, key, AT)
    return time.perf_counter() - begun_s


def verified(path: Path) -> dict[str, Any]:
    """What proving the store from its bytes takes; a store that does not hold ends the benchmark."""
    begun_s, begun_cpu_s = time.perf_counter(), time.process_time()
    found = verify(path)
    spent_s, spent_cpu_s = time.perf_counter() - begun_s, time.process_time() - begun_cpu_s
    if not found.is_whole:
        raise SystemExit(f"{found.broken}: {found.reason}")
    limit_s = LIMIT_S * found.records / LIMIT_RECORDS
    return {
        "verified": found.records,
        "verify_cpu_s": round(spent_cpu_s, 3),
        "verify_wall_s": round(spent_s, 3),
        "verify_limit_cpu_s": limit_s,
        "verify_met": spent_cpu_s < limit_s,
    }


def taken(written: Iterator[Body], wanted: int) -> list[Body]:
    return list(islice(written, wanted))


def cases(dice: random.Random) -> Iterator[Body]:
    """Incident after incident, without end, taken one after the other from the store's second record on."""
    seq = 2  # the author is the first
    for case in count():
        bodies = one_case(case, seq, dice)
        yield from bodies
        seq += len(bodies)


def one_case(case: int, seq: int, dice: random.Random) -> list[Body]:
    """One incident with all that is said of it, numbered from `seq` on."""
    story, day = told(dice, 300), f"2031-{1 + case % 12:02}-{1 + case % 28:02}"
    sources = [f"source-{seq + at}" for at in range(3)]
    evidence, incident = f"evidence-{seq + 3}", f"incident-{seq + 4}"
    statements = [f"statement-{seq + 5 + at}" for at in range(4)]
    quotes = [(start, start + 120) for start in (0, 200, 400, 600)]
    wording = told(dice, 20)
    hypotheses = (Hypothesis("The Guild sent them", Band.LIKELY, "The Guild"), Hypothesis("A prank", Band.UNLIKELY))
    return [
        Source("agency", f"Harbor Wire {case}", reliability="B", reason="right for years"),
        Source("official", f"A guard of pier {case}", True, f"Port {case % 40}", upstream=(sources[0],)),
        Source("person", f"Col. Ada Brandt {case}", role="spokeswoman", reliability="C"),
        Evidence(sha256(story.encode()).hexdigest(), "text/plain", AT, AUTHOR, "story.txt", sources[0], text=story),
        Incident(f"Drones over pier {case}", "drones", day, time_precision="day", count=case % 9, evidence=(evidence,)),
        *(
            Statement(
                sources[at % 3], Stance.ASSERTS, f"{wording} {at}", incident, names_actor="The Guild", said_at=day,
                quote=story[slice(*span)], span=span, evidence=(evidence,), external_id=f"s{at + 1}",
            )
            for at, span in enumerate(quotes)
        ),
        *(Grade(name, "B", 2, told(dice, 8), AUTHOR) for name in statements),
        Assessment(incident, "Who sent them?", hypotheses, AUTHOR, tuple(statements)),
        Amendment(statements[0], "correction", "content", f"{wording} 0", f"{wording} 1", told(dice, 8)),
    ]  # fmt: skip


def told(dice: random.Random, words: int) -> str:
    return " ".join(dice.choices(WORDS, k=words))


if __name__ == "__main__":
    main()
