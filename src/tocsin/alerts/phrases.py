"""Phrases: the built-in words of warnings, a table a language; they say what to do and never who did it.

`compose` fills them for one stage of a chain. Exercises and tests begin and end with their mark, in every field that
people see.
"""

from collections.abc import Mapping

import msgspec

from tocsin.model.warning import WarningStage, WarningStatus, WarningText


class Phrases(msgspec.Struct, frozen=True):
    """`{place}` stands for the places, `{event}` for the event, `{clock}` for the time of day in UTC."""

    exercise: str
    test: str
    comes: str  # the event of a rule that enters
    falls: str
    headline: str
    updated: str
    all_clear: str
    cancelled: str
    description: str
    shelter: str
    cover: str
    over: str
    false: str


PHRASES: Mapping[str, Phrases] = {
    "en": Phrases(
        exercise="EXERCISE",
        test="TEST",
        comes="Drone approaching",
        falls="Falling object",
        headline="{event}: {place}",
        updated="{event}, still dangerous: {place}",
        all_clear="All clear: {place}",
        cancelled="False alarm, warning withdrawn: {place}",
        description="{event}. Area: {place}. As of {clock} UTC.",
        shelter="Go indoors now, away from windows, and stay there until the all clear.",
        cover="Take cover at once: inside, or lie down behind something solid. Do not touch what has come down.",
        over="The danger is over. Do not touch what has come down; report it.",
        false="The warning of {clock} UTC was sent in error. There is no danger; nothing needs to be done.",
    ),
    "de": Phrases(
        exercise="ÜBUNG",
        test="PROBE",
        comes="Drohne im Anflug",
        falls="Herabfallender Gegenstand",
        headline="{event}: {place}",
        updated="{event}, Gefahr besteht weiter: {place}",
        all_clear="Entwarnung: {place}",
        cancelled="Fehlalarm, Warnung zurückgenommen: {place}",
        description="{event}. Gebiet: {place}. Stand {clock} UTC.",
        shelter="Gehen Sie sofort in ein Gebäude, weg von Fenstern, und bleiben Sie dort bis zur Entwarnung.",
        cover="Gehen Sie sofort in Deckung: im Haus, oder flach hinter etwas Festem. Herabgefallenes nicht berühren.",
        over="Die Gefahr ist vorüber. Berühren Sie nichts, was herabgefallen ist; melden Sie es.",
        false="Die Warnung von {clock} UTC war ein Irrtum. Es besteht keine Gefahr; Sie müssen nichts tun.",
    ),
    "pl": Phrases(
        exercise="ĆWICZENIE",
        test="TEST",
        comes="Nadlatuje dron",
        falls="Spadający obiekt",
        headline="{event}: {place}",
        updated="{event}, zagrożenie trwa: {place}",
        all_clear="Odwołanie alarmu: {place}",
        cancelled="Fałszywy alarm, ostrzeżenie wycofane: {place}",
        description="{event}. Obszar: {place}. Stan na {clock} UTC.",
        shelter="Natychmiast wejdź do budynku, z dala od okien, i pozostań tam do odwołania alarmu.",
        cover="Natychmiast się ukryj: w budynku albo leżąc za czymś solidnym. Nie dotykaj tego, co spadło.",
        over="Zagrożenie minęło. Nie dotykaj tego, co spadło; zgłoś to.",
        false="Ostrzeżenie z godziny {clock} UTC było pomyłką. Nie ma zagrożenia; nie trzeba nic robić.",
    ),
    "uk": Phrases(
        exercise="НАВЧАННЯ",
        test="ПЕРЕВІРКА",
        comes="Наближається дрон",
        falls="Падає об'єкт",
        headline="{event}: {place}",
        updated="{event}, небезпека триває: {place}",
        all_clear="Відбій тривоги: {place}",
        cancelled="Хибна тривога, попередження скасовано: {place}",
        description="{event}. Район: {place}. Станом на {clock} UTC.",
        shelter="Негайно зайдіть у приміщення, подалі від вікон, і залишайтеся там до відбою.",
        cover="Негайно сховайтеся: у приміщенні або лежачи за чимось міцним. Не торкайтеся того, що впало.",
        over="Небезпека минула. Не торкайтеся того, що впало; повідомте про це.",
        false="Попередження о {clock} UTC було помилкою. Небезпеки немає; нічого робити не потрібно.",
    ),
}


def compose(
    language: str,
    stage: WarningStage,
    status: WarningStatus,
    falls: bool,
    place: str,
    clock: str,
    own: Mapping[str, str],
) -> WarningText:
    """The text of one message. `own`: the site's words for "event", "instruction" and "all_clear", "" for built-in."""
    phrases = PHRASES.get(language.partition("-")[0], PHRASES["en"])
    event = own["event"] or (phrases.falls if falls else phrases.comes)
    headline, instruction = {
        WarningStage.UPDATED: (phrases.updated, own["instruction"] or (phrases.cover if falls else phrases.shelter)),
        WarningStage.ALL_CLEAR: (phrases.all_clear, own["all_clear"] or phrases.over),
        WarningStage.CANCELLED: (phrases.cancelled, phrases.false),
    }.get(stage, (phrases.headline, own["instruction"] or (phrases.cover if falls else phrases.shelter)))
    words = {"event": event, "place": place, "clock": clock}
    mark = {WarningStatus.EXERCISE: phrases.exercise, WarningStatus.TEST: phrases.test}.get(status, "")
    fields = (event, _fill(headline, words), _fill(phrases.description, words), _fill(instruction, words))
    event, headline, description, instruction = (f"{mark} {text} {mark}" if mark else text for text in fields)
    return WarningText(language, event, headline, description, instruction)


def _fill(text: str, words: Mapping[str, str]) -> str:
    """`text` with its marks replaced; braces that are no mark stay."""
    for name, word in words.items():
        text = text.replace(f"{{{name}}}", word)
    return text
