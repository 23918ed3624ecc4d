"""Rules over entries, their history and what happened to them. Pure: no disk, no git."""
