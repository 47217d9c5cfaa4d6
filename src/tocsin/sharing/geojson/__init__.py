"""GeoJSON: the picture and the alerts for maps and scripts."""
