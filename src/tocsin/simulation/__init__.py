"""The simulator: a world, what flies in it, and the sensors that see it; for demonstration, training and scoring.

It shares no motion, noise or drag code with the stages it scores and uses another family of models: aircraft are flown
by an autopilot, birds wander, bodies fall through air. Only `geo`, `formats`, `model`, `units` and `jit` are imported.
"""
