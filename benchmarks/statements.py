"""How well the import of stories does on hand-marked texts: `python benchmarks/statements.py --data DIR --json OUT`.

DIR holds any of the sets `polnear`, `reuters_gulf`, `reuters_corrections`, `reuters_datelines`; what is missing is left
out. A proposal and a marked attribution match when the Dice overlap of their content characters is at least 0.5, one to
one, best first; the speaker is right when proposed and marked source share a word that is no article, title or
preposition. `speech` are marked attributions whose verb is one of saying and whose source is printed; proposals that
match a marked one outside the subset are set aside. Statements cut from one attribution because its stance changes
count as the one attribution. The writer's own statements are no attributions and are not scored here. A sentence counts
as attributed if at least 30 % of it is covered.

Rules were written with the articles of polnear of which SHA-256 of the id begins with a byte below 154 (part
`developed`); the others (`unread`) were only ever scored. `--part` picks one; a held-back set is scored whole.
"""

import argparse
import hashlib
import json
import re
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from statements_baseline import NEIGHBOURS, baseline
from statements_corrections import Pair, baseline_values, notice_text, value_scores
from tocsin.incidents.draft import Draft, StatementItem
from tocsin.incidents.story.layout import layout
from tocsin.incidents.story.parser import load
from tocsin.incidents.story.propose import propose
from tocsin.incidents.story.sentences import sentences

Span = tuple[int, int]
Proposal = tuple[frozenset[int], frozenset[tuple[int, str]]]
Proposer = Callable[[str, date | None], Draft]
SMALL = frozenset("the a an of and in for to his her their its mr ms mrs s".split())
SAYING = re.compile(
    r"\b(?:said|says|say|saying|told|tells|tell|telling|add(?:s|ed|ing)|announc\w+|argu\w+|ask(?:s|ed)"
    r"|claim(?:s|ed|ing)?|comment\w*|confirm\w*|declar\w+|den(?:y|ied|ies|ying)|explain\w*|insist\w*|noted|notes|noting"
    r"|report(?:s|ed|ing|edly)|stat(?:es|ed|ing)|suggest\w*|warn\w*|wrote|writes|written|acknowledg\w+|admit\w*|alleg\w+"
    r"|predict\w*|urg(?:es|ed|ing)|vow\w*|tweet\w*|repl(?:y|ied|ies)|respond\w*|continued|continues|according to"
    r"|declin\w+|refus\w+|promis\w+|pledg\w+|threat\w+|accus\w+|describ\w+|called|calls|quoted|cited|point(?:ed|s) out"
    r"|conclud\w+|estimat\w+|quipped|joked|testif\w+|recall\w+|remark\w+|assert\w+|contend\w+|concede\w*|reiterat\w+|reveal\w*"
    r"|indicat\w+|express\w+|emphasi\w+|stress\w+)\b",
    re.IGNORECASE,
)
QUOTED = re.compile(r"[“\"][^“”\"]+[”\"]?|''.+?''", re.DOTALL)
CLOSED = ("declines", "assumes", "context")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--json", type=Path, required=True)
    parser.add_argument("--part", choices=("all", "developed", "unread"), default="all")
    parser.add_argument("--articles", type=int, default=0, help="only so many of polnear")
    options = parser.parse_args()
    parse = load()
    modes: dict[str, Proposer] = {"patterns": lambda text, day: propose(text, day)}
    if parse is not None:
        modes["grammar"] = lambda text, day: propose(text, day, parse)
    found = {name: scores(options.data, proposer, options.part, options.articles) for name, proposer in modes.items()}
    best = "grammar" if parse is not None else "patterns"
    articles = list(polnear(options.data, options.part, options.articles))
    report = {
        "summary": found[best] | {"rules": best},
        "without_parser": found["patterns"],
        "baseline": {"speech": speech_of(articles, [regex_proposals(one["text"]) for one in articles])},
        "neighbours": NEIGHBOURS,
    }
    options.json.write_text(json.dumps(report, indent=1))
    print(json.dumps(report, indent=1))


