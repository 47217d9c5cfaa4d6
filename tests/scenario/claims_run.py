"""The scene of forged claims through the whole line: what each sender's verdict was, and when."""

from pathlib import Path

from tocsin.config.site import read_site
from tocsin.model.identity import ClaimState, Verdict
from tocsin.model.packet import Packet, PacketKind
from tocsin.service.pipeline import Line, LineOutput
from tocsin.service.play import as_live, numbered
from tocsin.simulation.forms import form
from tocsin.simulation.plan import RemoteIdReceiver
from tocsin.simulation.scenario import read_scenario, timeline

FOLDER = Path(__file__).parent / "claims"
START_S = 1935482400.0  # 2031-05-02T10:00:00Z


def outputs(seed: int) -> list[LineOutput]:
    """Every output of the line; captures begin as their files do."""
    scenario, site = read_scenario(FOLDER / "scenario.toml"), read_site(FOLDER / "site.toml")
    emitters = {one.name: form(one.device).kept for one in scenario.plan.sensor}
    heads = []
    for one in scenario.plan.sensor:
        if isinstance(one.device, RemoteIdReceiver):
            heads.append(Packet(PacketKind.DATA, one.name, START_S, form(one.device).begin, exercise=True))
    packets = [*heads, *(packet for _, packet in timeline(scenario, seed, emitters))]
    line = Line(site)
    return [line.step(packet) for packet in numbered(as_live(site, packets), exercise=True)]


def verdicts(found: list[LineOutput]) -> dict[str, list[tuple[float, ClaimState]]]:
    """By identifier: each change of its verdict, in story seconds."""
    changes: dict[str, list[tuple[float, ClaimState]]] = {}
    for output in found:
        for state in output.picture.identity.claims if output.picture is not None else ():
            known = changes.setdefault(state.identifier, [])
            if not known or known[-1][1].verdict is not state.verdict:
                known.append((output.time_s - START_S, state))
    return changes


def contradicted_s(changes: list[tuple[float, ClaimState]], from_s: float) -> float:
    """When it was first contradicted from `from_s` on; infinite if never."""
    times = [time_s for time_s, state in changes if state.verdict is Verdict.CONTRADICTED and time_s >= from_s]
    return min(times, default=float("inf"))
