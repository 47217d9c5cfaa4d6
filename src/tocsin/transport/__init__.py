"""Async: sockets, files and polls to packets, and bytes back out; the only room below assembly that knows a socket."""
