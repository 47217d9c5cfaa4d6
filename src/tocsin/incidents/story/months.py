"""Months and weekdays by name: full, short, and for a dateline one slip of the pen away.

`month_number(word)` is 1 to 12 or None, `weekday_number(word)` 0 (Monday) to 6 or None. Case never matters.
"""

MONTHS = (
    "january february march april may june july august september october november december".split()
)  # fmt: skip
WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
MONTH_WORD = r"(?:[JFMASONDjfmasondN][A-Za-z]{2,8})"
MONTH_NAME = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?"
    r"|Nov(?:ember)?|Dec(?:ember)?)"
)
WEEKDAY_NAME = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"


def month_number(word: str) -> int | None:
    """The month that `word` names, one slip allowed in a word of four letters or more."""
    lower = word.lower().rstrip(".")
    for number, name in enumerate(MONTHS, 1):
        if len(lower) >= 3 and name.startswith(lower) or lower == "sept" and number == 9:
            return number
    if len(lower) >= 4:
        for number, name in enumerate(MONTHS, 1):
            if _is_one_slip(lower, name):
                return number
    return None


def weekday_number(word: str) -> int | None:
    """The weekday that `word` names in full or by three letters."""
    lower = word.lower().rstrip(".")
    return next((n for n, name in enumerate(WEEKDAYS) if lower == name or lower == name[:3]), None)


def _is_one_slip(word: str, name: str) -> bool:
    """One letter wrong, missing, doubled, or two neighbours swapped."""
    if abs(len(word) - len(name)) > 1:
        return False
    at = next((i for i, (a, b) in enumerate(zip(word, name, strict=False)) if a != b), min(len(word), len(name)))
    tails = (word[at + 1 :] == name[at + 1 :], word[at:] == name[at + 1 :], word[at + 1 :] == name[at:])
    swapped = word[at : at + 2] == name[at : at + 2][::-1] and word[at + 2 :] == name[at + 2 :]
    return any(tails) or swapped
