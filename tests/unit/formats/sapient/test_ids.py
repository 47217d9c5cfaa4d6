"""Ids: the forms the standard asks for."""

import uuid

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.formats.sapient.ids import is_ulid, is_uuid4, ulid, uuid4


@settings(deadline=None)
@given(st.text(max_size=40), st.floats(0.0, 4e9))
def test_made_ids_have_their_form(key: str, time_s: float) -> None:
    node = uuid4(key)
    assert is_uuid4(node)
    assert uuid.UUID(node).version == 4
    assert uuid.UUID(node).variant == uuid.RFC_4122
    assert is_ulid(ulid(time_s, key))
    assert uuid4(key) == node


def test_a_ulid_sorts_by_its_time() -> None:
    assert ulid(1000.0, "z") < ulid(1000.002, "a") < ulid(2000.0, "a")


@pytest.mark.parametrize(
    "text",
    [
        "A8654CDF-4328-47DE-81FA-C495589E30C9",
        "a8654cdf432847de81fac495589e30c9",
        "a8654cdf-4328-17de-81fa-c495589e30c9",
        "a8654cdf-4328-47de-c1fa-c495589e30c9",
        "",
    ],
)
def test_other_uuids_are_none(text: str) -> None:
    assert not is_uuid4(text)


@pytest.mark.parametrize(
    "text", ["01ggyfbaxgdg7agahrz6xsny12", "81GGYFBAXGDG7AGAHRZ6XSNY12", "01GGYFBAXGDG7AGAHRZ6XSNYIL"]
)
def test_other_ulids_are_none(text: str) -> None:
    assert not is_ulid(text)
