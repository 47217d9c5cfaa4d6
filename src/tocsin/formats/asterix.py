"""ASTERIX: datagrams to data blocks, blocks to records, records to items, and items to quantities in SI.

The structure of each category and edition comes from `libasterix` (MIT, generated from EUROCONTROL's specifications);
here it is compiled into a reader that only cuts, so that a record costs microseconds, and fields are decoded where they
are asked for. A record that breaks its layout raises `AsterixError`: nothing after it in its block can be read, for
records say no length. Quantities are radians, metres, seconds and metres a second; anything else is a whole number.
"""

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, cast

import asterix.base as base
import asterix.generated as generated
import msgspec

from tocsin.model.errors import TocsinError
from tocsin.units import M_PER_FT, M_PER_KM, M_PER_NM, MPS_PER_FPM, MPS_PER_KT, RAD_PER_DEG

Items = dict[str, bytes]
Cut = Callable[[bytes, int], int]
"""Given data and where an item begins, where it ends, maybe beyond the data; raises for what breaks the layout."""

_SI = {
    "": 1.0, "s": 1.0, "m": 1.0, "m/s": 1.0, "m/s²": 1.0, "dB": 1.0, "dBm": 1.0, "km": M_PER_KM, "°": RAD_PER_DEG,
    "°/s": RAD_PER_DEG, "NM": M_PER_NM, "NM/s": M_PER_NM, "kt": MPS_PER_KT, "ft": M_PER_FT, "FL": 100.0 * M_PER_FT,
    "ft/min": MPS_PER_FPM,
}  # fmt: skip
_MOST_FSPECS = 4096


class AsterixError(TocsinError):
    """A datagram, block or record that breaks its layout; an edition that is not known."""


class Block(msgspec.Struct, frozen=True):
    """One data block: its category and the bytes of its records."""

    category: int
    body: bytes


def read_blocks(data: bytes) -> Iterator[Block]:
    """The data blocks of one datagram, of whatever category; raises where no block follows."""
    at = 0
    while at < len(data):
        size = int.from_bytes(data[at + 1 : at + 3], "big") if at + 3 <= len(data) else 0
        if size < 4 or at + size > len(data):
            raise AsterixError(f"after {at} of {len(data)} bytes there is no block: its size would be {size}")
        yield Block(data[at], data[at + 3 : at + size])
        at += size


def write_block(category: int, body: bytes) -> bytes:
    """A data block around its records."""
    return bytes([category]) + (3 + len(body)).to_bytes(2, "big") + body


class Field:
    """A number inside an item: where its bits are, and what they count. `of` is None if the item is too short."""

    def __init__(self, start: int, size: int, signed: bool, scale: float) -> None:
        self._end = (start + size + 7) // 8
        self._shift = 8 * self._end - start - size
        self._first = start // 8
        self._mask = (1 << size) - 1
        self._sign = 1 << size - 1 if signed else 0
        self._scale = scale

    def of(self, item: bytes) -> float | None:
        """The quantity."""
        if len(item) < self._end:
            return None
        raw = int.from_bytes(item[self._first : self._end], "big") >> self._shift & self._mask
        return ((raw ^ self._sign) - self._sign) * self._scale

    @property
    def most(self) -> float:
        """The greatest quantity that fits; its negative fits too where the field is signed."""
        return (self._mask - self._sign) * self._scale

    def put(self, item: bytearray, quantity: float) -> None:
        """Write the quantity, rounded to what it counts; the item grows to hold it. Raises where it does not fit."""
        raw, least = round(quantity / self._scale), -self._sign
        if not least <= raw <= self._mask + least:
            raise AsterixError(f"{quantity:g} does not fit into {self._mask.bit_length()} bits of {self._scale:g}")
        item.extend(bytes(max(self._end - len(item), 0)))
        whole = int.from_bytes(item[self._first : self._end], "big")
        whole = whole & ~(self._mask << self._shift) | (raw & self._mask) << self._shift
        item[self._first : self._end] = whole.to_bytes(self._end - self._first, "big")

    def raw(self, item: bytes) -> int:
        """The bits as a whole number; 0 if the item is too short."""
        if len(item) < self._end:
            return 0
        return int.from_bytes(item[self._first : self._end], "big") >> self._shift & self._mask


