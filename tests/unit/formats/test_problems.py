"""Problems keep counts for ever and places only for a while."""

from tocsin.formats.problems import DETAIL, KEPT, Problems


def test_counts_are_kept_and_places_are_bounded() -> None:
    problems = Problems()
    for row in range(1, 101):
        problems.count("a: bad" if row % 2 else "b: bad", "file.csv", row, "x" * 1000)
    assert problems.total == 100
    assert problems.reasons == {"a: bad": 50, "b: bad": 50}
    assert [place["row"] for place in problems.statistics()["first"]] == list(range(1, KEPT + 1))
    assert problems.first[0] == {"file": "file.csv", "row": 1, "reason": "a: bad", "detail": "x" * DETAIL}
