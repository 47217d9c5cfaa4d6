"""`python -m tocsin.watchdog SETTINGS.json`: watch until stopped; `tocsin run` starts this by itself."""

import sys
from pathlib import Path

from tocsin.channels.delivery.process import run_until_told
from tocsin.watchdog.process import WatchdogProcess

if __name__ == "__main__":
    run_until_told(Path(sys.argv[1]), WatchdogProcess)
