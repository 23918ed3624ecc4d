"""The one place that runs git: git itself writes, GitPython reads."""
