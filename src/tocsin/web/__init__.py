"""Edge: the operator's screen and its API over HTTP, on this machine unless told otherwise."""
