"""What is on disk beside git: entry files, drafts and the save journal. Every write is atomic."""
