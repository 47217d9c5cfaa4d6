"""`python -m tocsin.channels.delivery SETTINGS.json`: deliver until stopped; `tocsin run` starts this by itself."""

import sys
from pathlib import Path

from tocsin.channels.delivery.process import ChannelsProcess, run_until_told

if __name__ == "__main__":
    run_until_told(Path(sys.argv[1]), ChannelsProcess)
