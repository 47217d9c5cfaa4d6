"""The `table` adapter: tables of named columns, live or recorded."""
