"""The table of commands: a new command is a module beside this one and one line here.

`tocsin NAME` calls the function NAME (or the `typer.Typer` NAME, for a command with subcommands) of `tocsin.cli.NAME`,
dashes read as underscores. Only the invoked command's module is imported, so that `tocsin --help` stays quick; its
help line therefore stands here.
"""

BROKEN_OFF = 130  # exit code of work that Ctrl-C broke off, as a shell gives it
COMMANDS = {
    "adapters": "List what this installation can read and write.",
    "channels": "Say who was told what, by which channel, when.",
    "check": "Read a site file and say in words what it means.",
    "convert": "Turn a recording of a sensor or receiver into GeoJSON.",
    "demo": "Play the story of two nights on the operator's screen.",
    "evaluate": "Compare a run with where the targets really were.",
    "incidents": "Make records of what is said of an incident, and report it.",
    "listen": "Decode what a sensor sends and print it, with counts.",
    "new-adapter": "Write the folder of a new sensor adapter, with a sample and its test.",
    "operators": "Say who may log in to the screen, and as what.",
    "records": "Prove that records are whole.",
    "replay": "Run a recording or raw sensor files through the line.",
    "rules": "Try rules on a recording before they go live.",
    "run": "Run a live site until it is stopped.",
    "shift": "Say what the alerts of a run asked of its operators.",
    "simulate": "Play a scenario into sensor files and truth, over sockets, or both.",
    "test": "Check this checkout: style, types, import rules and tests.",
    "warm": "Compile the kernels and keep them on disk.",
}
