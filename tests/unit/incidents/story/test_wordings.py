"""Old and new wording in the words of a notice; what it does not print is not found. All invented."""

import pytest

from tocsin.incidents.story.wordings import wordings


def found(text: str) -> tuple[str, str]:
    old, new = wordings(text, (0, len(text)))
    return text[slice(*old)] if old else "", text[slice(*new)] if new else ""


@pytest.mark.parametrize(
    ("text", "old", "new"),
    [
        ("(Corrects number of drones to four from six)", "six", "four"),
        ("(Corrects day of closure to Wednesday from Tuesday in item that ran on May 2.)", "Tuesday", "Wednesday"),
        ("(corrects month of first raid from April to March)", "April", "March"),
        ("(Corrects distance in paragraph 5 to 12 km, not 21 km)", "21 km", "12 km"),
        ("(Corrects pay day, May 25, not May 28 in story that ran yesterday.", "May 28", "May 25"),
        ("(Corrects the year of the fire to 2019, not 2018, and spelling of Alder)", "2018", "2019"),
        ("(Corrects paragraph 2 to say drones came from the north, not the south)", "the south", "the north"),
        ("The yard corrects that it moved the red boat to pier 3 from 2, not the port's blue boat.",
         "blue boat", "red boat"),
        ("(Corrects amount to five mln dlrs a month, not a day)", "a day", "a month"),
        ("(Corrects to show profit rather than a loss for the current year)", "a loss", "profit"),
        ("(Changes time of the alarm from 0315 to 0415)", "0315", "0415"),
        ("(Replaces Colonel with Captain in paragraph 3)", "Colonel", "Captain"),
        ("(CORRECTING SIX MONTHS 6-13/16 FROM 6-3/16)", "6-3/16", "SIX MONTHS 6-13/16"),
        ("(Corrects figure from 800,000 francs)", "800,000 francs", ""),
        ("(Corrects speed to 120 km/h and makes clear who measured it)", "", "120 km/h"),
        ("(Corrects to show the ferry was not hit)", "", "the ferry was not hit"),
        ("(Corrects name of the pilot, Ada Brandt, in second paragraph)", "", "Ada Brandt"),
        ('(Inserting dropped words "half-built" to make clear the pier is not finished)', "", "half-built"),
    ],
)  # fmt: skip
def test_what_is_printed_is_found(text: str, old: str, new: str) -> None:
    assert found(text) == (old, new)


@pytest.mark.parametrize(
    "text",
    [
        "(Corrects figure for last year)",
        "(Corrects translation of quote in paragraph 3)",
        "(Corrects spelling of town in line five)",
        "(Corrects number of ferries that sailed from Velmora)",
        "(Corrects amount of toll in item that ran on Friday June 26)",
        "(Corrects sign in headline, which is that of the port)",
        "(Corrects March 11 item to exclude a refund)",
    ],
)
def test_what_is_not_printed_is_not(text: str) -> None:
    assert found(text) == ("", "")
