"""Tables: what stands in the database. Whoever changes them raises SCHEMA.

Times are seconds since the epoch. Documents and records are kept as the JSON text of their files.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
)

SCHEMA = 6
"""The number of the tables this Fanfold writes."""

TABLES = MetaData()

schema = Table("fanfold_schema", TABLES, Column("number", Integer, nullable=False))

flows = Table(
    "flows",
    TABLES,
    Column("id", String(64), primary_key=True),
    Column("rev", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("document", Text, nullable=False),
    Column("step", Integer, nullable=False),
    Column("selection", Text, nullable=False),
    Column("inputs", Text, nullable=False),
    Column("updated_at", Double, nullable=False),
    Index("flows_by_time", "updated_at"),
)
"""`step` is where the document stands in its history; `inputs` is what was last typed to run it."""

steps = Table(
    "flow_steps",
    TABLES,
    Column("flow_id", ForeignKey(flows.c.id, ondelete="CASCADE"), primary_key=True),
    Column("step", Integer, primary_key=True),
    Column("document", Text, nullable=False),
)
"""The flow's other states: below its own step the past, above it what was undone."""

points = Table(
    "flow_points",
    TABLES,
    Column("flow_id", ForeignKey(flows.c.id, ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False),
    Column("at", Double, nullable=False),
    Column("by_hand", Boolean, nullable=False),
    Column("document", Text, nullable=False),
)
"""States of the flow that were kept to go back to. New with the second schema."""

trashed = Table(
    "flow_trash",
    TABLES,
    Column("flow_id", ForeignKey(flows.c.id, ondelete="CASCADE"), primary_key=True),
    Column("at", Double, nullable=False),
)
"""The flows that were deleted, and when; they can be brought back. New with the third schema."""

tags = Table(
    "flow_tags",
    TABLES,
    Column("flow_id", ForeignKey(flows.c.id, ondelete="CASCADE"), primary_key=True),
    Column("tag", String(64), primary_key=True),
)
"""Words to find a flow by; they do not travel in its file. New with the third schema."""

acks = Table(
    "flow_acks",
    TABLES,
    Column("flow_id", ForeignKey(flows.c.id, ondelete="CASCADE"), primary_key=True),
    Column("client", String(128), primary_key=True),
    Column("seq", BigInteger, nullable=False),
    Column("seen_at", Double, nullable=False),
)
"""The last edit taken from each browser tab."""

runs = Table(
    "runs",
    TABLES,
    Column("id", String(64), primary_key=True),
    Column("flow_id", String(64), nullable=True),
    Column("name", Text, nullable=False),
    Column("status", String(16), nullable=False),
    Column("started_at", Double, nullable=False),
    Column("ended_at", Double, nullable=True),
    Column("process", String(64), nullable=False),
    Index("runs_by_time", "started_at"),
    Index("runs_of_flow", "flow_id", "started_at"),
    Index("runs_by_status", "status"),
)
"""No foreign key to flows: a run carries its own flow and outlives the one in the library."""

records = Table(
    "records",
    TABLES,
    Column("run_id", ForeignKey(runs.c.id, ondelete="CASCADE"), primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("at", Double, nullable=False),
    Column("line", Text, nullable=False),
)

facts = Table(
    "run_facts",
    TABLES,
    Column("run_id", ForeignKey(runs.c.id, ondelete="CASCADE"), primary_key=True),
    Column("input", Text, nullable=False),
    Column("model", Text, nullable=False),
    Column("settings", Text, nullable=False),
    Column("said", Text, nullable=False),
)
"""What tells runs apart, and what they are found by. New with the fourth schema; `said` is without
accents since the fifth.

A run has none while an older Fanfold writes to the same database.
"""

kept = Table(
    "run_kept",
    TABLES,
    Column("run_id", ForeignKey(runs.c.id, ondelete="CASCADE"), primary_key=True),
    Column("at", Double, nullable=False),
)
"""The runs that no clearing takes away. New with the fourth schema."""

files = Table(
    "run_files",
    TABLES,
    Column("run_id", ForeignKey(runs.c.id, ondelete="CASCADE"), primary_key=True),
    Column("name", Text, nullable=False),
)
"""The runs that came from a file or a pasted text, and from which. New with the sixth schema: of
those that came before it nothing is known.
"""

trashed_runs = Table(
    "run_trash",
    TABLES,
    Column("run_id", ForeignKey(runs.c.id, ondelete="CASCADE"), primary_key=True),
    Column("batch", String(32), nullable=False),
    Column("at", Double, nullable=False),
)
"""The runs that were deleted, and when; those of one press have one batch, to come back together.

New with the fourth schema.
"""
