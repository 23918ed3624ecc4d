"""What is measured, beside what else one could use, in the same run."""
