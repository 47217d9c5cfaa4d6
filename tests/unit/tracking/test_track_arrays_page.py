"""The example in the how-to page runs as it stands."""

import re
from pathlib import Path

import numpy as np

PAGE = Path(__file__).resolve().parents[3] / "docs" / "how-to" / "track-arrays.md"


def test_the_example_tracks_its_one_target(capsys):
    [code] = re.findall(r"```python\n(.*?)```", PAGE.read_text(), flags=re.DOTALL)
    names: dict[str, object] = {}
    exec(compile(code, str(PAGE), "exec"), names)
    printed = capsys.readouterr().out
    assert printed.startswith("T1 ") and printed.count("\n") == 1
    later = names["later"]
    assert len(later) >= 1  # type: ignore[arg-type]
    assert np.linalg.norm(later.position_enu_m[0, :2] - [-1500 + 25 * 21.5, 3000.0]) < 80.0  # type: ignore[attr-defined]
