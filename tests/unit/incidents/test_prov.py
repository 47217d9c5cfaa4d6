"""PROV-JSON, read by another implementation."""

import io

import pytest
from prov.model import ProvDocument

from record_builder import AT, Records
from tocsin.incidents.prov import document
from tocsin.incidents.report import account_of
from tocsin.model.record import Amendment, Evidence, Retraction, Statement
from tocsin.model.statement import Stance


@pytest.fixture
def records() -> Records:
    return Records()


def test_each_record_says_whose_it_is_what_it_comes_from_and_what_became_of_it(records: Records) -> None:
    incident = records.incident('Drones over "Velmora"')
    story = records.add(Evidence("ab" * 32, "text/plain", AT, text="The mayor said it fell."))
    mayor = records.source("the mayor \u06a9")
    said = records.add(Statement(mayor, Stance.ASSERTS, "it fell", incident, evidence=(story,)))
    records.add(Amendment(said, "correction", "content", "it fell", "it landed", "misheard"))
    records.add(Retraction(said, "a gull"))
    made = document(records.graph, account_of(records.store, incident), records.store.hashes()[0].hex())
    read = ProvDocument.deserialize(io.StringIO(made.decode()), format="json")
    told = read.get_provn()
    assert f"entity(tocsin:{said}," in told and 'prov:value="it landed"' not in told and 'prov:value="it fell"' in told
    assert f"wasAttributedTo(tocsin:{said}, tocsin:{mayor})" in told
    assert f"wasAttributedTo(tocsin:{said}, tocsin:author-ann)" in told
    assert f"wasDerivedFrom(tocsin:{said}, tocsin:{story}, -, -, -)" in told
    assert "prov:Revision" in told
    assert f"wasInvalidatedBy(tocsin:{said}, tocsin:retraction-" in told
    assert "the mayor \u06a9" in told


def test_a_name_of_any_letters_makes_an_id(records: Records) -> None:
    records.store.append([], "ann", records.key, AT)
    incident = records.incident()
    made = document(records.graph, account_of(records.store, incident), "ab" * 32)
    assert ProvDocument.deserialize(io.StringIO(made.decode()), format="json").get_provn().count("agent(") == 1
