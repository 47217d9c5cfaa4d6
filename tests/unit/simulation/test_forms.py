from tocsin.formats.pcap import RADIOTAP, CaptureReader
from tocsin.formats.sbs import read_line
from tocsin.formats.wifi import read_frame
from tocsin.simulation.emit.remote_id import remote_id_pack
from tocsin.simulation.forms import form
from tocsin.simulation.plan import Acoustic, AdsbReceiver, RemoteIdReceiver
from tocsin.simulation.report import Report, ReportKind

SAID: dict[str, float | str] = {
    "id": "ABC123", "callsign": "TCS7", "latitude_deg": -24.31, "longitude_deg": 125.62, "height_m": 515.5,
    "altitude_pressure_m": 304.8, "speed_mps": 11.0, "course_deg": 271.0, "climb_mps": 0.5,
}  # fmt: skip
CLAIM = Report("receiver", ReportKind.CLAIM, 0.0, 0.1, SAID)
TIME_S, RECEIVED_S = 1_927_917_645.5, 1_927_917_645.625


def test_a_capture_holds_the_pack_that_goes_over_the_wire() -> None:
    spoken = form(RemoteIdReceiver())
    data = spoken.begin + spoken.kept(CLAIM, TIME_S, RECEIVED_S)
    (frame,) = CaptureReader().feed(data)
    assert (frame.link_type, frame.time_s) == (RADIOTAP, RECEIVED_S)
    heard = read_frame(frame.data, radiotap=True)
    assert heard is not None
    assert heard.vendors == (b"\xfa\x0b\xbc\x0d\x00" + spoken.live(CLAIM, TIME_S, RECEIVED_S),)
    assert spoken.live(CLAIM, TIME_S, RECEIVED_S) == remote_id_pack(CLAIM, TIME_S, RECEIVED_S)


def test_an_adsb_receiver_speaks_lines_in_both() -> None:
    spoken = form(AdsbReceiver())
    lines = spoken.live(CLAIM, TIME_S, RECEIVED_S)
    assert lines == spoken.kept(CLAIM, TIME_S, RECEIVED_S)
    assert [read_line(line).kind for line in lines.splitlines()] == [1, 3, 4]


def test_a_sign_of_life_has_no_words_in_either() -> None:
    beat = Report("receiver", ReportKind.BEAT, 0.0, 0.1, {})
    for device in (RemoteIdReceiver(), AdsbReceiver()):
        assert form(device).kept(beat, TIME_S, RECEIVED_S) == b""
    assert form(Acoustic()).live(beat, TIME_S, RECEIVED_S).startswith(b"{")
