"""Spoken warnings: real speech by espeak-ng into a null sink; programs that are missing, slow, silent or lie."""

import sys
import wave
from array import array
from pathlib import Path

import pytest

import parts
from tocsin.channels.speech.adapter import LEAST_SAMPLE, Adapter, loudest, sentences
from tocsin.channels.speech.settings import Settings
from tocsin.model.errors import TocsinError
from tocsin.model.warning import Level, WarningStatus, WarningText
from warning_builder import all_clear, context, unheard, warning

SAMPLES = Path(__file__).resolve().parents[4] / "src" / "tocsin" / "channels" / "speech" / "samples"


def script(folder: Path, name: str, text: str) -> str:
    path = folder / name
    path.write_text(f"#!{sys.executable}\nimport shutil, sys, time, wave\n{text}\n")
    path.chmod(0o755)
    return str(path)


def sink(folder: Path) -> str:
    """A player that keeps what it was given."""
    return script(folder, "sink", f"shutil.copy(sys.argv[-1], r'{folder}/played-' + str(time.time_ns()) + '.wav')")


def played(folder: Path) -> list[Path]:
    return sorted(folder.glob("played-*.wav"))


def test_every_language_is_spoken_as_often_as_asked(tmp_path: Path) -> None:
    speak = parts.espeak()
    texts = (
        WarningText("en", "Drone approaching", "Drone approaching: gate", "", "Go indoors now."),
        WarningText("de-DE", "Drohne", "Drohne im Anflug: Tor", "", "Sofort in ein Gebäude gehen."),
    )
    adapter = Adapter(Settings((sink(tmp_path), "-q"), speak, times=2), context())
    assert adapter.deliver(warning(texts=texts)) == (Level.DELIVERED, "played 2 times in 2 languages")
    files = played(tmp_path)
    assert len(files) == 4 and all(loudest(file) >= LEAST_SAMPLE for file in files)
    with wave.open(str(files[0])) as english, wave.open(str(files[1])) as german:
        assert english.getnframes() / english.getframerate() > 1.5
        assert german.getnframes() != english.getnframes()


def test_a_test_that_nobody_hears_makes_speech_and_plays_nothing(tmp_path: Path) -> None:
    adapter = Adapter(Settings((sink(tmp_path),), parts.espeak()), context())
    assert adapter.deliver(unheard())[0] is Level.SENT
    assert played(tmp_path) == []
    with pytest.raises(TocsinError, match="no program 'no-such-player'"):
        Adapter(Settings(("no-such-player",), parts.espeak()), context()).deliver(unheard())


def test_a_program_that_is_missing_fails_or_does_not_end_is_a_failure(tmp_path: Path) -> None:
    player = sink(tmp_path)
    with pytest.raises(TocsinError, match="no program 'no-such-voice'"):
        Adapter(Settings((player,), "no-such-voice"), context()).deliver(warning())
    broken = script(tmp_path, "broken", "sys.exit('no sound card')")
    with pytest.raises(TocsinError, match="ended with 1: no sound card"):
        Adapter(Settings((player,), broken), context()).deliver(warning())
    with pytest.raises(TocsinError, match="ended with 1: no sound card"):
        Adapter(Settings((broken,), parts.espeak()), context()).deliver(warning())
    slow = script(tmp_path, "slow", "time.sleep(30)")
    with pytest.raises(TocsinError, match="did not end within 0.3 s"):
        Adapter(Settings((player,), slow, patience_s=0.3), context()).deliver(warning())


SILENCE = """
with wave.open(sys.argv[sys.argv.index('-w') + 1], 'wb') as file:
    file.setnchannels(1); file.setsampwidth(2); file.setframerate(22050); file.writeframes(bytes(44100))
"""


@pytest.mark.parametrize(
    ("makes", "told"),
    [
        ("", "no WAV file"),
        ("open(sys.argv[sys.argv.index('-w') + 1], 'wb').write(b'RIFF')", "no WAV file"),
        (SILENCE, "a file without speech"),
    ],
)
def test_a_voice_that_lies_is_found_out(tmp_path: Path, makes: str, told: str) -> None:
    adapter = Adapter(Settings((sink(tmp_path),), script(tmp_path, "voice", makes)), context())
    with pytest.raises(TocsinError, match=told):
        adapter.deliver(warning())
    assert played(tmp_path) == []


def test_what_is_no_real_warning_says_so_twice_before_anything_else() -> None:
    for status in (WarningStatus.EXERCISE, WarningStatus.TEST):
        assert sentences(warning(status=status))[0][1].startswith(f"{status}. {status}. Drone approaching")
    assert not sentences(warning())[0][1].startswith("Actual")
    assert sentences(all_clear(texts=())) == [("en", "rule 'near'")]


def test_the_loudest_sample(tmp_path: Path) -> None:
    path = tmp_path / "x.wav"
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", ""))
        file.writeframes(array("h", [3, -32768, 5]).tobytes())
    assert loudest(path) == 32768


def test_the_sample_is_what_is_said() -> None:
    said = "".join(f"{language}: {words}\n" for language, words in sentences(warning(status=WarningStatus.EXERCISE)))
    assert said == (SAMPLES / "said.txt").read_text("utf-8")
