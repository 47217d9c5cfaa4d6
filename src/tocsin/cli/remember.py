"""The incident record of a story that was just played: what the line saw beside what people said."""

import math
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tocsin.config.describe import never_seen
from tocsin.config.site import Site
from tocsin.geo.angles import azimuth_rad
from tocsin.geo.frames import lla_from_enu
from tocsin.incidents.incident_report import Run, incident_report, sha256_of
from tocsin.incidents.report import html
from tocsin.incidents.store import RecordStore
from tocsin.incidents.witness import Witness
from tocsin.model.picture import Picture
from tocsin.service.pipeline import LineOutput

AUTHOR = "Tocsin"
RECORDS = "incident.records"
PAGE = "incident.html"


def where(site: Site, place_enu_m: tuple[float, float, float]) -> str:
    """A place in words: from the nearest asset, in degrees, and how high."""
    latitude_deg, longitude_deg = (
        math.degrees(float(angle_rad)) for angle_rad in lla_from_enu(site.origin, np.array([place_enu_m]))[0, :2]
    )
    parts = [f"{latitude_deg:.5f}, {longitude_deg:.5f}"]
    if site.assets:
        apart = [(place_enu_m[0] - one.east_m, place_enu_m[1] - one.north_m) for one in site.assets]
        away_m, name, (east_m, north_m) = min(
            (math.hypot(*offset), one.name, offset) for one, offset in zip(site.assets, apart, strict=True)
        )
        azimuth_deg = round(math.degrees(azimuth_rad(east_m, north_m))) % 360
        parts.insert(0, f"{away_m / 1000.0:.1f} km from {name} at {azimuth_deg:03d} deg")
    up_m = place_enu_m[2]
    parts.append(f"{abs(up_m):.0f} m {'above' if up_m >= 0.0 else 'below'} the site's level")
    return ", ".join(parts)


class Memory:
    """Takes each output of the line; `page` writes the records and the page into the run's folder.

    The records are signed by a key made for this run alone, which is then let go: they can be proven whole, and nobody
    can add to them.
    """

    def __init__(self, site: Site, title: str) -> None:
        self._site = site
        self._title = title
        self._witness = Witness()
        self._picture: Picture | None = None

    def take(self, output: LineOutput) -> None:
        """Watch one output."""
        self._witness.hear(output.packet)
        self._witness.watch(output.statuses)
        self._picture = output.picture or self._picture
        if self._picture is not None and (output.picture is not None or output.alerts):
            self._witness.see(self._picture, output.alerts)

    def page(self, folder: Path) -> str:
        """Write `incident.records` and `incident.html`, and answer the page."""
        origin = self._site.origin
        run = Run(
            self._site.name,
            self._title,
            math.degrees(origin.latitude_rad),
            math.degrees(origin.longitude_rad),
            {name: sha256_of(folder / name) for name in ("detections.parquet", "tracks.parquet", "alerts.jsonl")},
            where=lambda place: where(self._site, place),
            never_seen=never_seen(self._site),
        )
        recorded_at = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        store = RecordStore(folder / RECORDS, create=True)
        try:
            accounts = incident_report(self._witness, run, AUTHOR, Ed25519PrivateKey.generate(), recorded_at, store)
        finally:
            store.close()
        page = html(*accounts)
        (folder / PAGE).write_text(page, encoding="utf-8")
        return page
