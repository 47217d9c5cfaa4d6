"""The mark of a site."""

import math

from tocsin.geo.flow import flow_tag
from tocsin.geo.frames import Origin


def test_sites_a_few_metres_apart_have_other_marks() -> None:
    here = flow_tag(Origin(math.radians(54.6), math.radians(-18.8), 0.0))
    assert here == "tocsin.54.60000.-18.80000"
    assert here != flow_tag(Origin(math.radians(54.60003), math.radians(-18.8), 0.0))