def scores(data: Path, proposer: Proposer, part: str, limit: int) -> dict[str, Any]:
    """All figures of one way to read."""
    articles = list(polnear(data, part, limit))
    result: dict[str, Any] = {}
    if articles:
        begun = time.process_time()
        drafts = [proposer(one["text"], None) for one in articles]
        spent_s = time.process_time() - begun
        proposed = [list(attributions(one["text"], draft)) for one, draft in zip(articles, drafts, strict=True)]
        result["speech"] = speech_of(articles, proposed)
        result["quotes"] = speech_of(articles, proposed, only_quotes=True)
        result["wire"] = speech_of(*wire(articles, proposed))
        result["sentence"] = sentence_scores(articles, proposed)
        words = sum(len(one["text"].split()) for one in articles)
        result["cost"] = {"cpu_s_per_1000_words": round(1000 * spent_s / words, 4), "words": words}
        result["sound"] = soundness(articles, drafts)
    if (data / "reuters_gulf").is_dir():
        result["stance"] = stance_scores(data / "reuters_gulf", proposer)
    if (data / "reuters_corrections").is_dir():
        result["corrections"] = correction_scores(data / "reuters_corrections", proposer)
    if (data / "reuters_datelines").is_dir():
        result["datelines"] = dateline_scores(data / "reuters_datelines", proposer, limit)
    return result


def lines(path: Path) -> Iterator[dict[str, Any]]:
    for line in path.read_text("utf-8").splitlines():
        if line.strip():
            yield json.loads(line)


def polnear(data: Path, part: str, limit: int) -> Iterator[dict[str, Any]]:
    path, count = data / "polnear" / "articles.jsonl", 0
    for one in lines(path) if path.exists() else ():
        developed = hashlib.sha256(one["id"].encode()).digest()[0] < 154
        if part == "all" or developed == (part == "developed"):
            yield one
            count += 1
            if count == limit:
                return


def attributions(text: str, draft: Draft) -> Iterator[Proposal]:
    """The draft's attributions: statements of one verb and speaker are one."""
    whole: dict[tuple[Span, Span], list[StatementItem]] = {}
    for one in draft.statements:
        if "speaker" in one.spans and "verb" in one.spans:
            whole.setdefault((one.spans["verb"], one.spans["speaker"]), []).append(one)
    for (_, speaker), parts in whole.items():
        spans = [span for part in parts for span in (part.pieces or (part.span,)) if span]
        yield characters(spans), speaker_words(text, [speaker])


def characters(spans: Iterable[Sequence[int]]) -> frozenset[int]:
    return frozenset(at for start, end in spans for at in range(start, end))


def speaker_words(text: str, spans: Iterable[Sequence[int]]) -> frozenset[tuple[int, str]]:
    return frozenset(
        (start + match.start(), match.group())
        for start, end in spans
        for match in re.finditer(r"\w+", text[start:end])
        if match.group().lower() not in SMALL
    )


def dice(one: frozenset[int], other: frozenset[int]) -> float:
    return 2 * len(one & other) / (len(one) + len(other)) if one and other else 0.0


def is_speech(text: str, one: dict[str, Any], only_quotes: bool) -> bool:
    if not one["content"] or not one["source"]:
        return False
    if not only_quotes:
        return SAYING.search(" ".join(text[s:e] for s, e in one["cue"])) is not None
    words = " ".join(text[s:e] for s, e in one["content"])
    return sum(len(match.group()) for match in QUOTED.finditer(words)) >= 0.7 * len(words)


def speech_of(
    articles: Sequence[dict[str, Any]], proposed: Sequence[list[Proposal]], only_quotes: bool = False
) -> dict[str, float]:
    """Precision, recall and F of span with the right speaker, and F of the span alone."""
    marked = proposals = spans = both = 0
    for article, found in zip(articles, proposed, strict=True):
        text = article["text"]
        chosen = [one for one in article["attributions"] if is_speech(text, one, only_quotes)]
        rest = [characters(one["content"]) for one in article["attributions"] if one["content"] and one not in chosen]
        gold = [(characters(one["content"]), speaker_words(text, one["source"])) for one in chosen]
        kept = [one for one in found if not outside(one[0], [content for content, _ in gold], rest)]
        matches = matched(gold, kept)
        marked, proposals, spans = marked + len(gold), proposals + len(kept), spans + len(matches)
        both += sum(bool(gold[a][1] & kept[b][1]) for a, b in matches)
    span_p, span_r = share(spans, proposals), share(spans, marked)
    precision, recall = share(both, proposals), share(both, marked)
    return {
        "precision": precision,
        "recall": recall,
        "f1": f1(precision, recall),
        "span_f1": f1(span_p, span_r),
        "marked": marked,
        "proposed": proposals,
    }


