"""The recorder: order, rotation, restart, a full disk, a real kill."""

import math
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import msgspec
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tocsin.model.errors import TocsinError
from tocsin.model.packet import Packet, PacketKind
from tocsin.model.sensor import Health
from tocsin.recording import log
from tocsin.recording.segment import Segment
from tocsin.recording.settings import Settings
from unit.recording.harness import BUILD, SITE, data, record, wait_until

packets = st.builds(
    Packet,
    kind=st.sampled_from(PacketKind),
    source=st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
    received_s=st.floats(allow_nan=False),
    data=st.binary(max_size=200),
    connection=st.integers(0, 2**31),
    origin=st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
    exercise=st.booleans(),
)


@settings(max_examples=25, deadline=None)
@given(st.lists(packets, max_size=20))
@example(
    [Packet(PacketKind.DATA, "", 1.8e299), Packet(PacketKind.DATA, "", -1.8e299), Packet(PacketKind.TICK, "", math.inf)]
)
def test_reads_back_exactly_what_was_submitted(tmp_path_factory: pytest.TempPathFactory, given_: list[Packet]) -> None:
    folder = tmp_path_factory.mktemp("log")
    written = record(folder, given_)
    assert [packet.sequence for packet in written] == list(range(1, len(given_) + 1))
    assert [msgspec.structs.replace(packet, sequence=0) for packet in written] == given_
    reading = log.read(folder)
    assert list(reading) == written
    assert reading.findings == []


def test_a_new_file_after_its_minutes_carries_the_site_text(tmp_path: Path) -> None:
    written = record(tmp_path, [SITE, *(data(10.0 * k) for k in range(1, 20))], rotate_s=60.0)
    reading = log.read(tmp_path)
    assert [head.first_sequence for head in reading.heads] == [1, 7, 13, 19]
    assert [head.site for head in reading.heads] == [None] + 3 * ['[site]\nname = "North pier"\n']
    assert all(head.build["version"] == "0.0.0" and head.run == 1 for head in reading.heads)
    assert list(reading) == written and reading.findings == []


def test_a_new_file_after_its_size(tmp_path: Path) -> None:
    noise = [data(0.01 * k, os.urandom(60_000)) for k in range(200)]
    written = record(tmp_path, noise, rotate_mib=1.0)
    assert len(list(tmp_path.glob("*.mcap"))) > 1
    assert list(log.read(tmp_path)) == written


