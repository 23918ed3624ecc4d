"""Tests of kbtui/team."""
