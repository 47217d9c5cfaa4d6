"""A warning spoken aloud, to loudspeakers on this machine."""
