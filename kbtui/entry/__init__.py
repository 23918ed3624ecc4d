"""What an entry is: its values, its file format, its identity. Pure: no disk, no git, no index."""
