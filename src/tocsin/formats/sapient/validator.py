"""Validator: what makes a SAPIENT message valid, drawn from the options in the messages' descriptors.

`compile_check(descriptor)` gives a function from a message to the problems in it, each with the path of its field, as
in `detection_report.location.datum: is missing`. Checked are: mandatory fields and choices are there and not empty;
UUIDs and ULIDs have their form; enumerations hold a value that is defined and not UNSPECIFIED; numbers are finite;
confidences and rankings lie between 0 and 1. `unknown_fields` names what the version does not know.

A good message is told by one quick pass over its fields; only a message that fails it is gone through for its reasons.
"""

import math
from collections.abc import Callable, Iterator
from operator import attrgetter
from typing import Any

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.unknown_fields import UnknownFieldSet
from sapient_msg import proto_options_pb2

from tocsin.formats.sapient.ids import is_ulid, is_uuid4

SHARES = frozenset(("confidence", "detection_confidence", "ranking"))
_FLOATS = (FieldDescriptor.TYPE_DOUBLE, FieldDescriptor.TYPE_FLOAT)
_TEXTS = (FieldDescriptor.TYPE_STRING, FieldDescriptor.TYPE_BYTES)

Part = Callable[[Any], object]  # whether a part of a message is good
Check = Callable[[Any], tuple[str, ...]]


def compile_check(descriptor: Any) -> Check:
    """The check of one message type; raises nothing for whatever a parsed message holds."""
    good = _Compiler().good(descriptor)

    def check(message: Any) -> tuple[str, ...]:
        return () if good(message) else tuple(problems(message))

    return check


def unknown_fields(message: Any, path: str = "") -> Iterator[str]:
    """The fields of a parsed message, and of those within it, that its version does not know."""
    for found in UnknownFieldSet(message):
        yield f"{path}field {found.field_number}: is not of this version"
    for field, value in message.ListFields():
        if field.type == FieldDescriptor.TYPE_MESSAGE and _is_ours(field.message_type):
            for position, inner in enumerate(value if field.is_repeated else (value,), start=1):
                yield from unknown_fields(inner, f"{path}{field.name}{f'[{position}]' if field.is_repeated else ''}.")


class _Compiler:
    """Makes one function a message type; types that hold themselves are met again by name."""

    def __init__(self) -> None:
        self._made: dict[str, Part] = {}

    def good(self, descriptor: Any) -> Part:
        name = descriptor.full_name
        if name not in self._made:
            parts: list[Part] = []

            def good(message: Any) -> bool:
                for part in parts:
                    if not part(message):
                        return False
                return True

            self._made[name] = good
            parts += self._all_parts(descriptor)
        return self._made[name]

    def _all_parts(self, descriptor: Any) -> Iterator[Part]:
        floats = [field for field in descriptor.fields if _is_plain_float(field)]
        texts = [field for field in descriptor.fields if _is_plain_text(field)]
        if floats:
            yield _all_finite([f.name for f in floats], [f.name for f in floats if _options(f).is_mandatory])
        if len(texts) > 1:
            get = attrgetter(*(field.name for field in texts))
            yield lambda message: all(get(message))
        for field in descriptor.fields:
            if field in floats or (field in texts and len(texts) > 1):
                continue
            if field.type == FieldDescriptor.TYPE_MESSAGE and _in_choice(field):
                continue
            part = self._field(field)
            if part is not None:
                yield part
        for choice in descriptor.oneofs:
            if len(choice.fields) > 1 or _options(choice).is_mandatory:
                yield self._choice(choice)

    def _field(self, field: Any) -> Part | None:
        options, get = _options(field), attrgetter(field.name)
        if field.type == FieldDescriptor.TYPE_MESSAGE:
            return self._message(field, get, options.is_mandatory)
        if field.type == FieldDescriptor.TYPE_ENUM:
            return _enum(field, get, options.is_mandatory)
        if options.is_uuid or options.is_ulid:
            matches = is_uuid4 if options.is_uuid else is_ulid
            return _matches(field, get, matches, options.is_mandatory)
        if field.name in SHARES:
            return lambda message: 0.0 <= get(message) <= 1.0
        if not options.is_mandatory:
            return None
        if field.type in _TEXTS or field.is_repeated:
            return get
        name = field.name
        return lambda message: get(message) or message.HasField(name)

    def _message(self, field: Any, get: Callable[[Any], Any], mandatory: bool) -> Part | None:
        ours = _is_ours(field.message_type)
        good = self.good(field.message_type) if ours else _any
        name = field.name
        if field.is_repeated:
            return _all_good(get, good, mandatory)
        if mandatory:
            return lambda message: message.HasField(name) and good(get(message))
        return (lambda message: not message.HasField(name) or good(get(message))) if ours else None

    def _choice(self, choice: Any) -> Part:
        name, mandatory = choice.name, _options(choice).is_mandatory
        members = {
            field.name: (attrgetter(field.name), self.good(field.message_type))
            for field in choice.fields
            if field.type == FieldDescriptor.TYPE_MESSAGE and _is_ours(field.message_type)
        }

        def good(message: Any) -> bool:
            which = message.WhichOneof(name)
            if which is None:
                return not mandatory
            member = members.get(which)
            return member is None or bool(member[1](member[0](message)))

        return good


