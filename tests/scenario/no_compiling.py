"""Plays the demo's story after a warm start and prints every kernel that compiled meanwhile; run by its test."""

import sys
from pathlib import Path

from numba.core.registry import CPUDispatcher

from tocsin.cli.warm import warm
from tocsin.config.site import read_site
from tocsin.service.pipeline import Line
from tocsin.service.stage import story_packets
from tocsin.simulation.scenario import play, read_scenario

DEMO = Path(__file__).parents[2] / "sites" / "demo"


def compiled() -> dict[str, int]:
    """How many signatures each kernel has."""
    found = {}
    for name, module in list(sys.modules.items()):
        if name.startswith("tocsin."):
            for kernel in vars(module).values():
                if isinstance(kernel, CPUDispatcher):
                    found[f"{kernel.py_func.__module__}.{kernel.py_func.__name__}"] = len(kernel.signatures)
    return found


def main() -> None:
    """Warm, play, compare."""
    site, scenario = read_site(DEMO / "site.toml"), read_scenario(DEMO / "scenario.toml")
    line = Line(site)
    warm()
    before = compiled()
    for packet in story_packets(site, play(scenario, 1, {sensor.name for sensor in site.sensors}), None):
        line.step(packet)
    after = compiled()
    print([name for name in after if after[name] > before.get(name, 0)])


if __name__ == "__main__":
    main()
