"""Derive the geoid table of `tocsin.geo.heights` from the EGM96 15-minute grid, and state its error.

Usage: python experiments/geoid_table.py /usr/share/proj/egm96_15.gtx src/tocsin/geo/egm96.npy

Source: `egm96_15.gtx` of Debian's package `proj-data` 9.1.1-1, the grid WW15MGH.GRD of the United States National
Imagery and Mapping Agency (today NGA) with NASA. As a work of the United States government it is in the public domain,
and Debian's copyright file lists the grids of that package as public domain too.

Every second row and column is kept, rounded to centimetres. The points dropped lie halfway between those kept, where an
interpolation is at its worst; so the error printed, over all points of the full grid, is the table's error.

    step    bytes      max     rms (weighted by area)
    1.0     130,320   10.97 m  0.40 m
    0.5     519,840    1.99 m  0.07 m   <- kept: 11 m is a flight level's share of a drone's height
    0.25  2,076,480    0.005 m
"""

import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tocsin.geo.heights import interpolated_m

HEADER = np.dtype(
    [("south", ">f8"), ("west", ">f8"), ("d_lat", ">f8"), ("d_lon", ">f8"), ("rows", ">i4"), ("cols", ">i4")]
)


def read_gtx(path: Path) -> NDArray[np.float64]:
    """The grid in metres: rows from 90 S to 90 N, columns eastward from 180 W, a quarter of a degree apart."""
    data = path.read_bytes()
    head = np.frombuffer(data, HEADER, count=1)[0]
    if tuple(head) != (-90.0, -180.0, 0.25, 0.25, 721, 1440):
        raise SystemExit(f"{path}: not the EGM96 15-minute grid: header {tuple(head)}")
    return np.frombuffer(data, ">f4", offset=HEADER.itemsize).reshape(721, 1440).astype(np.float64)


def error_m(table: NDArray[np.int16], grid: NDArray[np.float64]) -> tuple[float, float]:
    """Largest and root mean square (weighted by area) difference over the points of `grid`."""
    latitude, longitude = np.meshgrid(
        np.radians(np.arange(-90, 90.1, 0.25)), np.radians(np.arange(-180, 180, 0.25)), indexing="ij"
    )
    difference = interpolated_m(table, latitude.ravel(), longitude.ravel()) - grid.ravel()
    weight = np.cos(latitude).ravel()
    return float(np.abs(difference).max()), float(np.sqrt((weight * difference**2).sum() / weight.sum()))


def main() -> None:
    source, target = Path(sys.argv[1]), Path(sys.argv[2])
    grid = read_gtx(source)
    for step in (4, 2):
        table = np.round(grid[::step, ::step] * 100.0).astype("<i2")
        largest, rms = error_m(table, grid)
        print(f"{step / 4} degrees: {table.nbytes} bytes, max {largest:.3f} m, rms {rms:.3f} m")
    np.save(target, table)


if __name__ == "__main__":
    main()
