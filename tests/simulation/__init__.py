"""Many people at once, by chance that can be repeated."""
