"""ASTERIX: plots of radars, tracks of other systems and ADS-B reports, in EUROCONTROL's format."""
