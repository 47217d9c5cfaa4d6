"""A mixed site, emitted through real sockets, loses nothing, and its picture reads back from three standards."""

import asyncio
from pathlib import Path

from scenario.mixed_site import losses, play, scenario


def test_a_mixed_site_loses_nothing_in_or_out(tmp_path: Path) -> None:
    duration_s = 15.0
    result = asyncio.run(play(tmp_path, duration_s))
    assert result.exit_code == 0
    assert {
        name: count for name, count in losses(result, scenario(duration_s), 1, tmp_path / "out").items() if count
    } == {}
    assert {name: len({seen.name for seen in found}) for name, found in result.seen.items()} == {
        "tak": 2,
        "atc": 2,
        "consumer": 2,
    }
    assert all(len(found) >= 10 for found in result.seen.values())
