"""Tests. They mirror kbtui/."""
