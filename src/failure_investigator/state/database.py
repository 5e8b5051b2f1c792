"""The SQLite side of the state file: its tables, what makes a file acceptable, putting two together, keeping it small.

A file comes out of a cache that others may write, so it is believed only when its tables are ours to the letter and SQLite
finds nothing wrong in it, value types included. https://www.sqlite.org/security.html
"""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

APPLICATION = 0x46496E76
"""`PRAGMA application_id`: "FInv"."""
VERSION = 1
LARGEST = 1 << 30
"""Bytes of a file that is looked at."""

TABLES = {
    "answers": ("key", ("tag", "body")),
    "jobs": ("repository, run", ("body",)),
    "judged": ("repository, run, job", ("library", "fingerprint")),
    "issues": ("repository, number", ("fingerprint", "state")),
    "reach": ("repository", ("postponed",)),
}
"""Key columns and the others of each table. Every row also has `at`, the second in which it was last known to be true."""

_TYPES = {"body": "blob", "job": "integer", "number": "integer", "postponed": "integer", "at": "integer"}


class NotOursError(Exception):
    """Why a file is not taken."""


def connect(path: Path) -> sqlite3.Connection:
    """A connection that several threads may use in turn. The file is a working copy: nobody recovers it after a crash."""
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    try:
        for setting in ("trusted_schema = OFF", "journal_mode = MEMORY", "synchronous = OFF"):
            connection.execute(f"PRAGMA {setting}")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def create(connection: sqlite3.Connection) -> None:
    """Makes the tables in an empty database."""
    connection.execute(f"PRAGMA application_id = {APPLICATION}")
    connection.execute(f"PRAGMA user_version = {VERSION}")
    for statement in _statements():
        connection.execute(statement)


def check(connection: sqlite3.Connection) -> None:
    """Raises `NotOursError` when this is no state file of this version; `sqlite3.Error` when it is no database at all."""
    if _pragma(connection, "application_id") != APPLICATION:
        raise NotOursError("it is no state file of this program")
    version = _pragma(connection, "user_version")
    if version != VERSION:
        raise NotOursError(f"it has format {version}, and this version of the program reads {VERSION}")
    found = {row[0] for row in connection.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")}
    if found != set(_statements()):
        raise NotOursError("its tables are not this program's")
    if _pragma(connection, "quick_check") != "ok":
        raise NotOursError("it is damaged")


def merge(connection: sqlite3.Connection, other: Path) -> None:
    """Takes every row of another (checked) database that is newer than ours.

    Of two rows of the same second the greater one stays, so that the order of merging makes no difference.
    """
    connection.execute("ATTACH DATABASE ? AS other", (str(other),))
    try:
        connection.execute("BEGIN")
        for table, (key, values) in TABLES.items():
            mine, theirs = (", ".join(f"{of}.{name}" for name in ("at", *values)) for of in (table, "excluded"))
            changes = ", ".join(f"{name} = excluded.{name}" for name in ("at", *values))
            connection.execute(
                # WHERE TRUE: without it the parser takes ON for a join's.
                f"INSERT INTO main.{table} SELECT * FROM other.{table} WHERE TRUE "  # noqa: S608 - names of ours
                f"ON CONFLICT ({key}) DO UPDATE SET {changes} WHERE ({theirs}) > ({mine})"
            )
        connection.execute("COMMIT")
    except sqlite3.Error:
        connection.execute("ROLLBACK")
        raise
    finally:
        connection.execute("DETACH DATABASE other")


def put(connection: sqlite3.Connection, table: str, rows: list[tuple[object, ...]]) -> None:
    """Writes rows (all columns in order) in one transaction, over those with the same keys."""
    marks = ", ".join("?" for _ in _columns(table))
    connection.execute("BEGIN")
    try:
        connection.executemany(f"INSERT OR REPLACE INTO {table} VALUES ({marks})", rows)  # noqa: S608 - names of ours
        connection.execute("COMMIT")
    except sqlite3.Error:
        connection.execute("ROLLBACK")
        raise


def prune(connection: sqlite3.Connection, before: int, budget: int) -> None:
    """Drops what was not used since `before`, and of the bodies those used longest ago until `budget` bytes are left."""
    for table in TABLES:
        connection.execute(f"DELETE FROM {table} WHERE at < ?", (before,))  # noqa: S608 - names of ours
    bodies = "SELECT '{0}' AS kind, rowid AS row, at, length(body) AS size FROM {0}"
    every = " UNION ALL ".join(bodies.format(table) for table in ("answers", "jobs"))
    newest_first = f"SELECT kind, row, sum(size) OVER (ORDER BY at DESC, kind, row) AS total FROM ({every})"  # noqa: S608
    for table in ("answers", "jobs"):
        connection.execute(
            f"DELETE FROM {table} WHERE rowid IN "  # noqa: S608 - names of ours
            f"(SELECT row FROM ({newest_first}) WHERE kind = '{table}' AND total > ?)",
            (budget,),
        )


def _columns(table: str) -> tuple[str, ...]:
    key, values = TABLES[table]
    return (*key.split(", "), *values, "at")


def _statements() -> tuple[str, ...]:
    made = []
    for table, (key, _) in TABLES.items():
        columns = ", ".join(f"{name} CHECK (typeof({name}) = '{_TYPES.get(name, 'text')}')" for name in _columns(table))
        made.append(f"CREATE TABLE {table} ({columns}, PRIMARY KEY ({key}))")
    return tuple(made)


def _pragma(connection: sqlite3.Connection, name: str) -> object:
    return connection.execute(f"PRAGMA {name}").fetchone()[0]
