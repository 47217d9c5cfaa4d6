"""The stages' settings under names that can stand side by side; the one place where config names the stages."""

from tocsin.alerts.policy import Policy
from tocsin.alerts.rule import Rule
from tocsin.alerts.settings import Settings as AlertSettings
from tocsin.identity.settings import Settings as IdentitySettings
from tocsin.recording.settings import Settings as RecordingSettings
from tocsin.threat.settings import Settings as ThreatSettings
from tocsin.tracking.scan_rule import ScanRule
from tocsin.tracking.sensor_model import SensorModel, Starts
from tocsin.tracking.settings import Settings as TrackingSettings
from tocsin.web.settings import Settings as WebSettings

__all__ = [
    "AlertSettings",
    "IdentitySettings",
    "Policy",
    "RecordingSettings",
    "Rule",
    "ScanRule",
    "SensorModel",
    "Starts",
    "ThreatSettings",
    "TrackingSettings",
    "WebSettings",
]