def outside(content: frozenset[int], gold: list[frozenset[int]], rest: list[frozenset[int]]) -> bool:
    elsewhere = max((dice(content, one) for one in rest), default=0.0)
    return elsewhere >= 0.5 and elsewhere > max((dice(content, one) for one in gold), default=0.0)


def matched(gold: Sequence[Proposal], kept: Sequence[Proposal]) -> list[tuple[int, int]]:
    pairs = sorted(
        ((dice(g[0], k[0]), a, b) for a, g in enumerate(gold) for b, k in enumerate(kept) if g[0] & k[0]), reverse=True
    )
    taken: list[tuple[int, int]] = []
    seen_a: set[int] = set()
    seen_b: set[int] = set()
    for overlap, a, b in pairs:
        if overlap >= 0.5 and a not in seen_a and b not in seen_b:
            seen_a.add(a)
            seen_b.add(b)
            taken.append((a, b))
    return taken


def wire(
    articles: list[dict[str, Any]], proposed: list[list[Proposal]]
) -> tuple[list[dict[str, Any]], list[list[Proposal]]]:
    kept = [
        (one, found)
        for one, found in zip(articles, proposed, strict=True)
        if str(one.get("wire")) not in ("None", "NA", "")
    ]
    return [one for one, _ in kept], [found for _, found in kept]


def sentence_scores(articles: Sequence[dict[str, Any]], proposed: Sequence[list[Proposal]]) -> dict[str, float]:
    """What a reviewer sees, sentence by sentence."""
    count: Counter[str] = Counter()
    for article, found in zip(articles, proposed, strict=True):
        text = article["text"]
        marked = [one for one in article["attributions"] if one["content"]]
        gold = [(characters(one["content"]), one, is_speech(text, one, only_quotes=False)) for one in marked]
        everything = frozenset().union(*(content for content, _, _ in gold))
        count["proposals"] += len(found)
        count["touch nothing"] += sum(not one[0] & everything for one in found)
        for paragraph in layout(text).paragraphs:
            for sentence in sentences(text, paragraph):
                _count_sentence(text, sentence, gold, found, count)
    return {
        "precision": share(count["proposed and marked"], count["proposed"]),
        "recall": share(count["speech and proposed"], count["speech"]),
        "speaker": share(count["speaker right"], count["speech and proposed"]),
        "touch_nothing": share(count["touch nothing"], count["proposals"]),
    }


def _count_sentence(
    text: str, sentence: Span, gold: list[tuple[frozenset[int], Any, bool]], found: list[Proposal], count: Counter[str]
) -> None:
    here = frozenset(range(*sentence))
    least = 0.3 * len(here)
    marked = [(one, speech) for content, one, speech in gold if len(content & here) >= least]
    proposals = [one for one in found if len(one[0] & here) >= least]
    is_marked = any(speech for _, speech in marked)
    count["proposed"] += bool(proposals)
    count["proposed and marked"] += bool(proposals and marked)
    count["speech"] += is_marked
    if is_marked and proposals:
        count["speech and proposed"] += 1
        words = frozenset().union(*(speaker_words(text, one["source"]) for one, _ in marked))
        count["speaker right"] += bool(words & frozenset().union(*(one[1] for one in proposals)))


def soundness(articles: Sequence[dict[str, Any]], drafts: Sequence[Draft]) -> dict[str, int]:
    """Statements without a span, contents or speakers that are not in the text: all must be 0."""
    broken: Counter[str] = Counter(without_span=0, content_not_in_text=0, speaker_not_in_text=0)
    for article, draft in zip(articles, drafts, strict=True):
        text = article["text"]
        for one in draft.statements:
            broken["without_span"] += one.span is None
            spans = one.pieces or ((one.span,) if one.span else ())
            printed = " ".join(" ".join(text[s:e].split()) for s, e in spans)
            broken["content_not_in_text"] += printed != one.content
            name = re.sub(r" \(\d+\)$", "", one.speaker)
            known = one.speaker == "not stated" or name in " ".join(text.split())
            broken["speaker_not_in_text"] += not known
    return dict(broken)


