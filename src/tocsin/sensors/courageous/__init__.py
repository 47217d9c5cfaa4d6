"""The `courageous` adapter: what another counter-drone system reported, in the COURAGEOUS test format."""
