"""Strict decoding: every wrong value names its place, and degrees become radians wherever they stand."""

import enum
import math
from typing import Annotated, Any, Literal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Meta

from tocsin.config.strict import WrongValue, decode


class Rule(enum.StrEnum):
    ROW = "row"
    GAP = "gap"


class Inner(msgspec.Struct, frozen=True):
    sectors_rad: tuple[tuple[float, float], ...] = ()
    turn_radps: float | None = None
    limits_rad: dict[str, float] = {}


class Outer(msgspec.Struct, frozen=True):
    name: str
    range_m: tuple[float, float] = (0.0, 1.0)
    inner: Inner | None = None
    many: tuple[Inner, ...] = ()
    rule: Rule = Rule.ROW
    count: Annotated[int, Meta(ge=1)] = 1
    tilt_rad: Annotated[float, Meta(ge=-1.0, le=1.0)] = 0.0
    short: Annotated[str, Meta(min_length=1)] | None = None
    on: bool = True
    token_env: str = ""
    word: str | dict[str, float] = ""
    kind: Literal["a", "b"] = "a"

    def __post_init__(self) -> None:
        if self.range_m[0] > self.range_m[1]:
            raise ValueError("range is turned round")


def test_everything_valid_is_taken_as_it_is() -> None:
    got = decode(
        {
            "name": "a",
            "range_m": [1, 2.5],
            "inner": {"sectors_deg": [[0, 90], [180, 270]], "turn_degps": 180, "limits_deg": {"x": 360}},
            "many": [{}, {}],
            "rule": "gap",
            "count": 3,
            "tilt_deg": -30,
            "short": "b",
            "word": {"drone": 0.5},
        },
        Outer,
    )
    half = math.pi / 2
    assert got.inner == Inner(((0.0, half), (math.pi, 3 * half)), math.pi, {"x": math.tau})
    assert got == Outer("a", (1.0, 2.5), got.inner, (Inner(), Inner()), Rule.GAP, 3, -math.pi / 6, "b", word=got.word)


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ({}, "name: missing"),
        ({"name": 3}, "name: expected text, got 3"),
        ({"name": "a", "range_m": [1]}, "range_m: expected 2 numbers, got 1"),
        ({"name": "a", "range_m": 1}, "range_m: expected a list, got 1"),
        ({"name": "a", "range_m": [1, "2"]}, 'range_m[2]: expected a number, got "2"'),
        ({"name": "a", "range_m": [1, True]}, "range_m[2]: expected a number, got true"),
        ({"name": "a", "range_m": [0, math.nan]}, "range_m[2]: expected a finite number, got nan"),
        ({"name": "a", "range_m": [2, 1]}, "range is turned round"),
        ({"name": "a", "rang_m": [1, 2]}, "rang_m: unknown key; did you mean range_m?"),
        ({"name": "a", "inner": {"zz": 1}}, "inner.zz: unknown key; known are limits_deg, sectors_deg, turn_degps"),
        ({"name": "a", "tilt_rad": 0.1}, "tilt_rad: unknown key; a file speaks degrees, write tilt_deg"),
        ({"name": "a", "tilt_deg": 60}, "tilt_deg: must be <= 57.2958, got 60"),
        ({"name": "a", "tilt_deg": "60"}, 'tilt_deg: expected a number, got "60"'),
        ({"name": "a", "token": "x"}, "token: a site file holds no secret; write token_env,"),
        ({"name": "a", "rule": "gup"}, 'rule: expected one of "row", "gap", got "gup"'),
        ({"name": "a", "count": 1.5}, "count: expected a whole number, got 1.5"),
        ({"name": "a", "count": 0}, "count: must be >= 1, got 0"),
        ({"name": "a", "short": ""}, 'short: must be of length >= 1, got ""'),
        ({"name": "a", "on": 1}, "on: expected true or false, got 1"),
        ({"name": "a", "inner": []}, "inner: expected a table, got a list"),
        ({"name": "a", "many": {}}, "many: expected a list, got a table; write [[many]]"),
        ({"name": "a", "many": [{}, {"sectors_deg": [[1]]}]}, "many[2].sectors_deg[1]: expected 2 numbers, got 1"),
        ({"name": "a", "inner": {"limits_deg": {"x": "y"}}}, 'inner.limits_deg.x: expected a number, got "y"'),
        ({"name": "a", "inner": {"limits_deg": 5}}, "inner.limits_deg: expected a table, got 0.0872665"),
        ({"name": "a", "word": 5}, "word: expected text or a table, got 5"),
        ({"name": "a", "kind": "c"}, 'kind: expected one of "a", "b", got "c"'),
        ({"name": "a", "tilt_deg": 10**400}, "tilt_deg: expected a number of 64 bits"),
        ({"name": "a", "count": 10**400}, "count: expected a number of 64 bits"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(table: dict[str, Any], message: str) -> None:
    with pytest.raises(WrongValue) as caught:
        decode(table, Outer)
    assert str(caught.value).startswith(message)


VALID = {
    "name": "a",
    "range_m": [1, 2.5],
    "inner": {"sectors_deg": [[0, 90]], "turn_degps": 180, "limits_deg": {"x": 360}},
    "many": [{}, {"turn_degps": 1}],
    "rule": "gap",
    "count": 3,
    "tilt_deg": -30,
    "short": "b",
    "on": False,
    "word": {"drone": 0.5},
}
anything = st.one_of(
    st.sampled_from(
        [None, True, -1, 10**400, 1e999, math.nan, "", "x", [], {}, [[]], [None], {"x": 1}, [1, 2, 3], [{}]]
    ),
    st.floats(),
    st.text(max_size=50),
)


@given(st.lists(st.tuples(st.sampled_from([*VALID, "new"]), st.sampled_from(["", "turn_degps", "x"]), anything)))
def test_nothing_but_a_wrong_value_is_ever_raised(changes: list[tuple[str, str, object]]) -> None:
    table: dict[str, Any] = {**VALID}
    for key, inner, value in changes:
        old = table.get(key)
        table[key] = {**old, inner: value} if inner and isinstance(old, dict) else value
    try:
        got = decode(table, Outer)
    except WrongValue as error:
        assert error.reason
    else:
        assert isinstance(got, Outer)
