"""Row: one measured figure beside its bar."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Row:
    """What was measured, in `unit`; `samples` are all readings, `at_most` is the bar."""

    what: str
    samples: Sequence[float]
    unit: str
    at_most: float

    @property
    def figure(self) -> float:
        """The median of the readings."""
        return median(self.samples)

    @property
    def is_met(self) -> bool:
        """Whether the median is within the bar."""
        return self.figure <= self.at_most


def markdown(rows: Iterable[Row]) -> str:
    """Write the rows as a Markdown table."""
    lines = ["| what | median | lowest to highest | bar | |", "|---|---:|---:|---:|---|"]
    for row in rows:
        spread = f"{min(row.samples):.4g} to {max(row.samples):.4g}"
        met = "met" if row.is_met else "**missed**"
        bar = f"{row.at_most:g} {row.unit}"
        lines.append(f"| {row.what} | {row.figure:.4g} {row.unit} | {spread} | {bar} | {met} |")
    return "\n".join(lines)
