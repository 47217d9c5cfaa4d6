"""Edge: what came in, in its order (MCAP files), and what people were told and asked (a journal)."""
