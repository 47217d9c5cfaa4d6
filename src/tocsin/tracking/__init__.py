"""STAGE: scans in, tracks out.

>>> tracker = Tracker(Settings(), [SensorModel("radar")], site_seed="pier")
>>> len(tracker.step(Tick(0.0)))
0
"""

from tocsin.model.scan import Scan, Tick
from tocsin.tracking.scan_rule import ScanRule
from tocsin.tracking.sensor_model import SensorModel, Starts
from tocsin.tracking.settings import Settings
from tocsin.tracking.tracker import Tracker
from tocsin.tracking.warm import warm

__all__ = ["Scan", "ScanRule", "SensorModel", "Settings", "Starts", "Tick", "Tracker", "warm"]
