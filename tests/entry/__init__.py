"""Tests of kbtui.entry."""
