"""The line mode's help: commands under headings, since sixty in one list help nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from typer.core import TyperGroup

from kbtui import actions

if TYPE_CHECKING:
    from typer._click import Context, HelpFormatter


class Sections(TyperGroup):
    """The commands of `kbtui`, in the sections of `kbtui.actions`."""

    def format_commands(self, ctx: Context, formatter: HelpFormatter) -> None:
        """Write the commands that are there, section by section, each with its whole sentence."""
        for title, section in actions.SECTIONS.items():
            named = [(self.get_command(ctx, action.command), action) for action in section if action.command]
            rows = [(action.command, action.help) for command, action in named if command and not command.hidden]
            if rows:
                with formatter.section(title):
                    formatter.write_dl(rows)
