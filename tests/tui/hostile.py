"""Words that want to be commands: for the terminal, for Textual, for Markdown."""

from __future__ import annotations

OSC_52 = "\x1b]52;c;aGFja2Vk\x07"
OSC_8 = "\x1b]8;;https://evil.example/\x1b\\here\x1b]8;;\x1b\\"
CSI = "\x1b[31;5m\x1b[2J\x1b[1;1H\x1b[?1049l"
DCS = "\x1bP+q544e\x1b\\"
TITLE = "\x1b]0;owned\x07"
C1 = "\x9b31m\x9d52;c;aGFja2Vk\x9c\x90q\x9c\x85"
CONTROLS = "\x00\x07\x08\x0b\x0c\x0e\x7f"
BIDI = "\u202egnp.exe\u202c \u2066a\u2069 \u200f"
COMMANDS = OSC_52 + OSC_8 + CSI + DCS + TITLE + C1 + CONTROLS + BIDI

MARKUP = (
    "[/]",
    "[bold]loud[/bold]",
    "[@click=app.quit]x[/]",
    "[red",
    "{0} $primary %s \\[a]",
    "[link=file:///etc]y[/link]",
)
"""What must be read as it stands."""


def said(words: str) -> str:
    """Return words that begin and end plainly, with every command and every markup between."""
    return f"{words} {COMMANDS} {' '.join(MARKUP)} end of {words}"


HOSTILE = "refunds/[bold]x[@click=app.quit]-hostil22.md"


def _quoted(text: str) -> str:
    """Return a text in a YAML header's single quotes, commands raw."""
    return "'" + text.replace("'", "''").replace("\n", " ") + "'"


ENTRY = f"""---
id: hostil22
state: not-validated
pinned: true
tags: [{_quoted(said("tag"))}, refunds]
asked_as:
  - {_quoted(said("phrase"))}
owner: {_quoted(said("owner"))}
replaced_by: {_quoted(said("successor"))}
authority:
  action: {_quoted(said("action"))}
  currency: {_quoted(said("currency"))}
  limits:
    - role: {_quoted(said("role"))}
      up_to: 50
      people: [{_quoted(said("Sam"))}]
  above: {_quoted(said("above"))}
  conditions: [{_quoted(said("condition"))}]
  boundary: {_quoted(said("boundary"))}
---
# hostile question {COMMANDS} \\[/] \\[bold]loud\\[/bold] \\[@click=app.quit]x\\[/] end of question

{said("answer")}

- [x] done
- [ ] not done [click](javascript:alert(1)) [b](https://ok.example "t")

| a | b |
|---|---|
| {said("cell")} | [/] |

```
{said("code")}
```

## Internal

{said("internal")}

## See also

- [{said("link")}](how-long-does-a-refund-take-refund22.md)
"""

BROKEN = f"---\nid: brokenxx\nstate: {said('state')}\n\n{said('unreadable')}\n"
"""A file that does not parse: its header is never closed."""

WORDS_OF_THE_WORLD = (
    "日本語の質問です、返金はいつですか",
    "환불은 얼마나 걸리나요",
    "как долго идёт возврат",
    "چقدر طول می‌کشد",
    "👩‍👩‍👧‍👦 family 🇪🇺 flag 👍🏽 thumb ❤️ heart",
    "e\u0301e\u0301 o\u0308\u0323 Z̷a̴l̸g̵o",
    "ﷺ ｆｕｌｌ ﬁ Ⅷ ²",
)
