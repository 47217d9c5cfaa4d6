"""Row groups: rows gathered into a Parquet file, in groups of a fixed number, so that memory is bounded.

The same rows give the same bytes, however they were handed over: groups end after `ROWS` rows, compression and
encodings are fixed, and nothing of the clock or the machine is written. A file is complete once it is closed.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from tocsin.formats import geoparquet

ROWS = 16_384

Column = NDArray[Any] | Sequence[Any]


class RowGroups:
    """Takes columns by name; a numpy array (n,) or (n, k), or a list of n values. NaN and None are null.

    `fields` are the columns and their types, among them `longitude_deg` and `latitude_deg`; a column of points for map
    programs is added. `version` is written as `schema`.
    """

    def __init__(self, path: Path, fields: Mapping[str, pa.DataType], version: int) -> None:
        schema = pa.schema({**fields, geoparquet.COLUMN: pa.binary()}, geoparquet.metadata(version))
        options: dict[str, Any] = {
            "compression": "zstd",
            "use_dictionary": [name for name, kind in fields.items() if pa.types.is_string(kind)],
            "use_byte_stream_split": [name for name, kind in fields.items() if pa.types.is_floating(kind)],
        }
        self._writer = pq.ParquetWriter(path, schema, **options)
        self._schema: Any = schema
        self._fields = fields
        self._held: list[Mapping[str, Column]] = []
        self._rows = 0

    def append(self, columns: Mapping[str, Column]) -> None:
        """Take n rows."""
        self._held.append(columns)
        self._rows += len(next(iter(columns.values())))
        if self._rows >= ROWS:
            self._flush(keep=self._rows % ROWS)

    def close(self) -> None:
        """Write what is left, and the file's end."""
        self._flush(keep=0)
        self._writer.close()

    def _flush(self, keep: int) -> None:
        columns = {name: _joined([part[name] for part in self._held]) for name in self._fields}
        whole = self._rows - keep
        for start in range(0, whole, ROWS):
            group = {name: column[start : min(start + ROWS, whole)] for name, column in columns.items()}
            arrays = [_array(group[name], kind) for name, kind in self._fields.items()]
            arrays.append(geoparquet.points(np.asarray(group["longitude_deg"]), np.asarray(group["latitude_deg"])))
            self._writer.write_table(pa.Table.from_arrays(arrays, schema=self._schema), row_group_size=ROWS)
        self._held = [{name: column[whole:] for name, column in columns.items()}] if keep else []
        self._rows = keep


def _joined(parts: Sequence[Column]) -> Column:
    if parts and isinstance(parts[0], np.ndarray):
        return np.concatenate(parts)
    return [value for part in parts for value in part]


def _array(column: Column, kind: Any) -> Any:
    if isinstance(column, np.ndarray) and column.ndim == 2:
        flat: Any = pa.array(np.asarray(column, kind.value_type.to_pandas_dtype()).ravel())
        return pa.FixedSizeListArray.from_arrays(flat, type=kind, mask=pa.array(np.isnan(column[:, 0])))
    return pa.array(column, kind, from_pandas=True)
