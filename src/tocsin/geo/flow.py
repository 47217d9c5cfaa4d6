"""Flow tag: the mark a site leaves on what it sends to others, so that it knows again what comes back."""

from tocsin.geo.frames import Origin
from tocsin.units import RAD_PER_DEG


def flow_tag(origin: Origin) -> str:
    """A name of the site from where it lies, to about a metre; letters, digits, dots and dashes alone."""
    return f"tocsin.{origin.latitude_rad / RAD_PER_DEG:.5f}.{origin.longitude_rad / RAD_PER_DEG:.5f}"
