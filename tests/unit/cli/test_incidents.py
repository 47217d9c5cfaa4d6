"""From a draft to a report and a proof, by the commands alone."""

import hashlib
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from tocsin.cli.program import build
from tocsin.incidents.draft import AmendmentItem, Draft, IncidentItem, Origin, StatementItem, sealed, toml
from tocsin.incidents.keys import KEY_ENV
from tocsin.model.errors import TocsinError
from tocsin.model.statement import Stance

STORY = "A drone fell on the mole in 2029, the mayor said. She would not say whose it was."


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a draft and a key, as the current one."""
    (tmp_path / "story.txt").write_text(STORY, "utf-8")
    statements = [
        StatementItem("s1", "the mayor", Stance.ASSERTS, incident="i1", span=(0, 32)),
        StatementItem("s2", "the mayor", Stance.DECLINES, incident="i1", span=(54, 80)),
    ]
    draft = Draft(
        Origin("story.txt", hashlib.sha256(STORY.encode()).hexdigest(), "Harbor Wire"),
        incidents=sealed([IncidentItem("i1", "A drone fell on the mole", "drone")]),
        statements=sealed(statements),
        amendments=sealed([AmendmentItem("a1", "s1", "2028", "2029")]),
    )
    (tmp_path / "draft.toml").write_text(toml(draft), "utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(KEY_ENV, "ann.key")
    run("incidents", "key", "ann.key")
    return tmp_path


def run(*arguments: str, fails: bool = False) -> str:
    result: Result = CliRunner().invoke(build(arguments), arguments)
    assert isinstance(result.exception, (TocsinError, SystemExit)) if fails else result.exit_code == 0, result.output
    return result.output if not isinstance(result.exception, TocsinError) else str(result.exception)


def test_a_draft_is_accepted_shown_delivered_and_proved(desk: Path) -> None:
    told = run("incidents", "accept", "draft.toml", "--by", "ann")
    assert "4 accepted, 0 edited, 0 rejected" in told
    incident = next(line for line in told.splitlines() if line.startswith("incident-"))
    shown = run("incidents", "show", incident)
    assert "WHO DID IT: not attributed (nobody has assessed it; the mayor declined to say)" in shown
    assert 'CORRECTION: was "2028", is "2029"' in shown
    assert "1 incident stands" in run("incidents", "show", "incidents.records")
    run("incidents", "show", incident, "--html", "report.html")
    assert "<!doctype html>" in (desk / "report.html").read_text()
    assert "not attributed" in run("incidents", "report", incident, "--out", "r.pdf", "--format", "pdf")
    assert (desk / "r.pdf").read_bytes().startswith(b"%PDF-")
    run("incidents", "report", incident, "--out", "r.md", "--format", "md")
    assert "## Who would not say" in (desk / "r.md").read_text()
    assert "0 statements" in run("incidents", "report", incident, "--out", "p.html", "--for", "public")
    assert "mayor" not in (desk / "p.html").read_text()
    assert "2 statements" in run("incidents", "export", incident, "--as", "stix", "--out", "s.json")
    assert json.loads((desk / "s.json").read_bytes())["type"] == "bundle"
    run("incidents", "export", incident, "--as", "prov", "--out", "v.json")
    assert "entity" in json.loads((desk / "v.json").read_bytes())
    assert "0 owed" in run("incidents", "owed")
    run("incidents", "deliver", incident, "--to", "desk", "--out", "out.html", "--by", "ann")
    (desk / "more.toml").write_text(f'[[retraction]]\ntarget = "{incident}"\nreason = "a gull"\n')
    run("incidents", "add", "more.toml", "--by", "ann")
    assert f"desk: WITHDRAWN {incident}" in run("incidents", "owed")
    subject = run("incidents", "deliver", incident, "--to", "desk", "--out", "out.html", "--by", "ann")
    assert "subject: WITHDRAWN: A drone fell on the mole" in subject
    assert "0 owed" in run("incidents", "owed")
    assert "records proved" in run("records", "verify", "incidents.records")


def test_a_head_kept_elsewhere_finds_a_shorter_log(desk: Path) -> None:
    run("incidents", "accept", "draft.toml", "--by", "ann")
    short = (desk / "incidents.records").read_bytes()
    run("incidents", "add", str(more(desk)), "--by", "ann")
    (desk / "head.json").write_text(run("records", "head", "incidents.records", "--by", "ann"))
    run("records", "verify", "incidents.records", "--head", "head.json")
    (desk / "incidents.records").write_bytes(short)
    assert "BROKEN: record " in run("records", "verify", "incidents.records", "--head", "head.json", fails=True)


def more(desk: Path) -> Path:
    (desk / "more.toml").write_text('[[incident]]\ntitle = "Another"\n')
    return desk / "more.toml"


def test_a_receipt_stands_alone(desk: Path) -> None:
    run("incidents", "accept", "draft.toml", "--by", "ann")
    (desk / "receipt.json").write_text(run("records", "receipt", "incidents.records", "evidence-3", "--by", "ann"))
    lines = run("records", "export", "incidents.records").splitlines()
    first = json.loads(lines[0])
    (desk / "incidents.records").unlink()
    assert STORY[:20] in run("records", "check", "receipt.json", "--key", first["body"]["public_key"])
    run("records", "check", "receipt.json", "--key", "00" * 32, fails=True)
    changed = (desk / "receipt.json").read_text().replace("drone", "plane")
    (desk / "receipt.json").write_text(changed)
    run("records", "check", "receipt.json", "--key", first["body"]["public_key"], fails=True)


def test_another_author_is_admitted_by_a_known_one(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run("incidents", "accept", "draft.toml", "--by", "ann")
    told, public = run("incidents", "key", "bob.key").strip().rsplit(": ", 1)
    assert told == "bob.key: your new key, for you alone; its public half, to give to others"
    monkeypatch.setenv(KEY_ENV, "bob.key")
    assert "not known here" in run("incidents", "add", str(more(desk)), "--by", "bob", fails=True)
    run("incidents", "admit", "bob", public, "--by", "ann", "--key", "ann.key")
    run("incidents", "add", str(more(desk)), "--by", "bob")
    assert "author bob" in run("records", "verify", "incidents.records")


def test_no_key_is_ever_assumed(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(KEY_ENV)
    assert KEY_ENV in run("incidents", "accept", "draft.toml", "--by", "ann", fails=True)
    assert not (desk / "incidents.records").exists()
    (desk / "ann.key").chmod(0o644)
    assert "chmod 600" in run("incidents", "accept", "draft.toml", "--by", "ann", "--key", "ann.key", fails=True)


def test_a_story_is_imported_and_accepted(desk: Path) -> None:
    (desk / "wire.txt").write_text(
        "VELMORA, March 3 (Harbor Wire) - Two drones fell on the mole on Tuesday, the guard said. "
        "It would not say whose they were.\n",
        "utf-8",
    )
    told = run("incidents", "import", "wire.txt", "--published", "2026-03-03", "--out", "wire.toml")
    assert told.strip() == "1 incident, 2 statements, 0 amendments, 0 conflicts"
    run("incidents", "accept", "wire.toml", "--by", "ann")
    listed = run("incidents", "show", "incidents.records")
    assert "2026-03-03  Two drones, the mole" in listed
    (desk / "stories").mkdir()
    (desk / "stories" / "a.txt").write_text("A drone fell, the guard said.", "utf-8")
    assert "a.txt: 0 incidents, 1 statement" in run("incidents", "import", "stories", "--out", "drafts", "--plain")
    assert "cannot be read" in run("incidents", "import", "none.txt", "--out", "x.toml", fails=True)
