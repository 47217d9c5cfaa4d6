"""The `positions` adapter: where a logger or receiver of satellite navigation says it is."""