def test_many_threads_get_one_order_and_the_line_sees_it(tmp_path: Path) -> None:
    line: list[Packet] = []
    with log.Recorder(Settings(folder=str(tmp_path)), BUILD, forward=line.append) as recorder:
        threads = [
            threading.Thread(target=lambda n=n: [recorder.submit(data(k, source=f"s{n}")) for k in range(500)])
            for n in range(4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert [packet.sequence for packet in line] == list(range(1, 2001))
    assert list(log.read(tmp_path)) == line


def test_a_restart_numbers_on_above_everything_used_before(tmp_path: Path) -> None:
    record(tmp_path, [data(), data()])
    second = record(tmp_path, [data(100.0)])
    assert second[0].sequence == 2 + 1 + log.RESTART_GAP
    (tmp_path / f"no-time-{9_000_000:012d}.mcap").touch()  # killed before its first byte
    third = record(tmp_path, [data(200.0)])
    assert third[0].sequence == 9_000_000 + 1 + log.RESTART_GAP
    reading = log.read(tmp_path)
    assert len(list(reading)) == 4
    assert reading.findings == []


def test_text_that_has_no_bytes_is_counted_and_harms_nothing_else(tmp_path: Path) -> None:
    with log.Recorder(Settings(folder=str(tmp_path)), BUILD) as recorder:
        recorder.submit(data())
        recorder.submit(msgspec.structs.replace(data(), origin="\udcff"))
        recorder.submit(data())
    assert recorder.statistics()["lost"] == 1
    reading = log.read(tmp_path)
    assert [packet.sequence for packet in reading] == [1, 3]
    assert [(finding.what, finding.count) for finding in reading.findings] == [("missing packets", 1)]


def test_a_folder_that_cannot_be_made_stops_the_start(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(TocsinError, match=r"recording\.folder"):
        log.Recorder(Settings(folder=str(tmp_path / "file" / "folder")), BUILD)


def test_a_writer_without_a_disk_never_holds_up_the_line(tmp_path: Path) -> None:
    folder = tmp_path / "recordings"
    with log.Recorder(Settings(folder=str(folder), flush_s=0.02, hold_mib=0.01), BUILD) as recorder:
        folder.rmdir()
        folder.touch()  # every open fails from now on
        numbers = [recorder.submit(data()).sequence for _ in range(200)]
        wait_until(lambda: recorder.status(5.0).health is Health.FAULT)
        assert recorder.status(5.0).time_s == 5.0
    assert numbers == list(range(1, 201))
    assert recorder.statistics()["lost"] == 200 and recorder.statistics()["recorded"] == 0


def test_a_disk_that_hangs_is_a_fault_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    goes_on = threading.Event()

    def hang(segment: Segment) -> None:
        goes_on.wait()
        flush(segment)

    flush = Segment.flush
    monkeypatch.setattr(Segment, "flush", hang)
    with log.Recorder(Settings(folder=str(tmp_path), flush_s=0.02, hold_mib=0.01), BUILD) as recorder:
        for _ in range(100):
            recorder.submit(data())
        assert recorder.status(0.0).health is Health.FAULT
        assert recorder.status(0.0).reason.startswith("the disk does not keep up; ")
        goes_on.set()
        wait_until(lambda: recorder.status(0.0).health is Health.OK)
    assert len(list(log.read(tmp_path))) == 100 - recorder.statistics()["lost"]


# The disk fills: a file-size limit makes the kernel refuse, as ENOSPC would, in a process of its own.
_FULL_DISK = """
import resource, signal, sys, time
from pathlib import Path
from tocsin.model.packet import Packet, PacketKind
from tocsin.recording import log
from tocsin.recording.settings import Settings
import os
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
folder = Path(sys.argv[1])
def wait_until(reached):
    deadline = time.monotonic() + 20
    while not reached():
        assert time.monotonic() < deadline
        time.sleep(0.01)
settings = Settings(folder=str(folder), flush_s=0.02, retry_s=0.02, hold_mib=0.05)
with log.Recorder(settings, {}) as recorder:
    def submit():
        recorder.submit(Packet(PacketKind.DATA, "radar", 1.0, os.urandom(1000)))
    for _ in range(3):
        submit()
    wait_until(lambda: recorder.statistics()["recorded"] == 3)
    assert recorder.status(0.0).health == "ok"
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
    for _ in range(100):
        submit()
    wait_until(lambda: "nothing is recorded" in recorder.status(0.0).reason)
    assert recorder.status(0.0).health == "fault"
    lost = recorder.statistics()["lost"]
    assert 0 < lost < 100, lost
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    wait_until(lambda: recorder.status(0.0).health == "ok")
    submit()
    assert f"{lost} packets were not recorded" in recorder.status(0.0).reason
print(lost)
"""


def run(script: str, *arguments: str) -> "subprocess.Popen[str]":
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.Popen(
        [sys.executable, "-c", script, *arguments], stdout=subprocess.PIPE, text=True, env=environment
    )


def test_a_full_disk_raises_a_status_loses_only_what_does_not_fit_and_recovers(tmp_path: Path) -> None:
    with run(_FULL_DISK, str(tmp_path)) as process:
        output, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    lost = int(output)
    reading = log.read(tmp_path)
    numbers = [packet.sequence for packet in reading]
    assert len(numbers) == 104 - lost and numbers[:3] == [1, 2, 3] and numbers[-1] == 104
    assert numbers == sorted(numbers)
    assert sum(finding.count for finding in reading.findings) == lost
    assert {finding.what for finding in reading.findings} == {"missing packets"}


@pytest.mark.skipif(os.geteuid() != 0, reason="mounting a small file system needs root")
def test_a_full_file_system(tmp_path: Path) -> None:
    mount = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(tmp_path)], capture_output=True)
    if mount.returncode != 0:
        pytest.skip(f"cannot mount a small file system here: {mount.stderr.decode().strip()}")
    try:
        with log.Recorder(Settings(folder=str(tmp_path), flush_s=0.02, retry_s=0.02), BUILD) as recorder:
            ballast = tmp_path / "ballast"
            ballast.write_bytes(bytes(40_000))
            written = [recorder.submit(data(0.0, os.urandom(10_000))) for _ in range(3)]
            wait_until(lambda: recorder.status(0.0).health is Health.FAULT)
            assert "No space left" in recorder.status(0.0).reason
            ballast.unlink()
            wait_until(lambda: recorder.status(0.0).health is Health.OK)
        reading = log.read(tmp_path)
        assert list(reading) == written and reading.findings == []
    finally:
        subprocess.run(["umount", str(tmp_path)], check=True)


# A process that writes until it is killed, printing each number with the machine's monotonic time after `submit`.
_WRITER = """
import os, sys, time
from tocsin.model.packet import Packet, PacketKind
from tocsin.recording import log
from tocsin.recording.settings import Settings
recorder = log.Recorder(Settings(folder=sys.argv[1]), {})
while True:
    packet = recorder.submit(Packet(PacketKind.DATA, "radar", time.time(), os.urandom(200)))
    os.write(1, b"%d %.6f\\n" % (packet.sequence, time.monotonic()))
    time.sleep(0.002)
"""


def lost_to_a_kill_s(folder: Path, run_for_s: float) -> float:
    """Let the writer run, kill it, and answer the age of the oldest packet that was lost."""
    with run(_WRITER, str(folder)) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline()]
        began_s = time.monotonic()
        while time.monotonic() - began_s < run_for_s:
            lines.append(process.stdout.readline())
        process.send_signal(signal.SIGKILL)
        killed_s = time.monotonic()
        lines += [line for line in process.stdout if line.endswith("\n")]
    submitted = {int(number): float(at_s) for number, at_s in (line.split() for line in lines)}
    numbers = [packet.sequence for packet in log.read(folder)]
    assert numbers == list(range(1, len(numbers) + 1))
    assert len(numbers) > 50
    return killed_s - min((at_s for number, at_s in submitted.items() if number > len(numbers)), default=killed_s)


def test_a_kill_loses_at_most_half_a_second(tmp_path: Path) -> None:
    lost_s = [lost_to_a_kill_s(tmp_path / f"{run_for_s}", run_for_s) for run_for_s in (0.9, 1.13, 1.37, 1.61)]
    assert max(lost_s) <= 0.5
    assert max(lost_s) > 0.0, "no kill came while packets were held: the test showed nothing"
