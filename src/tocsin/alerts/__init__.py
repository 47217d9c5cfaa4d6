"""Alerts: what an operator has to answer, raised by rules in plain terms, on the lifecycle of ISA-18.2."""

from tocsin.alerts.desk import WarningDesk
from tocsin.alerts.engine import AlertEngine
from tocsin.alerts.load import LoadFigures
from tocsin.alerts.policy import Policy
from tocsin.alerts.rule import Rule
from tocsin.alerts.settings import Settings
from tocsin.alerts.silence import SilenceWatch

__all__ = ["AlertEngine", "LoadFigures", "Policy", "Rule", "Settings", "SilenceWatch", "WarningDesk"]
