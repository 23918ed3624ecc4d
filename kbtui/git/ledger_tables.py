"""The ledger's tables: commits, the files they changed, and how far the history has been read."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import TypeVar

from kbtui.git.change import Written
from kbtui.git.log import Logged

_VERSION = 1
_TABLES = """
CREATE TABLE read_up_to (tip TEXT, extent TEXT) STRICT;
CREATE TABLE person (number INTEGER PRIMARY KEY, name TEXT, email TEXT, UNIQUE (name, email)) STRICT;
CREATE TABLE file (number INTEGER PRIMARY KEY, path BLOB UNIQUE) STRICT;
CREATE TABLE written (
    number INTEGER PRIMARY KEY, id BLOB UNIQUE, place INTEGER, person INTEGER, at INTEGER, trailers TEXT
) STRICT;
CREATE TABLE touch (file INTEGER, written INTEGER, moved_from INTEGER, PRIMARY KEY (file, written))
    STRICT, WITHOUT ROWID;
"""
_TOUCHING = """
SELECT written.id, moved.path, person.name, person.email, written.at, written.trailers, written.place
FROM file
JOIN touch ON touch.file = file.number
JOIN written ON written.number = touch.written
JOIN person ON person.number = written.person
LEFT JOIN file AS moved ON moved.number = touch.moved_from
WHERE file.path = ? ORDER BY written.place DESC
"""
