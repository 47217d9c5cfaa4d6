"""Testing: the contract that every adapter keeps, as functions that third parties call from their own tests."""

from tocsin.testing.adapter_contract import Sample, check_adapter, read_expected

__all__ = ["Sample", "check_adapter", "read_expected"]
