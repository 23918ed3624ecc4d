"""The say-this answer as plain text, to be pasted into a chat or a letter: no Markdown, nothing internal (F22)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from markdown_it.token import Token

from kbtui.entry.markdown import tokens

_INDENT = "  "
_ADDRESSES = ("https://", "http://", "mailto:")
"""What a customer can follow; a link to another entry is for the team only."""


def say_this(answer: str) -> str:
    """Return a Markdown text as it is said and pasted: paragraphs apart, lists as lines, links with their addresses."""
    return "\n".join(_lines(tokens(answer))).strip("\n")


def _lines(parsed: Sequence[Token]) -> Iterator[str]:
    lists: list[int | None] = []
    opening = ""
    for place, token in enumerate(parsed):
        if token.type in ("bullet_list_open", "ordered_list_open"):
            lists.append(int(token.attrGet("start") or 1) if token.type == "ordered_list_open" else None)
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            lists.pop()
            if not lists:
                yield ""
        elif token.type == "list_item_open":
            opening = _INDENT * (len(lists) - 1) + _sign(lists)
        elif token.type == "inline":
            inside = _INDENT * len(lists)
            for number, line in enumerate(_words(token.children or []).split("\n")):
                yield (opening if number == 0 and opening else inside) + line
                opening = "" if number == 0 else opening
            if _ends_part(parsed, place, is_in_list=bool(lists)):
                yield ""
        elif token.type in ("fence", "code_block"):
            yield from token.content.rstrip("\n").split("\n")
            yield ""


def _sign(lists: list[int | None]) -> str:
    number = lists[-1]
    if number is None:
        return "- "
    lists[-1] = number + 1
    return f"{number}. "


def _ends_part(parsed: Sequence[Token], place: int, *, is_in_list: bool) -> bool:
    """Whether an empty line follows: behind paragraphs and headings, not behind cells and the items of a list."""
    following = parsed[place + 1].type if place + 1 < len(parsed) else ""
    return following in ("paragraph_close", "heading_close") and not is_in_list


def _words(children: Sequence[Token]) -> str:
    words = []
    targets: list[str] = []
    for token in children:
        if token.type in ("text", "code_inline"):
            words.append(token.content)
        elif token.type in ("softbreak", "hardbreak"):
            words.append("\n" if token.type == "hardbreak" else " ")
        elif token.type == "image":
            words.append(token.content)
        elif token.type == "link_open":
            targets.append(str(token.attrGet("href") or ""))
        elif token.type == "link_close":
            target = targets.pop()
            if target.startswith(_ADDRESSES) and target.removeprefix("mailto:") not in words:
                words.append(f" ({target.removeprefix('mailto:')})")
    return "".join(words)
