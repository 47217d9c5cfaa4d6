"""Sightings explained for those who look at them: only those of people, each under the id of its statement."""

import math

from small_site import START_S, small_site
from tocsin.formats.sighting import Sighting, write_sighting
from tocsin.model.detection import Detection, MeasurementKind
from tocsin.model.packet import Packet, PacketKind
from tocsin.service.explaining import MOST, Explainer
from tocsin.service.pipeline import Line, watches_of
from tocsin.service.views import SiteViews

PEOPLE = '[[sensor]]\nname = "people"\nadapter = "sightings"\npose = { east_m = 0, north_m = 0 }\n'
SITE = small_site(PEOPLE)


def bearing(sensor: str, *angles: float) -> Detection:
    kind = MeasurementKind.AZIMUTH if len(angles) == 1 else MeasurementKind.AZIMUTH_ELEVATION
    covariance = (0.03,) if len(angles) == 1 else (0.03, 0.0, 0.0, 0.015)
    return Detection(sensor, kind, START_S, START_S, angles, covariance, sensor_track="sighting-1")


def test_only_what_people_saw_is_explained() -> None:
    explainer = Explainer(SITE, watches_of(SITE))
    found = explainer.explain([bearing("people", 1.0), bearing("radar", 1.0)], None, {})
    assert list(found) == ["sighting-1"]
    assert 1 <= len(found["sighting-1"]) <= MOST
    assert found["sighting-1"][-1].kind == "unseen"
    assert found["sighting-1"][-1].sigmas is None
    assert all(math.isfinite(one.sigmas) for one in found["sighting-1"][:-1] if one.sigmas is not None)
    assert explainer.explain([bearing("people", 1.0, 0.3)], None, {})["sighting-1"]


def test_a_statement_carries_its_alternatives_to_the_page() -> None:
    views, line = SiteViews(SITE), Line(SITE)
    seen = Sighting(id="7", author="Guard", time="2026-03-01T10:00:00Z", latitude_deg=54.6, longitude_deg=18.8,
                    azimuth_deg=40.0)  # fmt: skip
    views.take(line.step(Packet(PacketKind.DATA, "people", seen.time_s + 1.0, write_sighting(seen), sequence=1)))
    (said,) = views.statements()
    assert (said.id, said.speaker) == ("sighting-7", "Guard")
    assert said.alternatives[-1].kind == "unseen"
