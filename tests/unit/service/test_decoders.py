from small_site import START_S, row, small_site
from tocsin.model.detection import Detection
from tocsin.model.packet import Packet, PacketKind
from tocsin.service.decoders import adapter_context, sensor_decoder


def test_a_decoder_reads_as_the_site_file_says_and_begins_anew() -> None:
    site = small_site()
    packet = Packet(PacketKind.DATA, "radar", START_S, row(START_S, 700.0), connection=1)
    for _ in range(2):
        decoder = sensor_decoder(site, site.sensors[0])
        (detection,) = decoder.decode(packet)
        assert isinstance(detection, Detection)
        assert (detection.sensor, detection.values[:2]) == ("radar", (3.0, 700.0))
        assert decoder.statistics()["detections"] == 1


def test_an_adapter_is_told_where_it_stands() -> None:
    site = small_site()
    context = adapter_context(site, "radar", site.sensors[0].pose)
    assert (context.name, context.origin_height_m) == ("radar", site.origin.height_m)
    assert context.origin_latitude_rad == site.origin.latitude_rad
