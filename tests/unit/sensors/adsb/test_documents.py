from tocsin.formats.aircraft_json import Aircraft, Document
from tocsin.sensors.adsb.aircraft import Receiver
from tocsin.sensors.adsb.documents import Documents


def test_a_clock_astray_counts_ages_from_the_receipt() -> None:
    documents = Documents(Receiver(None, 1.0), 30.0)
    one = Aircraft("abc123", "adsb", latitude_deg=1.0, longitude_deg=2.0, position_age_s=1.5)
    claims = list(documents.claims(Document(0.0, (one,)), 1000.0, "adsb"))
    assert [claim.time_s for claim in claims] == [998.5]
    assert documents.counts["clocks_astray"] == 1


def test_the_same_place_at_a_later_time_is_new() -> None:
    documents = Documents(Receiver(None, 1.0), 30.0)
    one = Aircraft("abc123", "adsb", latitude_deg=1.0, longitude_deg=2.0, position_age_s=0.0)
    for now_s, count in ((1000.0, 1), (1000.5, 0), (1002.0, 1)):
        assert len(list(documents.claims(Document(now_s, (one,)), now_s, "adsb"))) == count


def test_places_that_cannot_be_are_refused() -> None:
    documents = Documents(Receiver((50.0, 0.0), 1000.0), 30.0)
    for latitude_deg in (91.0, 51.0, None):
        one = Aircraft("abc123", "adsb", latitude_deg=latitude_deg, longitude_deg=0.0)
        assert list(documents.claims(Document(None, (one,)), 0.0, "adsb")) == []
    assert documents.counts == {"positions_refused": 2, "aircraft_without_position": 1}
