"""Tests of kbtui/git."""
