"""A relay against pymodbus's server: switched, read back, heard, stuck, refusing, gone."""

import asyncio
import threading
from collections.abc import Iterator

import pytest
from pymodbus.pdu import ModbusPDU
from pymodbus.pdu.bit_message import ReadCoilsResponse
from pymodbus.server import ModbusTcpServer
from pymodbus.simulator import DataType, SimData, SimDevice

from small_site import free_port
from tocsin.channels.modbus.adapter import Adapter
from tocsin.channels.modbus.settings import Settings
from tocsin.model.errors import TocsinError
from tocsin.model.warning import Level
from warning_builder import all_clear, context, unheard, warning


class Relay:
    """The server in a thread of its own. `stuck`: it says yes to a write, and its coil reads off all the same."""

    def __init__(self, hears: bool = False, stuck: bool = False) -> None:
        self.port = free_port()
        self._loop = asyncio.new_event_loop()
        ready = threading.Event()

        def lie(sending: bool, pdu: ModbusPDU) -> ModbusPDU:
            if sending and stuck and isinstance(pdu, ReadCoilsResponse):
                pdu.bits = [False] * 8
            return pdu

        async def serve() -> None:
            coils = [SimData(0, values=[False] * 16, datatype=DataType.BITS)]
            inputs = [SimData(0, values=[hears] * 16, datatype=DataType.BITS)]
            words = [SimData(0, values=[0] * 16, datatype=DataType.REGISTERS)]
            device = SimDevice(1, simdata=(coils, inputs, words, words))
            self._server = ModbusTcpServer(device, address=("127.0.0.1", self.port), trace_pdu=lie)
            await self._server.serve_forever(background=True)
            ready.set()
            await self._server.serving

        self._thread = threading.Thread(target=lambda: self._loop.run_until_complete(serve()), daemon=True)
        self._thread.start()
        assert ready.wait(20.0)

    def close(self) -> None:
        asyncio.run_coroutine_threadsafe(self._server.shutdown(), self._loop).result(20.0)
        self._thread.join(20.0)
        self._loop.close()


@pytest.fixture
def relay() -> Iterator[Relay]:
    started = Relay()
    yield started
    started.close()


def _adapter(port: int, **more) -> Adapter:
    return Adapter(Settings(**{"host": "127.0.0.1", "coil": 3, "port": port, "answer_s": 5.0, **more}), context())


def test_on_while_it_holds_and_read_back(relay: Relay) -> None:
    adapter = _adapter(relay.port)
    assert adapter.deliver(unheard()) == (Level.DELIVERED, "coil off, read back")
    assert adapter.deliver(warning()) == (Level.DELIVERED, "coil on, read back")
    assert adapter.deliver(unheard(2)) == (Level.DELIVERED, "coil on, read back")  # a test ends no warning
    assert adapter.deliver(all_clear())[1] == "coil off, read back"
    assert adapter.statistics() == {"switched": 2}


@pytest.mark.parametrize("hears", [True, False])
def test_heard_by_a_sensor_or_not(hears: bool) -> None:
    relay = Relay(hears)
    adapter = _adapter(relay.port, sound_input=5, sound_s=0.2)
    if hears:
        assert adapter.deliver(warning()) == (Level.CONFIRMED, "sound on, read back")
    else:
        with pytest.raises(TocsinError, match="input 5 does not hear it"):
            adapter.deliver(warning())
    relay.close()


def test_a_stuck_relay_is_not_believed() -> None:
    relay = Relay(stuck=True)
    with pytest.raises(TocsinError, match="coil 3 did not switch"):
        _adapter(relay.port).deliver(warning())
    relay.close()


def test_refusing_and_gone(relay: Relay) -> None:
    with pytest.raises(TocsinError, match="refused with exception"):
        _adapter(relay.port, coil=4000).deliver(warning())
    with pytest.raises(OSError):
        _adapter(free_port()).deliver(warning())
