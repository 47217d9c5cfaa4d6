"""The printed report: read by another program, the same for the same records, and no word of it lost in silence."""

import io

import msgspec
import pypdf
import pytest

from record_builder import Records
from tocsin.incidents.account import Account
from tocsin.incidents.pdf import pdf
from tocsin.incidents.report import account_of
from tocsin.model.record import Amendment, Retraction


@pytest.fixture
def records() -> Records:
    return Records()


def read(*shown: Account) -> tuple[int, str]:
    """Pages, and the words of all of them."""
    document = pypdf.PdfReader(io.BytesIO(pdf(*shown)), strict=True)
    return len(document.pages), " ".join(" ".join(page.extract_text().split()) for page in document.pages)


def test_all_of_an_account_is_in_it_on_as_many_pages_as_it_needs(records: Records) -> None:
    incident = records.incident()
    source = records.source("the mayor")
    said = [records.statement(source, incident, actor=f"Guild {k}") for k in range(60)]
    records.grade(said[0])
    records.add(Amendment(said[1], "correction", "content", "Guild 1 sent them", "Nobody sent them", "misheard"))
    records.add(Retraction(said[2], "a gull"))
    account = account_of(records.store, incident)
    count, words = read(account)
    assert count > 3
    for k in range(3, 60):
        assert f"Guild {k} sent them" in words and said[k] in words
    assert 'Correction: was "Guild 1 sent them", is "Nobody sent them". misheard' in words
    assert "Withdrawn: a gull" in words and "It said: Guild 2 sent them" in words
    assert "Who did it: not attributed" in words and account.head in words
    assert pdf(account) == pdf(account)
    assert read(account, account)[0] == 2 * count


def test_letters_that_the_font_lacks_stand_as_codes_and_are_counted(records: Records) -> None:
    plain = account_of(records.store, records.incident())
    strange = msgspec.structs.replace(plain, title="Drones over \u06a9\u0648 <b>&amp; \x00\u202eX")
    _, words = read(strange)
    assert "Drones over [U+06A9][U+0648] <b>&amp; X" in words
    assert "2 kinds of letters that this font does not have stand as codes." in words
    assert "stand as codes" not in read(plain)[1]
