"""The screen under load: 2,000 tracks at 10 Hz to a real browser and 50 readers, one of them frozen.

`python benchmarks/screen.py --json OUT` writes what it measured. Three processes: the web with a line that is only
simulated (`--serve`), the readers (`--read`), and this one with Chromium. Drawing is done by the processor here, so
tasks of the page's main thread are told apart into those that draw and the rest; `load` says what else the machine did.
"""

import argparse
import asyncio
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests")]

from tocsin.config.site import read_site  # noqa: E402
from tocsin.model.identity import CLASS_COUNT, IdentityColumns  # noqa: E402
from tocsin.model.picture import Picture  # noqa: E402
from tocsin.model.threat import ThreatColumns  # noqa: E402
from tocsin.model.track import TrackColumns, TrackStatus  # noqa: E402
from tocsin.service.views import SiteViews  # noqa: E402
from tocsin.tracking.registry import ulid  # noqa: E402
from tocsin.web.app import make_app  # noqa: E402
from tocsin.web.live import Live  # noqa: E402
from tocsin.web.server import serve  # noqa: E402
from tocsin.web.settings import Settings  # noqa: E402

HZ = 10.0
START_S = 1_927_834_380.0
DRAWING = (
    *("FireAnimationFrame", "Paint", "PrePaint", "Layerize", "Commit", "UpdateLayerTree", "Layout", "UpdateLayoutTree"),
    *("BeginMainThreadFrame", "PageAnimator::serviceScriptedAnimations", "CompositeLayers", "Decode Image"),
)
TRACED = ("devtools.timeline", "disabled-by-default-devtools.timeline", "toplevel")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]


class Crowd(SiteViews):
    """A site with a crowd over it; `move` is a line that has nothing to do but to show a new picture."""

    def __init__(self, tracks: int) -> None:
        super().__init__(read_site(ROOT / "tests" / "browser" / "site.toml"), "simulation")
        dice = np.random.default_rng(1)
        self._first = _crowd(tracks, dice)
        self.late_s: list[float] = []
        self._picture = self._first

    def move(self, stop: threading.Event) -> None:
        """A picture each tenth of a second, and how late each was."""
        started, number = time.perf_counter(), 0
        while not stop.is_set():
            number += 1
            due = started + number / HZ
            time.sleep(max(0.0, due - time.perf_counter()))
            tracks = self._first.tracks
            passed_s = number / HZ
            now = msgspec.structs.replace(
                tracks,
                time_s=START_S + passed_s,
                position_enu_m=tracks.position_enu_m + passed_s * tracks.velocity_enu_mps,
                last_detection_s=np.full(len(tracks), START_S + passed_s),
            )
            self._picture = msgspec.structs.replace(self._first, time_s=now.time_s, sequence=number, tracks=now)
            self.late_s.append(time.perf_counter() - due)


def _crowd(n: int, dice: np.random.Generator) -> Picture:
    pairs = min(n, 200)
    covariance = np.zeros((n, 6, 6))
    covariance[:, range(6), range(6)] = np.square(dice.uniform(2.0, 30.0, (n, 6)))
    classes = dice.dirichlet(np.full(CLASS_COUNT, 0.3), n)
    tracks = TrackColumns(
        START_S,
        START_S,
        np.arange(1, n + 1),
        uid := tuple(ulid(START_S - 60.0, "crowd", row) for row in range(n)),
        uid,
        np.full(n, int(TrackStatus.CONFIRMED)),
        np.full(n, 0.99),
        dice.uniform(-25_000.0, 25_000.0, (n, 3)) * (1.0, 1.0, 0.02),
        dice.normal(0.0, 30.0, (n, 3)) * (1.0, 1.0, 0.05),
        covariance,
        np.ones((n, 1)),
        np.full(n, START_S - 60.0),
        np.full(n, START_S),
        ("radar",),
        np.ones(n, np.int64),
        np.zeros((0, 2), np.int64),
        np.zeros(0),
    )
    identity = IdentityColumns(classes, dice.integers(0, 7, n), ("radar says DRONE",) * n, (None,) * n)
    entry_s = np.sort(dice.uniform(20.0, 110.0, (pairs, 3)), axis=1)
    threats = ThreatColumns(
        120.0,
        ("Mulga base",),
        np.arange(pairs),
        np.zeros(pairs, np.int64),
        dice.uniform(100.0, 9000.0, pairs),
        np.zeros(pairs),
        dice.uniform(0.3, 1.0, pairs),
        entry_s,
        np.full((pairs, 3), 10.0),
        entry_s[:, 1],
        np.arange(n),
    )
    return Picture(START_S, 0, tracks, identity, threats, (), True)


