"""Finding entries. The one place that knows Whoosh; files are the truth, the index is a cache."""
