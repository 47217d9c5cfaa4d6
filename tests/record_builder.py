"""Records for tests: a store in memory or a file, filled in one line each, under a key made for the test."""

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tocsin.incidents.store import RecordStore
from tocsin.model.record import Assessment, Band, Body, Grade, Hypothesis, Incident, Source, Statement
from tocsin.model.statement import Stance

AT = "2031-02-03T19:40:00Z"


class Records:
    """A store with the author "ann"; each method appends and answers the new record's id."""

    def __init__(self, path: Path | str = ":memory:") -> None:
        self.key = Ed25519PrivateKey.generate()
        self.store = RecordStore(path, create=True)
        self.graph = self.store.graph

    def add(self, body: Body) -> str:
        return self.store.append([body], "ann", self.key, AT)[0].id

    def source(self, name: str, organisation: str = "", upstream: tuple[str, ...] = (), anonymous: bool = False) -> str:
        body = Source("official", name, anonymous, organisation, upstream=upstream)
        return self.add(body)

    def incident(self, title: str = "Drones over Velmora") -> str:
        return self.add(Incident(title, "drones", begins="2031-02-03"))

    def statement(self, source: str, incident: str, actor: str = "The Guild", stance: Stance = Stance.ASSERTS) -> str:
        return self.add(Statement(source, stance, f"{actor} sent them", incident, names_actor=actor))

    def grade(self, statement: str, reliability: str = "B", credibility: int = 2) -> str:
        return self.add(Grade(statement, reliability, credibility, "known for years", "ann"))  # type: ignore[arg-type]

    def assessment(self, incident: str, statements: tuple[str, ...], actor: str = "The Guild") -> str:
        hypotheses = (Hypothesis(f"{actor} sent them", Band.LIKELY, actor),)
        return self.add(Assessment(incident, "Who sent them?", hypotheses, "ann", statements))
