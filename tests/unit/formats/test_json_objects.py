import json

from hypothesis import given
from hypothesis import strategies as st

from tocsin.formats.json_objects import LARGEST_BYTES, JsonReader

texts = st.text(max_size=10) | st.sampled_from(['"', "\\", "{", "}]", '\\"', "\n"])
values = st.recursive(
    st.dictionaries(texts, texts | st.integers(), max_size=3) | st.lists(texts, max_size=3),
    lambda inner: st.dictionaries(texts, inner, max_size=2) | st.lists(inner, max_size=2),
    max_leaves=6,
)


@given(st.lists(values, max_size=4), st.sampled_from(["", "\n", " , ", "\0"]), st.data())
def test_values_come_back_wherever_the_bytes_are_cut(sent: list[object], between: str, data: st.DataObject) -> None:
    whole = between.join(json.dumps(value) for value in sent).encode()
    reader, found, at = JsonReader(), [], 0
    while at < len(whole):
        size = data.draw(st.integers(1, 40))
        found += [json.loads(value) for value in reader.feed(whole[at : at + size])]
        at += size
    assert found == sent
    assert reader.dropped == 0


def test_a_text_that_does_not_end_costs_its_line_only() -> None:
    reader = JsonReader()
    assert list(reader.feed(b'{"a": "broken}\n{"b": 1}\n')) == [b'{"b": 1}']
    assert reader.dropped == 1


def test_a_value_without_an_end_is_dropped_in_time() -> None:
    reader = JsonReader()
    piece = b'{"a": "' + b"x" * 1_000_000 + b'", '
    for _ in range(LARGEST_BYTES // 1_000_000 + 2):
        list(reader.feed(piece))
    assert reader.dropped == 1
    assert reader.waiting_bytes <= LARGEST_BYTES


@given(st.binary(max_size=200))
def test_no_bytes_raise(noise: bytes) -> None:
    reader = JsonReader()
    assert sum(map(len, reader.feed(noise))) + reader.waiting_bytes <= len(noise)
