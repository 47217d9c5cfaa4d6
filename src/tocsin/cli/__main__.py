"""The way in: until a command runs there is nothing to save, so Ctrl-C ends the program at once and says nothing.

Python's own answer, a traceback out of whatever is being imported, tells nobody anything.
"""

import signal
from importlib import import_module


def main() -> None:
    """Run the command that the arguments name."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    import_module("tocsin.cli.program").main()  # the import takes a second, in which Ctrl-C may come


if __name__ == "__main__":
    main()
