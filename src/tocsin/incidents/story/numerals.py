"""Numbers as news prints them: figures, words to twenty, tens, and words that name no number.

`number_of(word)` is the number or None ("several", "many").
"""

ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty"
).split()
TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}
ORDINALS = {
    name: number
    for number, name in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split(), 1
    )
}
VAGUE = ("several", "some", "many", "multiple", "dozens of", "a few", "a number of", "a swarm of")
_COMPOUNDS = "(?:" + "|".join(TENS) + ")-(?:" + "|".join(ONES[1:10]) + ")"
_WORDS = "|".join(sorted([*ONES, *TENS, "an?", "dozen"], key=len, reverse=True))
NUMBER = rf"(?:\d{{1,3}}(?:,\d{{3}})+|\d+|{_COMPOUNDS}|{_WORDS})"


def number_of(word: str) -> int | None:
    """The number that `word` names."""
    lower = word.lower().replace(",", "")
    if lower.isdigit():
        return int(lower)
    if lower in ("a", "an"):
        return 1
    if lower == "dozen":
        return 12
    if lower in ONES:
        return ONES.index(lower)
    if "-" in lower:
        tens, _, ones = lower.partition("-")
        return TENS[tens] + ONES.index(ones) if tens in TENS and ones in ONES[:10] else None
    return TENS.get(lower)