def _all_finite(names: list[str], mandatory: list[str]) -> Part:
    """Plain numbers are finite, and those that must be are there; an overflow of the sum is looked at again."""
    if len(names) == 1:
        one, needed = attrgetter(names[0]), bool(mandatory)
        name = names[0]
        return lambda message: math.isfinite(value := one(message)) and (value or not needed or message.HasField(name))
    get = attrgetter(*names)

    def good(message: Any) -> bool:
        values = get(message)
        if not math.isfinite(sum(values)):
            return False
        return 0.0 not in values or all(map(message.HasField, mandatory))

    return good


def _enum(field: Any, get: Callable[[Any], Any], mandatory: bool) -> Part:
    known, name = _known_values(field), field.name
    if field.is_repeated:
        if mandatory:
            return lambda message: get(message) and known.issuperset(get(message))
        return lambda message: known.issuperset(get(message))
    if mandatory:
        return lambda message: get(message) in known
    if not field.has_presence:
        usual = known | {0}
        return lambda message: get(message) in usual
    return lambda message: get(message) in known or not message.HasField(name)


def _matches(field: Any, get: Callable[[Any], Any], matches: Callable[[str], object], mandatory: bool) -> Part:
    name = field.name
    if mandatory:
        return lambda message: matches(get(message))
    return lambda message: matches(value) if (value := get(message)) else not message.HasField(name)


def _all_good(get: Callable[[Any], Any], good: Part, mandatory: bool) -> Part:
    """Every member of a list; by index, since the end of an iteration costs more than a member."""

    def each(message: Any) -> bool:
        members = get(message)
        size = len(members)
        if size == 0:
            return not mandatory
        return all([good(members[i]) for i in range(size)]) if size > 1 else bool(good(members[0]))

    return each


def _any(_: Any) -> bool:
    return True


def problems(message: Any, path: str = "") -> Iterator[str]:
    """Why `message` is not good, by field: the long walk behind the quick check, in the order of the descriptors."""
    descriptor = message.DESCRIPTOR
    present = {field.name: value for field, value in message.ListFields()}
    for field in descriptor.fields:
        options = _options(field)
        here = f"{path}{field.name}"
        if field.name not in present:
            if options.is_mandatory:
                yield f"{here}: is missing"
            continue
        value = present[field.name]
        if not field.is_repeated:
            yield from _wrong(field, value, options, here)
        else:
            for position, item in enumerate(value, start=1):
                yield from _wrong(field, item, options, f"{here}[{position}]")
    for choice in descriptor.oneofs:
        if _options(choice).is_mandatory and message.WhichOneof(choice.name) is None:
            names = ", ".join(field.name for field in choice.fields)
            yield f"{path}{choice.name}: is missing, one of {names}"


def _wrong(field: Any, value: Any, options: Any, here: str) -> Iterator[str]:
    """What is wrong with one value that is there."""
    if field.type == FieldDescriptor.TYPE_MESSAGE:
        if _is_ours(field.message_type):
            yield from problems(value, f"{here}.")
    elif field.type == FieldDescriptor.TYPE_ENUM:
        if value not in _known_values(field):
            named = field.enum_type.values_by_number.get(value)
            yield f"{here}: is {named.name}" if named else f"{here}: {value} is no value of {field.enum_type.name}"
    elif field.type in _FLOATS:
        if not math.isfinite(value):
            yield f"{here}: is not finite"
        elif field.name in SHARES and not 0.0 <= value <= 1.0:
            yield f"{here}: {value:g} is not between 0 and 1"
    elif options.is_uuid and not is_uuid4(value):
        yield f"{here}: {value[:40]!r} is no lower-case version 4 UUID"
    elif options.is_ulid and not is_ulid(value):
        yield f"{here}: {value[:40]!r} is no upper-case ULID"
    elif options.is_mandatory and field.type in _TEXTS and not value:
        yield f"{here}: is empty"


def _options(thing: Any) -> Any:
    """The validation options of a field or a choice."""
    kind = proto_options_pb2.field_options if hasattr(thing, "number") else proto_options_pb2.oneof_options
    return thing.GetOptions().Extensions[kind]


def _is_plain_float(field: Any) -> bool:
    return field.type in _FLOATS and not field.is_repeated and field.name not in SHARES


def _is_plain_text(field: Any) -> bool:
    """A mandatory text without a form of its own."""
    options = _options(field)
    formed = options.is_uuid or options.is_ulid
    return bool(options.is_mandatory and field.type in _TEXTS and not field.is_repeated and not formed)


def _in_choice(field: Any) -> bool:
    choice = field.containing_oneof
    return choice is not None and len(choice.fields) > 1


def _is_ours(descriptor: Any) -> bool:
    return bool(descriptor.full_name.startswith("sapient_msg."))


def _known_values(field: Any) -> frozenset[int]:
    return frozenset(field.enum_type.values_by_number) - {0}
