"""ASTERIX: the picture as system tracks for air traffic systems."""
