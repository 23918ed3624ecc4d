"""Tests of kbtui/store."""
