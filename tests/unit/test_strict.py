"""`TOCSIN_STRICT=1` lets no skip pass but one for missing shared data."""

import subprocess
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[1]
SHARED = "from shared_data import shared\n\ndef test_it():\n    shared('nothing/here')\n"
MODULE_SHARED = "from shared_data import shared\n\nshared('nothing/here')\n\ndef test_it():\n    pass\n"
PART = "import pytest\n\ndef test_it():\n    pytest.skip('no chromium')\n"
MARK = "import pytest\n\n@pytest.mark.skipif(True, reason='not now')\ndef test_it():\n    pass\n"
MODULE_PART = "import pytest\n\npytest.importorskip('no_such_package')\n"


@pytest.mark.parametrize(
    ("text", "strict", "fails"),
    [
        (SHARED, True, False),
        (MODULE_SHARED, True, False),
        (PART, True, True),
        (MARK, True, True),
        (MODULE_PART, True, True),
        (PART, False, False),
    ],
)
def test_which_skips_fail(tmp_path: Path, text: str, strict: bool, fails: bool) -> None:
    (tmp_path / "conftest.py").write_text((TESTS / "conftest.py").read_text())
    (tmp_path / "test_it.py").write_text(text + "\n\ndef test_other():\n    pass\n")
    environment = {"PYTHONPATH": str(TESTS), "TOCSIN_STRICT": "1" if strict else "0", "PATH": "/usr/bin:/bin"}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-q", "."],
        cwd=tmp_path, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode not in {0, 5}) is fails, done.stdout + done.stderr
