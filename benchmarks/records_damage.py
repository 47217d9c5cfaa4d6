"""What a changed byte does to a record store: `python benchmarks/records_damage.py --records N --json OUT`.

Makes a store of N records as `benchmarks/records.py` does, then changes every byte of its file in turn to another and
verifies the file. Counted: changes named as a record's, changes reported of the file (by SQLite's own check, or as not
a store's tables), and changes of no record, of which all rows are compared with the true ones. A change that verifies
while a row differs ends the benchmark. The new values have a seed.
"""

import argparse
import json
import random
import sqlite3
import tempfile
from collections import Counter
from contextlib import closing
from pathlib import Path

from records import filled
from tocsin.incidents.verification import verify


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path, required=True)
    options = parser.parse_args()
    dice = random.Random(options.seed)
    with tempfile.TemporaryDirectory() as folder:
        filled(Path(folder) / "log", options.records, 10, 10, dice)
        report = damaged(Path(folder) / "log", Path(folder) / "changed", dice)
    options.json.write_text(json.dumps({"summary": report}, indent=1))
    print(json.dumps({"summary": report}, indent=1))


def damaged(path: Path, target: Path, dice: random.Random) -> dict[str, int]:
    """How many bytes of the file `path` do what when changed."""
    whole, true = path.read_bytes(), rows(path)
    count: Counter[str] = Counter(bytes=len(whole), records=len(true))
    for place in range(len(whole)):
        content = bytearray(whole)
        content[place] ^= dice.randrange(1, 256)
        target.write_bytes(content)
        found = verify(target)
        if found.is_whole and rows(target) != true:
            raise SystemExit(f"byte {place} changed a record unseen")
        count["no_record" if found.is_whole else "named" if found.broken else "reported_of_the_file"] += 1
    return dict(count)


def rows(path: Path) -> list[tuple[int, bytes, bytes]]:
    with closing(sqlite3.connect(path)) as database:
        return database.execute("SELECT seq, signed, signature FROM record ORDER BY seq").fetchall()


if __name__ == "__main__":
    main()
