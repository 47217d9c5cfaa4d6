"""The `kml` adapter: the picture for map programs."""
