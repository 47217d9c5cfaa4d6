"""Links: duplex protocols, in and out over one session; one folder an adapter."""
