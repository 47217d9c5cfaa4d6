"""The feed: written whole, read by others, fetched, and left alone by tests."""

from pathlib import Path

import httpx
import pytest
from lxml import etree

from small_site import free_port
from tocsin.channels.feed.adapter import ATOM, Adapter
from tocsin.channels.feed.settings import Settings
from tocsin.formats.cap import read_cap
from tocsin.model.errors import TocsinError
from tocsin.model.warning import Level
from warning_builder import Reports, cancelled, context, unheard, warning


def _ids(data: bytes) -> list[str]:
    return [one.findtext(f"{{{ATOM}}}id") for one in etree.fromstring(data).findall(f"{{{ATOM}}}entry")]


def test_newest_first_and_kept_over_a_restart(tmp_path: Path) -> None:
    adapter = Adapter(Settings(), context(tmp_path))
    assert adapter.deliver(warning()) == (Level.SENT, "in feed.atom")
    adapter.deliver(unheard())
    again = Adapter(Settings(kept=2), context(tmp_path))
    again.deliver(cancelled())
    again.deliver(cancelled())
    data = (tmp_path / "feed" / "feed.atom").read_bytes()
    assert _ids(data) == ["urn:cap:W1-X-2", "urn:cap:W1-X-1"]
    assert read_cap((tmp_path / "feed" / "W1-X-1.xml").read_bytes()).identifier == "W1-X-1"
    root = etree.fromstring(data)
    for tag in ("id", "title", "updated", "author"):  # what RFC 4287 asks of a feed
        assert root.find(f"{{{ATOM}}}{tag}") is not None
    terms = [one.get("term") for one in root.find(f"{{{ATOM}}}entry").findall(f"{{{ATOM}}}category")]
    assert terms == ["Actual", "cancelled"]


def test_served_and_fetched(tmp_path: Path) -> None:
    reports, port = Reports(), free_port()
    adapter = Adapter(Settings(port=port), context(tmp_path, reports))
    adapter.deliver(warning())
    url = f"http://127.0.0.1:{port}/"
    feed = httpx.get(url)
    assert feed.headers["content-type"] == "application/atom+xml"
    link = etree.fromstring(feed.content).find(f".//{{{ATOM}}}link").get("href")
    assert link == f"{url}W1-X-1.xml"
    assert read_cap(httpx.get(link).content).identifier == "W1-X-1"
    for path in ("../../secret", ".proof", "feed.xml"):
        assert httpx.get(url + path).status_code == 404
    adapter.close()
    assert reports.said == [("W1-X-1", Level.DELIVERED, "fetched by 127.0.0.1")]


def test_a_broken_feed_and_a_taken_port_are_refused(tmp_path: Path) -> None:
    (tmp_path / "feed").mkdir()
    (tmp_path / "feed" / "feed.atom").write_bytes(b"<feed")
    with pytest.raises(TocsinError, match="is no feed"):
        Adapter(Settings(), context(tmp_path))
