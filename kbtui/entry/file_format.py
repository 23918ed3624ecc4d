"""The file format of an entry: the one door between bytes and `Entry`.

`read` never fails: a file that does not parse becomes an entry that shows its text and
names its problems. `change` and `new` never guess: what they write is read back, and
must say what was asked for, before anybody sees it. docs/format.md describes the format.
"""

from __future__ import annotations

from kbtui.entry._reading import MAX_ENTRY_BYTES, read
from kbtui.entry._writing import change, new

__all__ = ["MAX_ENTRY_BYTES", "change", "new", "read"]
