"""`tocsin listen`: files in this process, an address with a real socket."""

import asyncio
import socket
from pathlib import Path

import pytest
from typer.testing import CliRunner

from small_site import site_text
from tocsin.cli.listen import Printer, hear
from tocsin.cli.program import build
from tocsin.model.errors import TocsinError
from tocsin.sensors import adsb, remote_id
from tocsin.service.clock import LiveClock
from tocsin.service.listening import Listener, Manner, named_ear
from tocsin.transport.source import open_source

CAPTURE = Path(remote_id.__file__).parent / "samples" / "transmissions.pcap"
LINES = (Path(adsb.__file__).parent / "samples" / "pier.sbs").read_bytes()


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(build(["listen"]), ["listen", *arguments], catch_exceptions=False)
    return result.exit_code, result.stdout


def test_a_file_is_read_to_its_end() -> None:
    code, told = run(str(CAPTURE))
    assert code == 0
    assert "this looks like remote-id-capture" in told and "TCSN7SAMPLE0001" in told
    assert "claim, remote-id: 3" in told and "refused, frame: wrong checksum: 1" in told


def test_nothing_understood_is_exit_code_1(tmp_path: Path) -> None:
    (tmp_path / "letter").write_text("Dear reader,\n")
    code, told = run(str(tmp_path / "letter"))
    assert code == 1 and "nothing was recognised" in told
    code, told = run(str(tmp_path / "letter"), "--as", "beast")
    assert code == 1 and "nothing was understood" in told


def test_what_cannot_be_listened_to_says_what_could(tmp_path: Path) -> None:
    with pytest.raises(TocsinError, match="or a sensor with --site"):
        run("radar")
    site = tmp_path / "site.toml"
    site.write_text(site_text(), encoding="utf-8")
    with pytest.raises(TocsinError, match="no transport"):
        run("radar", "--site", str(site))
    with pytest.raises(TocsinError, match="leave out --as"):
        run("radar", "--site", str(site), "--as", "table")


def test_a_sender_is_heard_through_a_socket(capsys: pytest.CaptureFixture[str]) -> None:
    manner = Manner(datagrams=True)
    listener = Listener(None, lambda name: named_ear(name, manner))
    source = open_source("udp://127.0.0.1:0", "sensor", LiveClock())

    async def both() -> None:
        hearing = asyncio.create_task(hear(source, listener, Printer(20), 20.0))
        place = await source.wait_bound()
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            sender.sendto(LINES, place)
            async with asyncio.timeout(20.0):
                while not listener.kinds and not hearing.done():
                    await asyncio.sleep(0.01)
        hearing.cancel()
        await asyncio.wait([hearing])

    asyncio.run(both())
    printed = capsys.readouterr().out
    assert "this looks like sbs" in printed and "48ad01, TCS7, 54.700000 18.900000" in printed


def test_the_printer_keeps_to_its_pace_and_prints_no_control_characters(capsys: pytest.CaptureFixture[str]) -> None:
    now_s = 0.0
    printer = Printer(2, lambda: now_s)
    printer.put(["one", "two\x1b[2J", "three", "four"])
    now_s = 1.5
    printer.put(["five"])
    assert capsys.readouterr().out == "one\ntwo?[2J\n... and 2 more in this second\nfive\n"
