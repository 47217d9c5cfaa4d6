"""The tables: every figure, its baselines beside it, a dash for what is not."""

import numpy as np

from tocsin.evaluation.baselines import Reports
from tocsin.evaluation.evaluation import Run, evaluate
from tocsin.evaluation.report import markdown, rows_of, text
from tocsin.evaluation.shown import TrackRows
from tocsin.model.truth import TruthTrack

NONE = np.empty(0)
NO_ROWS = TrackRows(NONE.astype(np.int64), NONE, NONE, NONE, NONE.astype(np.int64), np.empty((0, 2)), np.empty((0, 2)))
HOVER = TruthTrack("a", np.arange(10.0), np.zeros((10, 3)), np.ones(10, dtype=bool))
ONE_REPORT = Reports(np.array([5.0]), np.array([[30.0, 0.0]]), np.array([[0.0, 0.0]]))


def found(raw=None):
    return evaluate(Run(NO_ROWS, {"radar": ONE_REPORT}), [HOVER], raw)


def test_figures_stand_beside_their_baselines():
    rows = {row[0]: row[1:] for row in rows_of(found("radar"))}
    assert rows["coverage_50m"] == ("0.000", "0.100", "0.500")
    assert rows["error_median_m"] == ("–", "30.0", "30.0")
    assert rows["id_switches"] == ("0", "", "")
    assert rows["first_alert_s"] == ("–", "", "")
    assert rows["of the flight no sensor saw"] == ("0.500", "", "")


def test_text_is_a_line_a_figure():
    lines = text(found("radar")).splitlines()
    assert len(lines) == len(rows_of(found())) + 2
    assert lines[0].split() == ["tracks", "raw", "hold"]
    assert len({len(line) for line in lines[:-1]}) == 1
    assert lines[-1] == "10 s judged, 0 s without a fix left out; raw and hold are radar's reports"


def test_markdown_is_a_column_a_run():
    lines = markdown([("alone", found("radar")), ("bare", found())]).splitlines()
    assert lines[0] == "| | alone | bare |"
    assert lines[1] == "|---|---|---|"
    assert "| coverage_50m | 0.000 / 0.100 / 0.500 | 0.000 |" in lines
    assert all(line.count("|") == 4 for line in lines)
