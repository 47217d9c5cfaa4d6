"""Identity: what each track is and whose it is, from what sensors and people say, always with the reason."""

from tocsin.identity.identifier import Identifier
from tocsin.identity.kernels import warm
from tocsin.identity.settings import Settings
from tocsin.identity.watch import Watch

__all__ = ["Identifier", "Settings", "Watch", "warm"]
