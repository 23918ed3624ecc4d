"""A team at work by chance that can be repeated: many seeds, each a schedule of deeds and of faults."""
