"""Adapter: a warning spoken by a program of this machine (espeak-ng) and played by another to its loudspeakers.

What is to be said is made into a WAV file, which must hold sound: an empty or silent one is a failure. Delivered: the
player has played it to its end. What came out of the loudspeaker nobody hears back here; a microphone beside it can
report through an `mqtt` channel. An inaudible test makes the speech and looks for the player, and plays nothing.
"""

import shutil
import subprocess
import tempfile
import wave
from array import array
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

from tocsin.channels.speech.settings import Settings as SpeechSettings
from tocsin.model.adapter_info import AdapterInfo, Grade
from tocsin.model.channel import ChannelContext
from tocsin.model.errors import TocsinError
from tocsin.model.warning import Level, Warning, WarningStatus

LEAST_SAMPLE = 1000  # of 32767; a file whose loudest sample is below holds no speech
_TEST = "Test."


class Adapter:
    """The loudspeakers of this machine."""

    info: ClassVar[AdapterInfo] = AdapterInfo(
        name="speech", summary="spoken warnings", standard="espeak-ng, WAV", grade=Grade.SAMPLED
    )
    Settings: ClassVar[type[SpeechSettings]] = SpeechSettings
    emits: ClassVar[tuple[str, ...]] = ("speech",)
    proof: ClassVar[Level] = Level.SENT

    def __init__(self, settings: SpeechSettings, context: ChannelContext) -> None:
        self._settings, self._name = settings, context.name
        self._counts: Counter[str] = Counter()

    def deliver(self, warning: Warning) -> tuple[Level, str]:
        """Say it in every language, as often as the settings ask."""
        said = sentences(warning) if warning.audible else [("en", _TEST)]
        player = self._player()
        with tempfile.TemporaryDirectory(prefix="tocsin-speech-") as folder:
            files = [self._made(Path(folder) / f"{k}.wav", *one) for k, one in enumerate(said)]
            if not warning.audible:
                return Level.SENT, "speech was made; nothing was played"
            for file in files * self._settings.times:
                self._run([player, *self._settings.play[1:], str(file)])
        self._counts["said"] += 1
        return Level.DELIVERED, f"played {self._settings.times} times in {len(said)} languages"

    def close(self) -> None:
        """Nothing is held open."""

    def statistics(self) -> Mapping[str, Any]:
        """Messages that were played to their end."""
        return dict(self._counts)

    def _player(self) -> str:
        found = shutil.which(self._settings.play[0])
        if found is None:
            raise TocsinError(f"{self._name}: settings.play: no program {self._settings.play[0]!r} on this machine")
        return found

    def _made(self, path: Path, language: str, words: str) -> Path:
        """The speech as a file; TocsinError if there is none in it."""
        pace = str(self._settings.words_per_min)
        self._run([self._settings.speak, "-v", language, "-s", pace, "-w", str(path), "--stdin"], words)
        if loudest(path) < LEAST_SAMPLE:
            raise TocsinError(f"{self._name}: {self._settings.speak} made a file without speech")
        return path

    def _run(self, command: Sequence[str], words: str = "") -> None:
        try:
            done = subprocess.run(
                command, input=words.encode(), capture_output=True, timeout=self._settings.patience_s, check=False
            )
        except FileNotFoundError as error:
            raise TocsinError(f"{self._name}: no program {command[0]!r} on this machine") from error
        except subprocess.TimeoutExpired as error:
            raise TocsinError(f"{command[0]} did not end within {self._settings.patience_s:g} s") from error
        if done.returncode != 0:
            told = done.stderr.decode("utf-8", "replace").strip().splitlines()
            raise TocsinError(f"{command[0]} ended with {done.returncode}: {told[-1] if told else 'no word'}")


def sentences(warning: Warning) -> list[tuple[str, str]]:
    """(language, words) to say: first that it is no real warning if it is none, then what to do, then what it is."""
    lead = "" if warning.status is WarningStatus.ACTUAL else f"{warning.status}. {warning.status}. "
    made = [
        (text.language.split("-")[0].lower(), f"{lead}{text.headline}. {text.instruction}".strip())
        for text in warning.texts
    ]
    return made or [("en", f"{lead}{warning.reason}")]


def loudest(path: Path) -> int:
    """The greatest sample of a 16-bit WAV file, 0 for one that holds none. Raises TocsinError for what is no such."""
    try:
        with wave.open(str(path), "rb") as file:
            if file.getsampwidth() != 2:
                raise TocsinError(f"{path.name}: not 16 bits a sample")
            samples = array("h", file.readframes(min(file.getnframes(), 10_000_000)))
    except (OSError, EOFError, wave.Error) as error:
        raise TocsinError(f"{path.name}: no WAV file ({error})") from error
    return max(max(samples, default=0), -min(samples, default=0))
