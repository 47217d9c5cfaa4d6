"""The `courageous` adapter: what this system reports, in the COURAGEOUS test format."""
