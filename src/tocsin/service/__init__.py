"""Assembly: draws the line, starts the live site and the replay, and carries results to the outlets."""
