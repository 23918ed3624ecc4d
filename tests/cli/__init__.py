"""Tests of kbtui/cli."""
