"""Channels side by side: one dead, one slow, one well; order, withdrawal, restart, a disk that refuses."""

import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.channels.delivery.outbox import Outbox
from tocsin.channels.delivery.post import Post
from tocsin.model.errors import TocsinError
from tocsin.model.warning import Level, Receipt, Warning
from warning_builder import all_clear, cancelled, unheard, warning


class Fake:
    """A channel that does as it is told."""

    proof = Level.ACCEPTED

    def __init__(self, fails: int = 0) -> None:
        self.fails = fails
        self.got: list[str] = []
        self.open = threading.Event()
        self.open.set()
        self.entered = threading.Event()

    def deliver(self, message: Warning) -> tuple[Level, str]:
        self.entered.set()
        self.open.wait(60.0)
        if self.fails:
            self.fails -= 1
            raise TocsinError("not now")
        self.got.append(message.id)
        return Level.ACCEPTED, ""

    def close(self) -> None:
        self.open.set()

    def statistics(self) -> dict[str, int]:
        return {}


class FullOutbox(Outbox):
    full = True

    def _write(self, query, rows) -> None:
        if self.full:
            raise TocsinError("disk full")
        super()._write(query, rows)


def wait(holds: Callable[[], bool], wait_s: float = 30.0) -> None:
    deadline_s = time.monotonic() + wait_s
    while not holds():
        assert time.monotonic() < deadline_s
        time.sleep(0.01)


def _post(path: Path, kind: type[Outbox] = Outbox, **channels: Fake) -> tuple[Post, Outbox, list[Receipt]]:
    told: list[Receipt] = []
    outbox = kind(path / "outbox.sqlite")
    post = Post(outbox, told.append)
    for name, channel in channels.items():
        post.add(name, channel)
    return post, outbox, told


def test_a_dead_channel_delays_no_other_and_is_tried_again(tmp_path: Path) -> None:
    dead, well = Fake(), Fake()
    dead.open.clear()
    post, outbox, _ = _post(tmp_path, dead=dead, well=well)
    for k in range(5):
        post.accept(warning(1, f"W{k}-X"))
    wait(lambda: len(well.got) == 5)
    assert dead.got == []
    dead.fails = 2
    dead.open.set()
    wait(lambda: len(dead.got) == 5)
    assert sorted(dead.got) == sorted(well.got)
    post.close(5.0)
    levels = [one.level for one in outbox.receipts("W0-X-1") if one.channel == "dead"]
    assert levels[-1] is Level.ACCEPTED and Level.FAILED in levels
    outbox.close()


def test_a_withdrawal_goes_where_the_warning_may_have_gone_and_nowhere_else(tmp_path: Path) -> None:
    well, failing, busy = Fake(), Fake(fails=1000), Fake()
    busy.open.clear()
    post, outbox, _ = _post(tmp_path, well=well, failing=failing, busy=busy)
    post.accept(warning(1, "W0-Y"))
    wait(busy.entered.is_set)
    post.accept(warning())
    wait(lambda: "W1-X-1" in well.got and post.state()["channels"]["failing"]["failed"] >= 2)
    failing.fails = 0
    post.accept(cancelled())
    busy.open.set()
    wait(lambda: "W1-X-2" in well.got and "W1-X-2" in failing.got and "W0-Y-1" in busy.got)
    post.close(5.0)
    assert "W1-X-1" not in failing.got  # the false alarm itself goes out no more
    assert [one for one in busy.got if one.startswith("W1")] == []  # it never got that far
    reasons = [one.detail for one in outbox.receipts("W1-X-2") if one.channel == "busy"]
    assert reasons == ["nothing to withdraw: nothing of it was sent here"]
    outbox.close()


