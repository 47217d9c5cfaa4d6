"""Adapter: an Atom feed of the CAP messages, newest first, as files and, with a port, over HTTP.

Sent: feed and message stand in the folder, each put there whole. Delivered: somebody has fetched the message from the
built-in server. A test that nobody must hear writes and reads back a file of its own and leaves the feed alone. Source:
RFC 4287; the order of chains is that of CAP's `references`.
"""

import http.server
import os
import threading
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import quote, urlsplit

from lxml import etree

from tocsin.channels.feed.settings import Settings as FeedSettings
from tocsin.model.adapter_info import AdapterInfo, Grade
from tocsin.model.channel import ChannelContext
from tocsin.model.errors import TocsinError
from tocsin.model.warning import Level, Warning

ATOM = "http://www.w3.org/2005/Atom"
FEED = "feed.atom"
CAP_TYPE = "application/cap+xml"


class Adapter:
    """One feed."""

    info: ClassVar[AdapterInfo] = AdapterInfo(
        name="feed", summary="a feed of CAP messages", standard="Atom, RFC 4287; CAP 1.2", grade=Grade.SAMPLED
    )
    Settings: ClassVar[type[FeedSettings]] = FeedSettings
    emits: ClassVar[tuple[str, ...]] = ("feed", "cap message")
    proof: ClassVar[Level] = Level.SENT

    def __init__(self, settings: FeedSettings, context: ChannelContext) -> None:
        self._settings, self._context = settings, context
        self.folder = Path(context.folder) / settings.folder
        self._counts: Counter[str] = Counter()
        self._lock = threading.Lock()
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise TocsinError(f"{context.name}: {self.folder}: {error.strerror or error}") from error
        self._entries = read_entries(self.folder / FEED)
        self._server: http.server.ThreadingHTTPServer | None = None
        if settings.port is not None:
            try:
                self._server = http.server.ThreadingHTTPServer((settings.host, settings.port), _handler(self))
            except OSError as error:
                reason = error.strerror or error
                raise TocsinError(f"{context.name}: {settings.host}:{settings.port}: {reason}") from error
            threading.Thread(target=self._server.serve_forever, name=f"feed {context.name}", daemon=True).start()

    def deliver(self, warning: Warning) -> tuple[Level, str]:
        """Write the message, then the feed that names it."""
        if not warning.audible:
            _put(self.folder / ".proof", warning.cap.encode())
            if (self.folder / ".proof").read_bytes() != warning.cap.encode():
                raise TocsinError("what was written does not read back")
            return Level.SENT, "written and read back; the feed is as it was"
        with self._lock:
            _put(self.folder / f"{warning.id}.xml", warning.cap.encode())
            self._entries = [
                entry(warning, self._url()),
                *(e for e in self._entries if _id(e) != f"urn:cap:{warning.id}"),
            ]
            self._entries = self._entries[: self._settings.kept]
            _put(self.folder / FEED, feed(self._context.site, self._context.name, self._entries))
        self._counts["messages"] += 1
        return Level.SENT, f"in {FEED}"

    def close(self) -> None:
        """Serve nothing more; the files stay."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()

    def statistics(self) -> Mapping[str, Any]:
        """Messages in the feed, and how often one was fetched."""
        return {**self._counts, "entries": len(self._entries)}

    def fetched(self, warning: str, who: str) -> None:
        """Somebody has fetched a message."""
        self._counts["fetched"] += 1
        self._context.report(warning, Level.DELIVERED, f"fetched by {who}")

    def _url(self) -> str:
        if self._settings.url is not None:
            return self._settings.url
        return f"http://{self._settings.host}:{self._settings.port}/" if self._settings.port else ""


def entry(warning: Warning, url: str) -> Any:
    """The entry of one message."""
    node = etree.Element(f"{{{ATOM}}}entry", nsmap={None: ATOM})
    stamp = datetime.fromtimestamp(warning.sent_s, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    title = " / ".join(dict.fromkeys(text.headline for text in warning.texts)) or warning.reason
    for tag, text in (("id", f"urn:cap:{warning.id}"), ("title", title), ("updated", stamp), ("published", stamp)):
        etree.SubElement(node, f"{{{ATOM}}}{tag}").text = text
    etree.SubElement(node, f"{{{ATOM}}}category", term=str(warning.status))
    etree.SubElement(node, f"{{{ATOM}}}category", term=str(warning.stage))
    link = f"{url}{quote(warning.id)}.xml"
    etree.SubElement(node, f"{{{ATOM}}}link", rel="alternate", type=CAP_TYPE, href=link)
    etree.SubElement(node, f"{{{ATOM}}}content", type=CAP_TYPE, src=link)
    return node


def feed(site: str, name: str, entries: list[Any]) -> bytes:
    """The whole feed."""
    root = etree.Element(f"{{{ATOM}}}feed", nsmap={None: ATOM})
    updated = entries[0].findtext(f"{{{ATOM}}}updated") if entries else "1970-01-01T00:00:00Z"
    for tag, text in (("id", f"urn:tocsin:{quote(site)}:{quote(name)}"), ("title", site), ("updated", updated)):
        etree.SubElement(root, f"{{{ATOM}}}{tag}").text = text
    author = etree.SubElement(root, f"{{{ATOM}}}author")
    etree.SubElement(author, f"{{{ATOM}}}name").text = site
    root.extend(entries)
    return bytes(etree.tostring(root, encoding="UTF-8", xml_declaration=True))


def read_entries(path: Path) -> list[Any]:
    """The entries of a feed that an earlier run left; none if there is none. TocsinError if it cannot be read."""
    if not path.exists():
        return []
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        return list(etree.fromstring(path.read_bytes(), parser).findall(f"{{{ATOM}}}entry"))
    except (OSError, etree.XMLSyntaxError) as error:
        raise TocsinError(f"{path}: is no feed: {error}") from error


def _id(node: Any) -> str:
    return str(node.findtext(f"{{{ATOM}}}id"))


def _put(path: Path, data: bytes) -> None:
    draft = path.with_name(f".{path.name}.new")
    draft.write_bytes(data)
    os.replace(draft, path)


def _handler(adapter: Adapter) -> type[http.server.BaseHTTPRequestHandler]:
    class Handler(http.server.BaseHTTPRequestHandler):
        """Serves the feed and its messages, and nothing else of the folder."""

        timeout = 30

        def do_GET(self) -> None:
            name = urlsplit(self.path).path.removeprefix("/") or FEED
            known = {FEED} | {path.name for path in adapter.folder.glob("[!.]*.xml")}
            if name not in known:
                self.send_error(404)
                return
            data = (adapter.folder / name).read_bytes()
            self.send_response(200)
            self.send_header("content-type", "application/atom+xml" if name == FEED else CAP_TYPE)
            self.send_header("content-length", str(len(data)))
            self.send_header("cache-control", "max-age=5")
            self.end_headers()
            self.wfile.write(data)
            if name != FEED:
                adapter.fetched(name.removesuffix(".xml"), self.client_address[0])

        def log_message(self, *_: object) -> None:
            """Nothing is printed."""

    return Handler
