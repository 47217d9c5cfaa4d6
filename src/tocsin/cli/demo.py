"""`tocsin demo`: a story of two nights on the operator's screen, or without one for machines."""

import asyncio
import math
import os
import signal
import sys
import tempfile
import webbrowser
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

import msgspec
import typer

from tocsin.cli.commands import BROKEN_OFF
from tocsin.cli.handover import Handover
from tocsin.cli.judge import judge, judge_apart
from tocsin.cli.remember import PAGE, Memory
from tocsin.cli.terminal import Terminal
from tocsin.cli.warm import warm
from tocsin.config.site import Site, read_site
from tocsin.model.errors import TocsinError
from tocsin.service.aside import aside, until
from tocsin.service.files import check_folder
from tocsin.service.replay import run_packets
from tocsin.service.stage import Stage, story_packets
from tocsin.simulation.scenario import Scenario, play, read_scenario
from tocsin.web.app import STATIC
from tocsin.web.server import check_port
from tocsin.web.settings import Settings

_ROOTS = (Path(__file__).resolve().parents[1], Path(__file__).resolve().parents[3])  # a wheel, a checkout
SPEED_MAX = 1000.0
LOOK_S = 1.0
STAY_S = 20.0


def demo(
    headless: Annotated[bool, typer.Option("--headless", help="No screen: play to the end and write results.")] = False,
    speed_ratio: Annotated[
        float | None,
        typer.Option(
            "--speed", help="Multiple of real time; left out, 1 on the screen and as fast as it goes without."
        ),
    ] = None,
    duration_s: Annotated[
        float | None, typer.Option("--duration", help="Seconds that the whole story shall take; sets --speed.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Folder for the results; a temporary one if left out.")] = None,
    seed: Annotated[int, typer.Option(help="Another seed, other noise.")] = 1,
    port: Annotated[int | None, typer.Option(help="Port of the screen; 0 takes a free one.", min=0, max=65535)] = None,
) -> None:
    """Play the demo."""
    scene = next((root / "sites" / "demo" for root in _ROOTS if (root / "sites" / "demo").is_dir()), None)
    if scene is None:
        raise TocsinError("the demo's scenario is not part of this installation")
    path = scene / "scenario.toml"
    scenario, site = read_scenario(path), read_site(scene / "site.toml")
    pace = _pace(scenario, speed_ratio, duration_s, headless)
    folder = Path(tempfile.mkdtemp(prefix="tocsin-demo-")) if out is None else out
    check_folder(folder)
    if not headless:
        site = msgspec.structs.replace(site, web=_reachable(site.web, port))
    warm()
    try:
        if headless:
            _without_screen(scenario, site, seed, folder, pace)
        else:
            asyncio.run(_on_screen(path, scenario, site, seed, folder, pace or 1.0))
    except (KeyboardInterrupt, asyncio.CancelledError):
        _say(f"stopped; what was played is in {folder}")
        if headless:
            raise typer.Exit(BROKEN_OFF) from None


def _without_screen(scenario: Scenario, site: Site, seed: int, folder: Path, pace: float | None) -> None:
    _say("playing without a screen ...")
    names = {sensor.name for sensor in site.sensors}
    memory, handover = Memory(site, scenario.plan.name), Handover()
    story = story_packets(site, handover.packets(play(scenario, seed, names)), pace)
    watch, inline = [memory.take], [handover.take]
    aside(lambda stopped: run_packets(site, until(stopped, story), folder, watch=watch, inline=inline))
    memory.page(folder)
    _say(f"{folder / PAGE} is the incident record")
    _say(f"{folder}: {_line(judge(scenario, seed, folder))}")


