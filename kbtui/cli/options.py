"""The options that many commands share, each declared once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Base = Annotated[
    str | None,
    typer.Option("--kb", metavar="DIR", help="The knowledge base's folder, before or after the command."),
]
Limit = Annotated[int, typer.Option("--limit", min=1, max=1000, help="How many to print.")]
Meaning = Annotated[
    bool, typer.Option("--meaning", help="Find what means the same, too; needs kbtui[semantic] and a second more.")
]
Mine = Annotated[bool, typer.Option("--mine", help="Only entries that you own.")]
Due = Annotated[bool, typer.Option("--due", help="Only entries whose check-by date has come.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for programs instead of text.")]
Name = Annotated[str, typer.Argument(metavar="ENTRY", help="The entry's id, as a search prints it, or its file.")]
Tags = Annotated[list[str] | None, typer.Option("--tag", metavar="TAG", help="A tag; may be given several times.")]
Internal = Annotated[
    str | None, typer.Option("--internal", metavar="TEXT", help="Notes for the team, never for the caller.")
]
File = Annotated[Path | None, typer.Option("--file", metavar="FILE", help="Read the text from this file.")]
Ticket = Annotated[str, typer.Option("--ticket", metavar="ID", help="The ticket; nothing else of the customer.")]
Mask = Annotated[
    bool, typer.Option("--mask", help="Mask card numbers, and other personal data unless --allow-personal is given.")
]
AllowPersonal = Annotated[
    bool,
    typer.Option("--allow-personal", help="Save e-mail addresses and the like; the history says so. Never cards."),
]