def stance_scores(folder: Path, proposer: Proposer) -> dict[str, Any]:
    """Macro-F over the stances; `softened` counts refusals, assumptions and background that became assertions."""
    right: Counter[str] = Counter()
    extra: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    softened = 0
    for item in lines(folder / "stance.jsonl"):
        left = [one for one in proposer(item["text"], None).statements if "speaker" in one.spans]
        unmatched = []
        for gold in item["statements"]:
            same = [one for one in left if one.stance == gold["stance"] and meets(one, gold)]
            if same:
                right[gold["stance"]] += 1
                left.remove(same[0])
            else:
                unmatched.append(gold)
        for gold in unmatched:
            missed[gold["stance"]] += 1
            other = [one for one in left if meets(one, gold)]
            if other:
                softened += gold["stance"] in CLOSED and other[0].stance == "asserts"
        extra.update(one.stance.value for one in left)
    stances = sorted(set(right) | set(missed))
    each = {
        name: f1(share(right[name], right[name] + extra[name]), share(right[name], right[name] + missed[name]))
        for name in stances
    }
    return {"macro_f1": sum(each.values()) / len(each) if each else 0.0, "softened": softened, "each": each}


def meets(one: StatementItem, gold: dict[str, Any]) -> bool:
    start, end = one.spans["speaker"]
    return start < gold["speaker"][1] and gold["speaker"][0] < end


def correction_scores(folder: Path, proposer: Proposer) -> dict[str, Any]:
    items = list(lines(folder / "items.jsonl"))
    right = proposed = notices = 0
    for item in items:
        found = bool(proposer(notice_text(item), None).amendments)
        right += found and item["is_notice"]
        proposed += found
        notices += item["is_notice"]
    return {
        "precision": share(right, proposed),
        "recall": share(right, notices),
        "notices": notices,
        "values": value_scores(items, lambda text: amended_values(proposer(text, None))),
        "values_baseline": value_scores(items, baseline_values),
    }


def amended_values(draft: Draft) -> list[Pair]:
    return [(one.spans.get("old"), one.spans.get("new")) for one in draft.amendments]


def dateline_scores(folder: Path, proposer: Proposer, limit: int) -> dict[str, Any]:
    """City and day as printed; weekday pairs that fit no year, each reported and no other."""
    right = total = 0
    for item in lines(folder / "datelines.jsonl"):
        match = re.match(r"^[\s*]*([^,(\n\d]+?)\s*,[^\n]*?\b(?:[A-Za-z]{3,9})\.?\s+(\d{1,2})\s*-", item["dateline"])
        if match is None:
            continue
        total += 1
        published = datetime.strptime(item["date"].split()[0].split(".")[0], "%d-%b-%Y").date()  # noqa: DTZ007
        origin = proposer(f"{item['dateline']} {item['lead']}", published).origin
        good = (
            origin is not None
            and origin.city == " ".join(match[1].split())
            and origin.day[-2:] == f"{int(match[2]):02}"
        )
        right += good
        if limit and total >= 20 * limit:
            break
    pairs = list(lines(folder / "weekday_pairs.jsonl"))
    found = [bool(proposer(one["text"], date.fromisoformat(one["published"])).conflicts) for one in pairs]
    return {
        "city_and_day": share(right, total),
        "read": total,
        "impossible_weekdays_reported": sum(
            f and not one["years_that_fit"] for f, one in zip(found, pairs, strict=True)
        ),
        "impossible_weekdays": sum(not one["years_that_fit"] for one in pairs),
        "possible_weekdays_reported": sum(
            f and bool(one["years_that_fit"]) for f, one in zip(found, pairs, strict=True)
        ),
    }


def regex_proposals(text: str) -> list[Proposal]:
    return [(characters([content]), speaker_words(text, [speaker])) for content, speaker in baseline(text)]


def share(part: float, whole: float) -> float:
    return round(part / whole, 4) if whole else 0.0


def f1(precision: float, recall: float) -> float:
    return round(2 * precision * recall / (precision + recall), 4) if precision + recall else 0.0


if __name__ == "__main__":
    main()