def test_a_channel_that_is_no_more_in_the_policy_hears_the_end_too(tmp_path: Path) -> None:
    siren, mail = Fake(), Fake()
    post, outbox, _ = _post(tmp_path, siren=siren, mail=mail)
    post.accept(warning(1, channels=("siren", "mail")))
    wait(lambda: siren.got == mail.got == ["W1-X-1"])
    wait(lambda: outbox.carried("W1-X") == {"siren", "mail"})
    post.accept(all_clear(2))
    wait(lambda: siren.got == mail.got == ["W1-X-1", "W1-X-2"])
    post.close(5.0)
    outbox.close()


def test_a_restart_goes_on_with_what_was_not_done(tmp_path: Path) -> None:
    dead, well = Fake(fails=1000), Fake()
    post, outbox, _ = _post(tmp_path, dead=dead, well=well)
    post.accept(warning())
    wait(lambda: bool(well.got) and post.state()["channels"]["dead"]["failed"] > 0)
    post.close(0.2)
    outbox.close()
    dead, well = Fake(), Fake()
    post, outbox, _ = _post(tmp_path, dead=dead, well=well)
    post.accept(warning())  # the line tells it again
    wait(lambda: dead.got == ["W1-X-1"])
    post.close(5.0)
    assert well.got == []
    outbox.close()


def test_a_full_disk_keeps_nothing_back_and_is_told(tmp_path: Path) -> None:
    well = Fake()
    post, outbox, told = _post(tmp_path, FullOutbox, well=well)
    post.accept(warning())
    wait(lambda: well.got == ["W1-X-1"] and bool(told))
    wait(lambda: post.state()["outbox"] == "disk full")
    outbox.full = False
    post.retry()
    assert post.state()["outbox"] == ""
    assert [one.level for one in outbox.receipts("W1-X-1")] == [Level.ACCEPTED]
    assert outbox.holds("W1-X-1")
    post.close(5.0)
    outbox.close()


def test_a_locked_file_delays_no_message(tmp_path: Path) -> None:
    well = Fake()
    post, outbox, _ = _post(tmp_path, well=well)
    chains = [f"W{number}-X" for number in range(1, 11)]
    with closing(sqlite3.connect(tmp_path / "outbox.sqlite", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        begun_s = time.monotonic()
        for chain in chains:
            post.accept(warning(chain=chain))
        wait(lambda: len(well.got) == len(chains))
        assert time.monotonic() - begun_s < 2.0
        wait(lambda: "locked" in post.state()["outbox"])
        post.retry()
        assert "locked" in post.state()["outbox"]
        other.execute("ROLLBACK")
    post.retry()
    assert [one.chain for one in outbox.warnings()] == chains
    assert all(outbox.receipts(f"{chain}-1")[-1].final for chain in chains)
    post.close(5.0)
    outbox.close()


def test_the_real_thing_goes_before_tests(tmp_path: Path) -> None:
    channel = Fake()
    channel.open.clear()
    post, outbox, _ = _post(tmp_path, channel=channel)
    post.accept(unheard(0))
    wait(channel.entered.is_set)
    for one in (unheard(1), warning()):
        post.accept(one)
    channel.open.set()
    post.close(20.0)
    assert channel.got[-1] == "W1-X-1" or channel.got.index("W1-X-1") < channel.got.index("W9-T-1")
    outbox.close()


@settings(max_examples=15, deadline=None)
@given(fails=st.lists(st.integers(0, 2), min_size=2, max_size=3), end=st.sampled_from([all_clear, cancelled]))
def test_whoever_heard_a_warning_hears_its_end(fails, end, tmp_path_factory) -> None:
    channels = {f"c{k}": Fake(count) for k, count in enumerate(fails)}
    post, outbox, _ = _post(tmp_path_factory.mktemp("post"), **channels)
    for number in (1, 2):
        post.accept(warning(number))
    post.accept(end(3))
    post.close(20.0)
    for channel in channels.values():
        assert not channel.got or channel.got[-1] == "W1-X-3"
        assert channel.got == sorted(channel.got)
    outbox.close()
