"""Tracks as Parquet files of the last minutes."""
