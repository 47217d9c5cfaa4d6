"""Physics of unpowered flight: air, drag, wind, motion; pure functions and kernels."""
