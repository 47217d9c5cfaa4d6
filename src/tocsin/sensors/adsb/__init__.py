"""ADS-B: what aircraft say of themselves, as Mode S receivers and their servers give it."""
