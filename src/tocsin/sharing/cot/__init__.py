"""CoT: the picture for TAK servers and devices."""
