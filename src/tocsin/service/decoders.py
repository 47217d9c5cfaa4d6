"""Decoders: the adapter of each sensor that has its own, built from its settings and what the site tells it."""

from typing import cast

from tocsin.config.adapters import load_adapter
from tocsin.config.site import SensorEntry, Site
from tocsin.model.adapter import AdapterContext, Decoder
from tocsin.model.sensor import Pose


def sensor_decoder(site: Site, sensor: SensorEntry) -> Decoder:
    """A new decoder for `sensor`, without any session state; the sensor is not one that a link hears."""
    adapter = load_adapter("tocsin.sensors", sensor.adapter or "")
    return cast(Decoder, adapter(sensor.settings, adapter_context(site, sensor.name, sensor.pose)))


def adapter_context(site: Site, name: str, pose: Pose) -> AdapterContext:
    """What the site tells an adapter."""
    origin = site.origin
    return AdapterContext(name, pose, origin.latitude_rad, origin.longitude_rad, origin.height_m)
