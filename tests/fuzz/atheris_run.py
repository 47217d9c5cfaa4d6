"""Fuzz a decoder with atheris: `python tests/fuzz/atheris_run.py NAME --seconds 600`, or `all`, one a processor.

CPU seconds a decoder. No exception, no input that takes over 10 s, no more than 2 GB of memory. What is found is left
in `tests/fuzz/found/NAME`, where the tests try it for ever. Exit code 1 if anything was found. atheris is no dependency
of Tocsin: `.ci/run` puts it (`tests/peers/atheris.txt`) beside the environment that runs this.
"""

import argparse
import importlib
import os
import pkgutil
import resource
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests")]
FOUND = Path(__file__).with_name("found")
INSTRUMENTED = ["tocsin.formats", "tocsin.sensors", "tocsin.links"]


def fuzz(name: str, seconds: int, seed: int, corpus: Path) -> None:
    """Fuzz in this process, which atheris ends."""
    import atheris  # noqa: PLC0415

    for module in pkgutil.iter_modules([str(ROOT / "src" / "tocsin" / "geo")]):
        importlib.import_module(f"tocsin.geo.{module.name}")  # before, so that Numba sees its code as it is written

    with atheris.instrument_imports(include=INSTRUMENTED):
        from fuzz.targets import seeds, try_input  # noqa: PLC0415

    for k, first in enumerate(seeds(name)):
        (corpus / f"seed-{k}").write_bytes(first)
    found = FOUND / name
    found.mkdir(parents=True, exist_ok=True)
    end_s = resource.getrusage(resource.RUSAGE_SELF).ru_utime + seconds
    tried = 0

    def one(data: bytes) -> None:
        nonlocal tried
        tried += 1
        try:
            try_input(name, data)
        except Exception:
            (found / sha256(data).hexdigest()[:16]).write_bytes(data)  # atheris does not always get to write it
            raise
        if tried % 256 == 0 and resource.getrusage(resource.RUSAGE_SELF).ru_utime > end_s:
            used = resource.getrusage(resource.RUSAGE_SELF)
            print(f"{name}: {tried} inputs, {used.ru_utime:.0f} CPU s, {used.ru_maxrss // 1024} MB at most", flush=True)
            os._exit(0)

    flags = ["-timeout=10", "-rss_limit_mb=2048", "-max_len=4096", f"-artifact_prefix={found}/", "-print_final_stats=0"]
    flags.append(f"-seed={seed}")
    atheris.Setup([sys.argv[0], *flags, str(corpus)], one)
    atheris.Fuzz()


def main() -> int:
    """Fuzz one decoder here, or each in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name")
    parser.add_argument("--seconds", type=int, default=20)
    parser.add_argument("--seed", type=int, default=0, help="0 takes another each time")
    options = parser.parse_args()
    if options.name != "all":
        with tempfile.TemporaryDirectory() as corpus:
            fuzz(options.name, options.seconds, options.seed, Path(corpus))
        return 0
    from fuzz.targets import TARGETS  # noqa: PLC0415

    def run(name: str) -> int:
        command = [sys.executable, __file__, name, "--seconds", str(options.seconds), "--seed", str(options.seed)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        print(done.stdout if done.returncode == 0 else done.stdout + done.stderr, end="", flush=True)
        return done.returncode

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return int(any(pool.map(run, TARGETS)))


if __name__ == "__main__":
    sys.exit(main())
