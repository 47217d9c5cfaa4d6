"""CoT: what others on a TAK network report."""