async def _on_screen(path: Path, scenario: Scenario, site: Site, seed: int, folder: Path, pace: float) -> None:
    stage = Stage(site, folder)
    shown = asyncio.Event()
    terminal, memory, handover = Terminal(stage.views), Memory(site, scenario.plan.name), Handover()
    wanted = _missing_screen()
    if wanted:
        _say(f"{wanted}, so the picture comes as a table")

    def listening(url: str) -> None:
        _say(f"the screen is at {url} (Ctrl-C ends)")
        if wanted:
            port = urlsplit(url).port
            _say(f"from another machine: ssh -L {port}:127.0.0.1:{port} and the name of this one")
        if not wanted:
            loop.run_in_executor(None, webbrowser.open, url)

    def ended(_: dict[str, Any]) -> None:
        found = judge_apart(path, seed, folder)
        stage.views.put_record(memory.page(folder))
        stage.views.put_report({"evaluation": found, "record": "record"})
        stage.views.put_ending("The story has ended.")
        terminal.close()
        _say(f"the story has ended; results in {folder}, the incident record in {folder / PAGE}")
        _say(_line(found))
        if wanted:
            asyncio.run_coroutine_threadsafe(_until_unread(stage, shown), loop)

    loop = asyncio.get_running_loop()
    _stop_once(loop)
    names = {sensor.name for sensor in site.sensors}
    watch = [memory.take, *([terminal.take] if wanted else [])]
    try:
        story = handover.packets(play(scenario, seed, names))
        await stage.run(story, pace, watch, listening, ended, shown, inline=[handover.take])
    finally:
        terminal.close()


def _stop_once(loop: asyncio.AbstractEventLoop) -> None:
    """Let the first Ctrl-C end the story in order, and further ones change nothing."""
    task = asyncio.current_task()

    def stop() -> None:
        if task is not None and not task.cancelling():
            _say("stopping ...")
            task.cancel()

    loop.add_signal_handler(signal.SIGINT, stop)


async def _until_unread(stage: Stage, unread: asyncio.Event) -> None:
    """Go on serving while somebody has the screen open all the same, and for as long after as one may come back."""
    if stage.readers:
        _say(f"the screen stays up while somebody looks, and {STAY_S:.0f} s after; Ctrl-C ends")
        left_s = STAY_S
        while left_s > 0.0:
            await asyncio.sleep(LOOK_S)
            left_s = STAY_S if stage.readers else left_s - LOOK_S
        _say("nobody looks any more; the screen closes")
    unread.set()


def _reachable(web: Settings, port: int | None) -> Settings:
    """The screen's settings with the port that was asked for, or else one that is free; TocsinError if it is taken."""
    if port is None:
        try:
            check_port(web)
        except TocsinError:
            _say(f"port {web.port} is taken, so the screen takes another")
            port = 0
    settings = web if port is None else msgspec.structs.replace(web, port=port)
    check_port(settings)
    return settings


def _pace(scenario: Scenario, speed_ratio: float | None, duration_s: float | None, headless: bool) -> float | None:
    """Multiple of real time; None is as fast as it goes."""
    if speed_ratio is not None and duration_s is not None:
        raise TocsinError("--speed and --duration: each sets the other; give one")
    if duration_s is not None:
        if not 0.0 < duration_s < math.inf:
            raise TocsinError(f"--duration: expected seconds above 0, got {duration_s:g}")
        speed_ratio = scenario.plan.duration_s / duration_s
    if speed_ratio is None:
        return None if headless else 1.0
    if not 0.0 < speed_ratio <= SPEED_MAX:
        option = "--speed" if duration_s is None else f"--duration: that is {speed_ratio:g} times real time;"
        raise TocsinError(f"{option}: expected above 0 and at most {SPEED_MAX:g}")
    return speed_ratio


def _missing_screen() -> str:
    """Why no browser will open, or nothing."""
    if not (STATIC / "index.html").is_file():
        return "the web page was not built"
    if sys.platform == "linux" and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        return "this machine has no display"
    try:
        webbrowser.get()
    except webbrowser.Error:
        return "no browser was found"
    return ""


def _line(found: dict[str, Any]) -> str:
    warning = found["warning_time_min_s"]
    return (
        f"approaching drones: seen {100 * found['coverage_50m']:.0f} % of their flight within 50 m, "
        f"{found['id_switches']} switches of identity, "
        + (f"shortest warning {warning:.0f} s" if warning is not None else "no warning")
    )


def _say(text: str) -> None:
    print(f"tocsin: {text}", file=sys.stderr)
