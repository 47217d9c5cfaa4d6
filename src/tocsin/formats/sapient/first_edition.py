"""First edition: the descriptors of BSI Flex 335 v1.0, as differences from v2.0.

Version 2.0 made single reasons lists under new numbers, moved a status report's coverage, made power and status types
enumerations and added fields; on the wire the rest is the same. Field names are those of v2.0 throughout, so that one
mapping reads both; names never reach the wire. Source: the .proto files and the summary of changes that Dstl published.
"""

from typing import Any

from google.protobuf.descriptor_pb2 import FieldDescriptorProto, FileDescriptorProto
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.timestamp_pb2 import DESCRIPTOR as TIMESTAMP
from sapient_msg import proto_options_pb2
from sapient_msg.bsi_flex_335_v2_0 import sapient_message_pb2

_SECOND, _FIRST = "bsi_flex_335_v2_0", "bsi_flex_335_v1_0"
_TEXT, _SINGLE = FieldDescriptorProto.TYPE_STRING, FieldDescriptorProto.LABEL_OPTIONAL
_REMOVED = {
    "SapientMessage": ("additional_information",),
    "Registration": ("dependent_nodes", "reporting_region", "config_data"),
    "Task.Command": ("move_to", "patrol", "follow"),
}
_MOVED = {  # number in v1.0; a list becomes single, a field with "text" becomes one
    ("RegistrationAck", "ack_response_reason"): (2, ""),
    ("TaskAck", "reason"): (3, ""),
    ("AlertAck", "reason"): (3, ""),
    ("AlertAck", "alert_ack_status"): (2, ""),
    ("Error", "error_message"): (2, ""),
    ("StatusReport", "coverage"): (9, ""),
    ("StatusReport.Power", "source"): (1, "text"),
    ("StatusReport.Power", "status"): (2, "text"),
    ("StatusReport.Status", "status_type"): (2, "text"),
}
_OPTIONAL = (("StatusReport", "mode"),)
_ADDED_VALUES = (
    ("StatusReport", "StatusLevel", "STATUS_LEVEL_SENSOR_STATUS", 1),
    ("Task", "Control", "CONTROL_DEFAULT", 4),
)


def first_edition() -> Any:
    """The descriptor of v1.0's SapientMessage, in a pool of its own."""
    pool = DescriptorPool()
    for known in (proto_options_pb2.DESCRIPTOR.dependencies[0], proto_options_pb2.DESCRIPTOR, TIMESTAMP):
        pool.AddSerializedFile(known.serialized_pb)
    _add(pool, sapient_message_pb2.DESCRIPTOR, set())
    return pool.FindMessageTypeByName(f"sapient_msg.{_FIRST}.SapientMessage")


def _add(pool: DescriptorPool, file: Any, done: set[str]) -> None:
    """Add a file of v2.0 as v1.0 has it, after those it needs."""
    if _SECOND not in file.name or file.name in done:
        return
    done.add(file.name)
    for needed in file.dependencies:
        _add(pool, needed, done)
    proto = FileDescriptorProto.FromString(file.serialized_pb.replace(_SECOND.encode(), _FIRST.encode()))
    for message in proto.message_type:
        _edit(message, message.name)
    pool.AddSerializedFile(proto.SerializeToString())


def _edit(message: Any, name: str) -> None:
    for inner in message.nested_type:
        _edit(inner, f"{name}.{inner.name}")
    del message.reserved_range[:]
    for i in reversed(range(len(message.field))):
        field = message.field[i]
        if field.name in _REMOVED.get(name, ()):
            del message.field[i]
        elif (name, field.name) in _MOVED:
            _move(field, *_MOVED[name, field.name])
        elif (name, field.name) in _OPTIONAL:
            field.ClearField("options")
    for owner, kind, value, number in _ADDED_VALUES:
        for enum in message.enum_type if owner == name else ():
            if enum.name == kind:
                del enum.reserved_range[:]
                enum.value.add(name=value, number=number)
    if name == "Registration.Command":
        message.field.add(name="name", number=1, type=_TEXT, label=_SINGLE)
    _drop_empty_choices(message)


def _move(field: Any, number: int, kind: str) -> None:
    field.number, field.label = number, _SINGLE
    if kind == "text":
        field.type = _TEXT
        field.ClearField("type_name")


def _drop_empty_choices(message: Any) -> None:
    """A choice whose only field went, as each optional field has one, goes with it."""
    used = sorted({field.oneof_index for field in message.field if field.HasField("oneof_index")})
    kept = [message.oneof_decl[i] for i in used]
    places = {old: new for new, old in enumerate(used)}
    for field in message.field:
        if field.HasField("oneof_index"):
            field.oneof_index = places[field.oneof_index]
    copies = [type(choice).FromString(choice.SerializeToString()) for choice in kept]
    del message.oneof_decl[:]
    message.oneof_decl.extend(copies)
