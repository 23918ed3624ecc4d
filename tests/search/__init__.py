"""Tests of kbtui/search."""
