"""The `sightings` adapter: what people saw and heard."""
