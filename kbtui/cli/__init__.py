"""The line mode: every action as a plain command, with text and JSON. Built on typer."""
