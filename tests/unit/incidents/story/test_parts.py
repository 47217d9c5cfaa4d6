"""The parts that reading a story is made of, each on its own."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.incidents.story import dependency, joining, patterns
from tocsin.incidents.story.attribution import Attribution
from tocsin.incidents.story.calendar import settle
from tocsin.incidents.story.clause import ONLY_CLAUSES
from tocsin.incidents.story.disagreements import disagreements
from tocsin.incidents.story.events import events, kind_of
from tocsin.incidents.story.facts import objects, place
from tocsin.incidents.story.find import find
from tocsin.incidents.story.layout import layout
from tocsin.incidents.story.lexicon import Takes, cue
from tocsin.incidents.story.names import is_name, name_after, name_before
from tocsin.incidents.story.numerals import number_of
from tocsin.incidents.story.parser import load
from tocsin.incidents.story.pieces import Kind, pieces
from tocsin.incidents.story.quotations import quotations
from tocsin.incidents.story.raw import Raw
from tocsin.incidents.story.reading import ReadStatement, SpeakerKind
from tocsin.incidents.story.refusals import refusals, tells_of_speaker
from tocsin.incidents.story.sentences import sentences
from tocsin.incidents.story.span import cut, merged, overlap, trimmed
from tocsin.incidents.story.speakers import Speakers, head_of, is_body, speaks_officially
from tocsin.incidents.story.speakers import kind_of as speaker_kind
from tocsin.incidents.story.stance import of_words, stance
from tocsin.incidents.story.subject import speaker_word
from tocsin.incidents.story.told import told
from tocsin.incidents.story.tree import Tree
from tocsin.incidents.story.writers import writers
from tocsin.model.statement import Stance

SPANS = st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)).map(lambda pair: (min(pair), max(pair))), max_size=8)


@given(SPANS)
def test_merged_and_cut_are_complements(spans: list[tuple[int, int]]) -> None:
    covered = {at for start, end in spans for at in range(start, end)}
    assert {at for start, end in merged(spans) for at in range(start, end)} == covered
    assert {at for start, end in cut((0, 50), spans) for at in range(start, end)} == set(range(50)) - covered


def test_spans() -> None:
    assert trimmed(" , it fell. ", (0, 12)) == (3, 10)
    assert (overlap((0, 4), (2, 9)), overlap((0, 2), (2, 9))) == (2, 0)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It fell. Nobody moved.", ["It fell.", "Nobody moved."]),
        ("Col. Ada Brandt spoke. She left.", ["Col. Ada Brandt spoke.", "She left."]),
        ("It fell at 4.30 p.m. The mole was dark.", ["It fell at 4.30 p.m.", "The mole was dark."]),
        ("He came from the U.S. Navy base. It fell.", ["He came from the U.S. Navy base.", "It fell."]),
        ("“It fell! Did it?” Aldery asked. “Yes.”", ["“It fell!", "Did it?” Aldery asked.", "“Yes.”"]),
        ("Wait... it fell. So?", ["Wait... it fell.", "So?"]),
        ("J. R. Aldery of Harbor Co. said so.", ["J. R. Aldery of Harbor Co. said so."]),
    ],
)
def test_sentences(text: str, expected: list[str]) -> None:
    assert [text[slice(*span)] for span in sentences(text, (0, len(text)))] == expected


def test_hard_wrapped_lines_are_one_paragraph() -> None:
    text = "VELMORA, March 3 - A drone fell on the\nmole, the guard\nsaid.\n   It was late.\n Reuter"
    parts = layout(text)
    assert [text[slice(*one)] for one in parts.paragraphs] == [
        "A drone fell on the\nmole, the guard\nsaid.",
        "It was late.",
    ]


def test_a_line_a_paragraph() -> None:
    text = "Drone Falls on Mole\nA drone fell.\nNobody was hurt.\nThe mole is closed.\n"
    assert len(layout(text).paragraphs) == 3


def test_furniture_of_a_page_is_no_story() -> None:
    text = (
        "A drone fell. Sign up now for FREE access to Wire.com Register Nobody was hurt. Read "
        "more\nReporting by Mara Quist"
    )
    parts = layout(text)
    assert [text[slice(*one)] for one in parts.paragraphs] == ["A drone fell.", "Nobody was hurt."]
    assert len(parts.credits) == 1


def test_pieces_keep_a_quotation_whole() -> None:
    text = 'Col. Brandt of the U.S.-led force said "it fell. Twice" on Monday.'
    found = pieces(text, (0, len(text)), [one.span for one in quotations(text, [(0, len(text))])])
    assert [one.text for one in found if one.kind is Kind.QUOTATION] == ['"it fell. Twice"']
    assert {"Col.", "U.S.-led"} <= {one.text for one in found}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a port official", True),
        ("Tomas Aldery", True),
        ("officials", True),
        ("the north mole was", False),
        ("in Velmora", False),
        ("he", True),
        ("another", True),
        ("two drones crossed the mole", False),
        ("quickly", False),
    ],
)
def test_names(text: str, expected: bool) -> None:
    assert is_name(pieces(text, (0, len(text)), [])) is expected


def test_names_before_and_after_a_verb() -> None:
    text = "On Monday, its leader, Ari Tamm, said the guard's commander, Major Hanne Brock."
    parts = pieces(text, (0, len(text)), [])
    at = [one.text for one in parts].index("said")
    first, last = name_before(parts, at - 1) or (0, 0)
    assert text[parts[first].start : parts[last].end] == "its leader, Ari Tamm"
    first, last = name_after(parts, at + 1) or (0, 0)
    assert text[parts[first].start : parts[last].end] == "the guard's commander, Major Hanne Brock"


@pytest.mark.parametrize(
    ("form", "verb", "stance_"),
    [
        ("said", "say", "asserts"),
        ("denies", "deny", "denies"),
        ("vowing", "vow", "threatens"),
        ("warned", "warn", "warns"),
        ("refused", "refuse", "declines"),
        ("believes", "believe", "assumes"),
    ],
)
def test_verbs(form: str, verb: str, stance_: str) -> None:
    known = cue(form)
    assert known is not None and (known.verb, known.stance) == (verb, stance_)
    assert cue("mole") is None
    assert isinstance(known.takes, Takes)


def test_grammar_without_a_parser() -> None:
    """A tree made by hand: "Brandt said it fell"."""
    tree = Tree(
        ["Brandt", "said", "it", "fell"],
        [0, 7, 12, 15],
        [1, 1, 3, 1],
        ["nsubj", "ROOT", "nsubj", "ccomp"],
        ["NNP", "VBD", "PRP", "VBD"],
    )
    text = "Brandt said it fell"
    (one,) = dependency.attributions(tree, text, (0, len(text)), [])
    assert one.speaker == (0, 6) and one.content == ((12, 19),)
    assert speaker_word(tree, 1) == 0
    assert tree.subtree(1) == [0, 1, 2, 3] and tree.ancestors(2) == [3, 1]
    assert "continue" in ONLY_CLAUSES


def test_the_parser_keeps_offsets() -> None:
    parse = load()
    assert parse is not None
    text = "''It fell,'' said\nBrandt."
    (tree,) = parse(text, [(0, len(text))])
    assert all(text.startswith(word, at) for word, at in zip(tree.texts, tree.starts, strict=True) if word.isalpha())


@pytest.mark.parametrize(
    ("text", "speaker", "content"),
    [
        ("Brandt said that it fell on the mole.", "Brandt", ["it fell on the mole"]),
        ("In Velmora, the ministry said it fell low.", "the ministry", ["it fell low"]),
        ("It fell on the mole at night, said one official.", "one official", ["It fell on the mole at night"]),
        ("“It fell,” Brandt said, “and it burned.”", "Brandt", ["“It fell,”", "“and it burned.”"]),
        ("According to the police, it fell on the mole.", "the police", ["it fell on the mole"]),
        ("Tomas Aldery, a net mender, told reporters that it fell.", "Tomas Aldery", ["it fell"]),
    ],
)
def test_patterns(text: str, speaker: str, content: list[str]) -> None:
    marks = [one.span for one in quotations(text, [(0, len(text))])]
    (one,) = patterns.attributions(text, (0, len(text)), marks)
    assert one.speaker is not None and text[slice(*one.speaker)] == speaker
    assert [text[slice(*piece)] for piece in one.content] == content


def test_joining_carries_a_quotation_on() -> None:
    text = "“It fell,” Brandt said. “It burned.”\n\n“Then it sank.”\n\nNobody was hurt."
    parts = layout(text)
    listed = [sentences(text, one) for one in parts.paragraphs]
    quoted = quotations(text, parts.paragraphs)
    found = patterns.attributions(text, listed[0][0], [quoted[0].span])
    (one,) = joining.joined(text, found, parts.paragraphs, listed, quoted)
    assert "".join(text[slice(*piece)] for piece in one.content).count("“") == 3


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("The ministry gave no further details.", 1),
        ("She said it fell, but would not elaborate.", 1),
        ("The guard had no comment.", 1),
        ("The mole did not burn.", 0),
    ],
)
def test_refusals(text: str, count: int) -> None:
    assert len(refusals(text, (0, len(text)), [])) == count


def test_a_clause_that_tells_of_the_speaker() -> None:
    text = "A guard, who asked not to be named, said it fell."
    assert [text[slice(*one)] for one in tells_of_speaker(text, (0, len(text)))] == ["who asked not to be named"]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("two drones fell", "asserts"),
        ("we will not name the sender", "declines"),
        ("it may have come by sea", "assumes"),
        ("we will strike back", "threatens"),
        ("it was not ours", "denies"),
        ("such groups have often used drones", "context"),
        ("no comment", "declines"),
        ("it is believed to be a boat", "assumes"),
        ("they continue to see threats", "context"),
    ],
)
def test_stances_of_words(words: str, expected: str) -> None:
    assert of_words(words) == expected


def test_stances_of_verbs() -> None:
    known = {verb: cue(verb) for verb in ("said", "denied", "expect", "vowed", "confirm")}
    assert all(known.values())
    cues = {verb: one for verb, one in known.items() if one}
    assert stance(cues["said"], "it fell", is_negated=True) is Stance.DECLINES
    assert stance(cues["denied"], "it fell", is_negated=True) is Stance.DECLINES
    assert stance(cues["expect"], "more attacks", is_negated=False) is Stance.WARNS
    assert stance(cues["expect"], "rain", is_negated=False) is Stance.ASSUMES
    assert stance(cues["vowed"], "to rebuild the mole", is_negated=False) is Stance.ASSERTS
    assert stance(cues["confirm"], "the number", is_negated=True) is Stance.DECLINES


@pytest.mark.parametrize(
    ("printed", "kind", "head"),
    [
        ("Tomas Aldery, a net mender", SpeakerKind.NAMED, "Aldery"),
        ("a coalition official in Velmora", SpeakerKind.UNNAMED, "official"),
        ("another official", SpeakerKind.UNNAMED, "official"),
        ("two officials", SpeakerKind.SEVERAL, "officials"),
        ("the Ministry of Ports", SpeakerKind.NAMED, "Ministry"),
        ("Lt. Ada Brandt", SpeakerKind.NAMED, "Brandt"),
        ("its leader, Ari Tamm", SpeakerKind.NAMED, "Tamm"),
        ("Analysts", SpeakerKind.SEVERAL, "Analysts"),
        ("residents", SpeakerKind.SEVERAL, "residents"),
    ],
)
def test_kinds_of_speakers(printed: str, kind: SpeakerKind, head: str) -> None:
    assert (speaker_kind(printed), head_of(printed)) == (kind, head)


def test_who_a_mention_is() -> None:
    text = (
        "Col. Ada Brandt | a port official | Brandt | the official | another official | she | the "
        "ministry | it | officials | they"
    )
    known = Speakers(text)
    refs, at = [], 0
    for part in text.split(" | "):
        refs.append(known.of((at, at + len(part))).ref)
        at += len(part) + 3
    assert refs == ["p1", "p2", "p1", "p2", "p3", "p3", "p4", "p4", "p5", "p5"]
    assert is_body("the ministry") and not is_body("Col. Ada Brandt") and speaks_officially("a port official")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It fell near Skarn Airport in Velmora", "Skarn Airport"),
        ("It crossed the north mole of Velmora harbour", "the north mole of Velmora harbour"),
        ("It fell in Velmora on Monday", "Velmora"),
        ("It was seen over Old Skarn", "Old Skarn"),
        ("It fell on Monday", None),
    ],
)
def test_places(text: str, expected: str | None) -> None:
    found = place(text, [(0, len(text))])
    assert (found and text[slice(*found)]) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("two large drones and a dozen rockets", [(2, "large drones"), (12, "rockets")]),
        ("several drones hit 1,200 people", [(None, "drones"), (1200, "people")]),
        ("twenty-one fishermen saw a drone strike", [(21, "fishermen")]),
        ("the drones came at five", [(None, "drones")]),
    ],
)
def test_objects(text: str, expected: list[tuple[int | None, str]]) -> None:
    assert [(one.count, one.what) for one in objects(text, [(0, len(text))])] == expected


@pytest.mark.parametrize(
    ("word", "number"), [("two", 2), ("1,200", 1200), ("twenty-one", 21), ("a", 1), ("several", None)]
)
def test_numbers(word: str, number: int | None) -> None:
    assert number_of(word) == number


def statement(name: str, content: str, at: int, **fields: object) -> ReadStatement:
    return ReadStatement(name, (at, at + len(content)), content, Stance.ASSERTS, **fields)  # type: ignore[arg-type]


def test_incidents_by_place_and_kind() -> None:
    listed = [
        statement("s1", "two drones fell at Skarn Airport", 0, place="Skarn Airport", time="2026-03-03"),
        statement("s2", "a drone fell on Orrin Pier", 100, place="Orrin Pier", time="2026-03-02"),
        statement("s3", "Skarn was closed", 200, place="Skarn"),
        statement("s4", "the mayor laughed", 300),
    ]
    found, of = events(listed)
    assert [one.place for one in found] == ["Skarn Airport", "Orrin Pier"]
    assert of == {"s1": "i1", "s2": "i2", "s3": "i1", "s4": ""}
    assert kind_of("a rocket") == "rocket" and kind_of("a gull") == ""


def test_the_same_speaker_does_not_disagree() -> None:
    one = statement("s1", "the mole was closed", 0, speaker_ref="p1")
    other = ReadStatement("s2", (30, 50), "the mole was never closed", Stance.DENIES, speaker_ref="p1")
    assert disagreements([one, other]) == []


def test_one_attribution_of_two_questions() -> None:
    text = "Brandt did not say whose it was or where it came from."
    found = find(text, load()).attributions
    (first, second) = told(text, found)
    assert [text[slice(*one.span)] for one in (first, second)] == ["whose it was", "where it came from"]
    assert isinstance(first, Raw) and isinstance(found[0], Attribution)


def test_an_unread_saying_is_nobodys() -> None:
    text = "The plan, mused the elders of the quay whom nobody had asked, told its own story."
    found = find(text, None)
    flat = [one for listed in found.sentences for one in listed]
    settled = settle(text, None, [], None)
    assert writers(text, flat, found.attributions, found.quoted, [], settled) == []
