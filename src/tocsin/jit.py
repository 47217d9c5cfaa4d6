"""Decorators of compiled code, `kernel` and `inlined`: numba in nopython mode, cached, free of the interpreter lock.

A kernel takes arrays and scalars and returns arrays and scalars. Reassociation of floating point is off, so that the
same input gives the same bytes on the same processor family. The cache lives in the user's cache folder, since numba
cannot write beside an installed package; `NUMBA_CACHE_DIR` overrides it. This is the only module of Tocsin that does
something on import: the folder must be known before numba is loaded.
"""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, ParamSpec, TypeVar, cast

_cache_home = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
os.environ.setdefault("NUMBA_CACHE_DIR", str(Path(_cache_home) / "tocsin" / "kernels"))

import numba  # noqa: E402

P = ParamSpec("P")
T = TypeVar("T")


_OPTIONS: dict[str, Any] = {"cache": True, "nogil": True, "fastmath": False, "error_model": "numpy"}


def kernel(function: Callable[P, T]) -> Callable[P, T]:
    """Compile `function` on first call for the types it is called with, and keep the result on disk."""
    return cast(Callable[P, T], numba.njit(**_OPTIONS)(function))


def inlined(function: Callable[P, T]) -> Callable[P, T]:
    """As `kernel`, but written out wherever a kernel calls it: what is constant there is then known to the compiler."""
    return cast(Callable[P, T], numba.njit(inline="always", **_OPTIONS)(function))