class Layout:
    """One category in one edition."""

    def __init__(self, record: Any) -> None:
        self._record = record
        self._slots: list[tuple[str, Cut] | None] = [
            (item.cv_non_spare.cv_name, _cut(_variation(item.cv_non_spare))) if issubclass(item, base.UapItem) else None
            for item in record.cv_items_list
        ]
        self._longest_fspec = record.cv_fspec_max_bytes
        self._known: dict[bytes, list[tuple[str, Cut]]] = {}

    def records(self, body: bytes) -> Iterator[Items]:
        """The records of a block; raises where the next one breaks the layout."""
        at, end = 0, len(body)
        while at < end:
            at, slots = self._fspec(body, at)
            items: Items = {}
            for name, cut in slots:
                after = cut(body, at)
                if after > end:
                    raise AsterixError(f"item {name} runs past the end of its block")
                items[name] = body[at:after]
                at = after
            yield items

    def write(self, items: Items) -> bytes:
        """One record, or one compound item, of the items given; the inverse of `records`."""
        fspec, body = bytearray(1), b""
        for number, slot in enumerate(self._slots):
            if slot is not None and slot[0] in items:
                fspec.extend(bytes(number // 7 + 1 - len(fspec)))
                fspec[number // 7] |= 1 << 7 - number % 7
                body += items[slot[0]]
        for at in range(len(fspec) - 1):
            fspec[at] |= 1
        return bytes(fspec) + body

    def field(self, item: str, *path: str) -> Field:
        """The field `path` of `item`, as the edition has it: `field("040", "RHO")`."""
        return _field(_variation(self._record.cv_items_dict[item]), path, 0)

    def parts(self, item: str) -> "Layout":
        """The layout of a compound item, to be read with `part`."""
        return Layout(_Compound(_variation(self._record.cv_items_dict[item])))

    def part(self, data: bytes) -> Items:
        """The sub-items of one compound item."""
        return next(self.records(data), {})

    def has(self, item: str) -> bool:
        """Whether the edition has this item."""
        return item in self._record.cv_items_dict

    def _fspec(self, body: bytes, at: int) -> tuple[int, list[tuple[str, Cut]]]:
        """(where the items begin, what they are)."""
        end = at
        while end < len(body) and body[end] & 1:
            end += 1
        end += 1
        fspec = body[at:end]
        if len(fspec) > self._longest_fspec or end > len(body):
            raise AsterixError(f"a field specification of {end - at} bytes is too long")
        slots = self._known.get(fspec)
        if slots is None:
            slots = self._slots_of(fspec)
            if len(self._known) < _MOST_FSPECS:
                self._known[fspec] = slots
        return end, slots

    def _slots_of(self, fspec: bytes) -> list[tuple[str, Cut]]:
        found = []
        for number in range(7 * len(fspec)):
            if fspec[number // 7] >> 7 - number % 7 & 1:
                slot = self._slots[number] if number < len(self._slots) else None
                if slot is None:
                    raise AsterixError(f"the field specification names item {number + 1}, which is not used")
                found.append(slot)
        return found


class _Compound:
    """A compound item seen as a record."""

    def __init__(self, variation: Any) -> None:
        self.cv_fspec_max_bytes = variation.cv_fspec_max_bytes
        self.cv_items_dict = variation.cv_items_dict
        self.cv_items_list = [_slot(non_spare) for non_spare in variation.cv_items_list]


def _slot(non_spare: Any) -> type:
    if non_spare is None:
        return base.UapItemSpare
    return type("Slot", (base.UapItem,), {"cv_non_spare": non_spare})


@cache
def layout(category: int, edition: str) -> Layout:
    """The layout of a category in an edition, as in `layout(48, "1.31")`."""
    known = {f"{a}.{b}": spec for spec in _specs(category) for a, b in [spec.cv_edition]}
    if edition not in known:
        raise AsterixError(f"category {category} has no edition {edition}; there are {', '.join(known) or 'none'}")
    uap = known[edition].cv_uap
    if not issubclass(uap, base.UapSingle):
        raise AsterixError(f"category {category} has more than one record layout")
    return Layout(uap.cv_record)


def _variation(non_spare: Any) -> Any:
    rule = non_spare.cv_rule
    return getattr(rule, "cv_variation", None) or rule.cv_default_variation


def _cut(variation: Any) -> Cut:
    """The function that finds the end of an item."""
    if issubclass(variation, base.Element | base.Group):
        return _cut_fixed(variation.cv_bit_size // 8)
    if issubclass(variation, base.Extended):
        return _cut_extended(variation)
    if issubclass(variation, base.Repetitive):
        return _cut_repetitive(variation)
    if issubclass(variation, base.Compound):
        return _cut_compound(variation)
    return _cut_explicit


def _cut_fixed(size: int) -> Cut:
    return lambda data, at: at + size


def _cut_extended(variation: Any) -> Cut:
    groups = []  # (bytes, whether its last bit says that another follows)
    for group in variation.cv_items_list:
        bits = sum(1 if part is None else part[1] for part in group)
        groups.append((bits // 8, group[-1] is None))

    def cut(data: bytes, at: int) -> int:
        for size, extends in groups:
            at += size
            if not extends or at > len(data) or not data[at - 1] & 1:
                return at
        raise AsterixError("an extended item says that more follows than there is")

    return cut


def _cut_repetitive(variation: Any) -> Cut:
    bits = variation.cv_variation.cv_bit_size if not issubclass(variation.cv_variation, base.Compound) else 0
    counter = variation.cv_rep_bytes
    if counter is None:
        size = (bits + 1) // 8

        def cut_marked(data: bytes, at: int) -> int:
            at += size
            while at <= len(data) and data[at - 1] & 1:
                at += size
            return at

        return cut_marked
    inner = _cut(variation.cv_variation)

    def cut_counted(data: bytes, at: int) -> int:
        count, at = int.from_bytes(data[at : at + counter], "big"), at + counter
        if bits:
            return at + count * (bits // 8)
        for _ in range(count):
            at = inner(data, at)
        return at

    return cut_counted


def _cut_compound(variation: Any) -> Cut:
    inner = Layout(_Compound(variation))

    def cut(data: bytes, at: int) -> int:
        at, slots = inner._fspec(data, at)
        for _, part in slots:
            at = part(data, at)
        return at

    return cut


def _cut_explicit(data: bytes, at: int) -> int:
    size = data[at] if at < len(data) else 1
    if not size:
        raise AsterixError("an explicit item of no length")
    return at + size


def _field(variation: Any, path: tuple[str, ...], start: int) -> Field:
    if not path:
        content = getattr(variation.cv_rule, "cv_content", None)
        signed, scale = False, 1.0
        if content is not None and issubclass(content, base.ContentQuantity):
            signed = issubclass(content.cv_signedness, base.Signed)
            scale = content.cv_lsb * _SI[content.cv_unit]
        return Field(start, variation.cv_bit_size, signed, scale)
    parts: list[Any] = variation.cv_items_list
    if issubclass(variation, base.Extended):
        parts = [part for group in parts for part in group]
    for part in parts:
        size = 1 if part is None else part[1]
        if part is not None and issubclass(part[0], base.Item) and part[0].cv_non_spare.cv_name == path[0]:
            return _field(_variation(part[0].cv_non_spare), path[1:], start)
        start += size
    raise AsterixError(f"no field {'/'.join(path)}")


def editions(category: int) -> tuple[str, ...]:
    """The editions of a category that can be read, oldest first."""
    return tuple(f"{a}.{b}" for spec in _specs(category) for a, b in [spec.cv_edition])


def _specs(category: int) -> list[Any]:
    return cast(dict[int, list[Any]], generated.manifest["CATS"]).get(category, [])
