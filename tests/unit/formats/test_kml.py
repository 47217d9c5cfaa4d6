"""KML: what is written is well formed, reads back, and keeps what people wrote out of the markup."""

from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from tocsin.formats.fixes import read_fixes
from tocsin.formats.kml import NAMESPACE, Placemark, write_kml

PLACE = Placemark(
    "u1", "T1", ("probable drone",), "unknown", 54.6, 18.8, 61.5, 1_772_359_200.25, ((54.5, 18.7), (54.6, 18.8))
)
K = {"k": NAMESPACE}


def test_a_place_reads_back() -> None:
    data = write_kml("North pier", {"unknown": "ff80ffff"}, [PLACE])
    (fix,) = read_fixes(data).fixes
    assert (fix.name, fix.latitude_deg, fix.longitude_deg, fix.height_m, fix.time_s) == (
        "T1", 54.6, 18.8, 61.5, 1_772_359_200.25,
    )  # fmt: skip
    root = etree.fromstring(data)
    assert root.findtext(".//k:LineString/k:coordinates", namespaces=K) == "18.7000000,54.5000000 18.8000000,54.6000000"
    styles = {f"#{style.get('id')}" for style in root.iterfind(".//k:Style", K)}
    assert {mark.findtext("k:styleUrl", namespaces=K) for mark in root.iterfind(".//k:Placemark", K)} <= styles


def test_a_place_without_height_lies_on_the_ground() -> None:
    data = write_kml("x", {}, [Placemark("u", "T1", (), "s", 54.6, 18.8, None, 0.0)])
    root = etree.fromstring(data)
    assert root.findtext(".//k:altitudeMode", namespaces=K) == "clampToGround"
    assert root.findtext(".//k:Point/k:coordinates", namespaces=K) == "18.8000000,54.6000000"
    assert root.find(".//k:LineString", K) is None


@given(st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Z")), max_size=30))
def test_words_stay_words(text: str) -> None:
    root = etree.fromstring(write_kml(text, {}, [Placemark("u", text, (text,), "s", 1.0, 2.0, None, 0.0)]))
    assert root.findtext(".//k:Placemark/k:description", namespaces=K) == text
    assert len(root.findall(".//k:Placemark/k:Point", K)) == 1
