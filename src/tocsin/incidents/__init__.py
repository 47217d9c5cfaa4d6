"""Edge: what is remembered of an incident; signed records, the rules they obey, and the report made from them."""
