"""A warning for TAK devices: a message to all of them and the area on their map."""
