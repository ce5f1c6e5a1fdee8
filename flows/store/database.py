"""Database: one engine, its transactions, and its errors as sentences."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy import URL, Connection, Engine, create_engine, inspect, make_url, select
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError

from flows.errors import StoreError
from flows.store import run_facts, sqlite, tables

_VARIABLE: Final = "FANFOLD_DATABASE_URL"

_FACTS_SINCE: Final = 5
"""The first schema in which every run has its facts as they are written now."""


class Database:
    """Reads and writes in transactions; every failure is a StoreError with a remedy."""

    def __init__(self, url: URL) -> None:
        self._url = url
        self._engine = _engine_of(url)

    @property
    def is_file(self) -> bool:
        """Whether the database is a SQLite file."""
        return self._url.get_backend_name() == "sqlite"

    def set_up(self) -> None:
        """Make the tables when the database is empty. Raises StoreError when it is not ours."""
        if self.is_file:
            with self._speaking():
                sqlite.use_wal(self._engine)
        try:
            self._set_up_tables()
        except StoreError:
            if self.is_file:
                raise
            self._set_up_tables()  # a start elsewhere may have made them in the same moment

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Open a transaction that sees one moment of the database."""
        with self._speaking(), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Open a transaction that is kept as a whole when its block ends well, else not at all."""
        with self._speaking(), self._engine.connect() as connection:
            writer = connection.execution_options(**{sqlite.WRITES: True})
            with writer.begin():
                yield writer

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()

    def _set_up_tables(self) -> None:
        with self.writing() as connection:
            self._make_tables(connection)

    def _make_tables(self, connection: Connection) -> None:
        there = set(inspect(connection).get_table_names())
        if tables.schema.name in there:
            self._bring_up(connection)
            return
        ours = there & set(tables.TABLES.tables)
        if ours or (there and self.is_file):
            raise StoreError(
                f"{self._name} belongs to another program. "
                f"Name another one in FANFOLD_HOME or {_VARIABLE}."
            )
        tables.TABLES.create_all(connection)
        connection.execute(tables.schema.insert().values(number=tables.SCHEMA))

    def _bring_up(self, connection: Connection) -> None:
        """Add and fill the tables an older Fanfold did not know; the others are as they were."""
        number = self._check_number(connection)
        if number < tables.SCHEMA:
            tables.TABLES.create_all(connection)
            if number < _FACTS_SINCE:
                run_facts.fill(connection)
            connection.execute(tables.schema.update().values(number=tables.SCHEMA))

    def _check_number(self, connection: Connection) -> int:
        number = connection.execute(select(tables.schema.c.number)).scalar()
        if number is None or number > tables.SCHEMA:
            raise StoreError(
                f"{self._name} was written by a newer Fanfold (tables {number}; this one knows "
                f"{tables.SCHEMA}). Update Fanfold, or name another folder in FANFOLD_HOME."
            )
        return int(number)

    @property
    def _name(self) -> str:
        if self.is_file and self._url.database:
            return f'The database "{sqlite.file_of(self._url.database)}"'
        return f'The database "{self._url.render_as_string(hide_password=True)}"'

    @contextmanager
    def _speaking(self) -> Iterator[None]:
        try:
            yield
        except (SQLAlchemyError, sqlite.Error) as error:
            raise StoreError(self._sentence(error)) from error

    def _sentence(self, error: Exception) -> str:
        cause = error.orig if isinstance(error, DBAPIError) and error.orig else error
        remedy = sqlite.remedy_of(cause) if self.is_file else None
        if remedy:
            return f"{self._name} {remedy}"
        reason = str(cause).strip().partition("\n")[0].rstrip(".")
        where = "" if self.is_file else f" Check {_VARIABLE} and that the server runs."
        return f"{self._name} cannot be used: {reason}.{where}"


def read_url(text: str) -> URL:
    """Read a database URL. Raises StoreError; its text never repeats the URL, which has a key."""
    try:
        url = make_url(text)
    except (ArgumentError, ValueError) as error:
        raise StoreError(
            f"{_VARIABLE} is not a database URL. Write it as postgresql://user:password@host/name, "
            "or leave it out for a file in FANFOLD_HOME."
        ) from error
    if url.get_backend_name() == "sqlite" and sqlite.is_memory(url.database):
        raise StoreError(
            f"{_VARIABLE} names a database in memory, which would forget everything. "
            "Name a file, or leave it out for one in FANFOLD_HOME."
        )
    return url


def _engine_of(url: URL) -> Engine:
    try:
        engine = create_engine(url, pool_pre_ping=url.get_backend_name() != "sqlite")
    except ModuleNotFoundError as error:
        raise StoreError(
            f'{_VARIABLE} needs the package "{error.name}", which is not installed. '
            "Install it next to Fanfold, or leave the variable out."
        ) from error
    except (NoSuchModuleError, ArgumentError, TypeError) as error:
        raise StoreError(
            f'{_VARIABLE} names the database kind "{url.drivername}", which is not known. '
            "Write postgresql://… or sqlite:///…, or leave the variable out."
        ) from error
    if engine.dialect.is_async:
        raise StoreError(
            f'{_VARIABLE} names the driver "{url.drivername}", which cannot be used here. '
            "Write postgresql:// in its place."
        )
    if url.get_backend_name() == "sqlite":
        sqlite.prepare(engine)
    return engine
