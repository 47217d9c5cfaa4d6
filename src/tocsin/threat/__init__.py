"""Threat: how soon and how close each track comes to what is protected, and how an ended track ended."""

from tocsin.threat.approach import warm
from tocsin.threat.assess import Assessor
from tocsin.threat.outcome import Ending, outcome
from tocsin.threat.settings import Settings

__all__ = ["Assessor", "Ending", "Settings", "outcome", "warm"]