async def serve_crowd(tracks: int) -> None:
    """The web alone: says its address, then, for each line read, what its thread took since the line before."""
    views = Crowd(tracks)
    settings = Settings(port=0)

    async def submit(command: Any) -> int:
        return 1

    app = make_app(submit, views, settings)
    stop = threading.Event()
    line = threading.Thread(target=views.move, args=(stop,), daemon=True)
    line.start()
    task = asyncio.create_task(serve(app, settings, lambda url: print(url, flush=True)))
    since, cpu = time.perf_counter(), time.thread_time()
    live: Live = app.state.live
    sent = skipped = 0
    while await asyncio.to_thread(sys.stdin.readline):
        now, now_cpu = time.perf_counter(), time.thread_time()  # this coroutine runs in the web's thread
        late = sorted(views.late_s) or [0.0]
        found = {
            "web_thread_share_of_a_core": (now_cpu - cpu) / (now - since),
            "line_late_ms_p50": 1000.0 * late[len(late) // 2],
            "line_late_ms_p99": 1000.0 * late[int(0.99 * len(late))],
            "readers": live.readers,
            "frames_sent": live.sent - sent,
            "frames_skipped": live.skipped - skipped,
            "seconds": now - since,
        }
        print(json.dumps(found), flush=True)
        since, cpu, views.late_s, sent, skipped = now, now_cpu, [], live.sent, live.skipped
    stop.set()
    task.cancel()
    await asyncio.wait([task])


async def read_many(url: str, readers: int, frozen: int) -> None:
    """Readers of the stream; the last `frozen` of them open it and never read."""
    host, port = url.removeprefix("http://").rstrip("/").split(":")
    request = (
        f"GET /api/live HTTP/1.1\r\nHost: {host}:{port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
    ).encode()

    async def one(reads: bool) -> None:
        reader, writer = await asyncio.open_connection(host, int(port), limit=2**18)
        writer.write(request)
        while reads and await reader.read(2**18):
            pass
        await asyncio.sleep(3600.0)

    await asyncio.gather(*(one(number < readers - frozen) for number in range(readers)))


def percentile(values: Sequence[float], share: float) -> float | None:
    """Of the values in order the one at `share`; None of none."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))] if values else None


def main_thread_tasks(trace: Mapping[str, Any]) -> tuple[list[float], list[float]]:
    """Milliseconds of each task of the page's main thread: those that draw nothing, and those that draw."""
    events = trace["traceEvents"]
    names = {(e["pid"], e["tid"]): e["args"]["name"] for e in events if e.get("name") == "thread_name"}
    mains = {thread for thread, name in names.items() if name == "CrRendererMain"}
    by_thread: dict[Any, list[Any]] = {thread: [] for thread in mains}
    for event in events:
        if event.get("ph") == "X" and (event["pid"], event["tid"]) in mains:
            by_thread[event["pid"], event["tid"]].append(event)
    busiest = max(by_thread.values(), key=len)
    tasks = sorted((e for e in busiest if e["name"].endswith("RunTask")), key=lambda e: e["ts"])
    drawn = sorted(e["ts"] for e in busiest if e["name"] in DRAWING)
    quiet, drawing = [], []
    for task in tasks:
        first = np.searchsorted(drawn, task["ts"])
        draws = first < len(drawn) and drawn[first] < task["ts"] + task.get("dur", 0)
        (drawing if draws else quiet).append(task.get("dur", 0) / 1000.0)
    return quiet, drawing


def measure_page(url: str, chromium: str, seconds: float) -> dict[str, Any]:
    """What the page's main thread did in `seconds`, while keys are pressed."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 (the other two processes need no browser)

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        page = browser.new_page(viewport={"width": 1280, "height": 720})
        page.goto(url)
        page.wait_for_timeout(8000)
        page.evaluate("for (const list of Object.values(tocsin.timings.all)) list.length = 0")
        browser.start_tracing(
            page=page, categories=["devtools.timeline", "disabled-by-default-devtools.timeline", "toplevel"]
        )
        end = time.monotonic() + seconds
        keys = 0
        while time.monotonic() < end:
            for key in ("1", "2", "l", "p", "n", "c"):
                page.keyboard.press(key)
                keys += 1
                page.wait_for_timeout(120)
        trace = json.loads(browser.stop_tracing())
        timings = page.evaluate("tocsin.timings.all")
        tracks = page.evaluate("tocsin.table.tracks.length")
        browser.close()
    quiet, drawing = main_thread_tasks(trace)
    busy = [task for task in quiet if task >= 1.0]
    return {
        "tracks": tracks,
        "frames_parsed": len(timings["parse"]),
        "frame_parse_ms_p50": percentile(timings["parse"], 0.5),
        "frame_parse_ms_p95": percentile(timings["parse"], 0.95),
        "keys_pressed": keys,
        "key_to_state_ms_p50": percentile(timings["key"], 0.5),
        "key_to_state_ms_p95": percentile(timings["key"], 0.95),
        "tasks_without_drawing": len(quiet),
        "tasks_without_drawing_ms_p95": percentile(quiet, 0.95),
        "tasks_without_drawing_of_1_ms_or_more_ms_p95": percentile(busy, 0.95),
        "tasks_without_drawing_ms_max": max(quiet, default=None),
        "tasks_with_drawing_ms_p95": percentile(drawing, 0.95),
        "overlay_draw_ms_p50": percentile(timings["draw"], 0.5),
        "panels_ms_p95": percentile(timings["panels"], 0.95),
    }


def ask(server: "subprocess.Popen[str]") -> dict[str, Any]:
    assert server.stdin and server.stdout
    server.stdin.write("\n")
    server.stdin.flush()
    return dict(json.loads(server.stdout.readline()))


def measure(tracks: int, readers: int, seconds: float, chromium: str) -> dict[str, Any]:
    """The web with nobody, with the readers, and then a page by itself."""
    load = os.getloadavg()[0]
    mine = [sys.executable, __file__]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen([*mine, "--serve", "--tracks", str(tracks)], **pipes) as server:  # type: ignore[call-overload]
        url = server.stdout.readline().strip()
        time.sleep(2.0)
        ask(server)
        time.sleep(seconds)
        alone = ask(server)
        with subprocess.Popen([*mine, "--read", url, "--readers", str(readers)]) as crowd:
            try:
                while ask(server)["readers"] < readers:
                    time.sleep(0.5)
                time.sleep(2.0)
                ask(server)
                time.sleep(seconds)
                crowded = ask(server)
            finally:
                crowd.kill()
        time.sleep(2.0)
        ask(server)
        page = measure_page(url, chromium, seconds)
        server.stdin.close()
        server.wait(10.0)
    return {
        "schema": 1,
        "tracks": tracks,
        "readers": readers,
        "frozen": 1,
        "seconds": seconds,
        "load": load,
        "cores": os.cpu_count(),
        "without_readers": alone,
        "with_readers": crowded,
        "page": page,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, help="where to write what was measured")
    parser.add_argument("--tracks", type=int, default=2000)
    parser.add_argument("--readers", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--chromium", default="/usr/bin/chromium")
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--read", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.serve:
        asyncio.run(serve_crowd(given.tracks))
    elif given.read:
        asyncio.run(read_many(given.read, given.readers, frozen=1))
    else:
        found = measure(given.tracks, given.readers, given.seconds, given.chromium)
        text = json.dumps(found, indent=2)
        print(text)
        if given.json:
            given.json.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
