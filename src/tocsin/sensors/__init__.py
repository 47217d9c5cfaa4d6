"""Sensors: what comes in, one folder an adapter; packets to detections, claims, statements and sensor states."""
