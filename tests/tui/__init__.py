"""Tests of kbtui/tui."""
