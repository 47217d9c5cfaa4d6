"""The outbox keeps what is to be told and what became of it."""

import resource
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest

from tocsin.channels.delivery.outbox import Outbox
from tocsin.model.errors import TocsinError
from tocsin.model.warning import Level, Receipt
from warning_builder import warning


def test_pending_until_final_and_over_a_restart(tmp_path: Path) -> None:
    now_s = time.time()
    outbox = Outbox(tmp_path / "o.sqlite")
    assert outbox.put(warning(1), now_s, now_s + 600.0)
    assert not outbox.put(warning(1), now_s, now_s + 600.0)
    outbox.put(warning(2), now_s, now_s - 1.0)  # over
    outbox.note([(Receipt("W1-X-1", "siren", Level.FAILED, now_s, "gone", 1), "W1-X")])
    outbox.note([(Receipt("W1-X-1", "mail", Level.ACCEPTED, now_s, "", 1, True), "W1-X")])
    outbox.close()
    again = Outbox(tmp_path / "o.sqlite")
    assert [one.id for one in again.pending("siren", now_s)] == ["W1-X-1"]
    assert again.pending("mail", now_s) == []
    assert again.carried("W1-X") == {"siren", "mail"}
    assert [one.level for one in again.receipts("W1-X-1")] == [Level.FAILED, Level.ACCEPTED]
    assert again.holds("W1-X-2") and not again.holds("W1-X-3")
    again.close()


def test_it_only_grows_and_refuses_what_is_none(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path / "o.sqlite")
    outbox.put(warning(1), 0.0, 1.0)
    outbox.close()
    with sqlite3.connect(tmp_path / "o.sqlite") as database, pytest.raises(sqlite3.IntegrityError, match="only grows"):
        database.execute("DELETE FROM warning")
    (tmp_path / "x.sqlite").write_bytes(b"nonsense" * 200)
    with pytest.raises(TocsinError, match="not usable"):
        Outbox(tmp_path / "x.sqlite")


def test_the_probe_finds_a_full_disk_and_a_held_file_and_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "o.sqlite"
    outbox = Outbox(path)
    outbox.probe()
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, before[1]))  # no file of this process grows
    try:
        with pytest.raises(TocsinError, match=str(path)):
            outbox.probe()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(TocsinError, match="locked"):
            outbox.probe()
    outbox.probe()
    outbox.close()
    Outbox(path).close()
