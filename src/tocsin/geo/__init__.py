"""Where things are: frames, angles and heights, each with its unit in its name."""
