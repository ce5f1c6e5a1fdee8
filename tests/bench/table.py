"""Row: one measured figure beside its bar."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Row:
    """What was measured, in `unit`; `samples` are all readings, `at_most` the bar, if any."""

    what: str
    samples: Sequence[float]
    unit: str
    at_most: float | None = None

    @property
    def figure(self) -> float:
        """The median of the readings."""
        return median(self.samples)

    @property
    def is_met(self) -> bool:
        """Whether the median is within the bar; true where there is none."""
        return self.at_most is None or self.figure <= self.at_most


def markdown(rows: Iterable[Row]) -> str:
    """Write the rows as a Markdown table."""
    lines = ["| what | median | lowest to highest | bar | |", "|---|---:|---:|---:|---|"]
    for row in rows:
        spread = f"{min(row.samples):.4g} to {max(row.samples):.4g}"
        bar = "" if row.at_most is None else f"{row.at_most:g} {row.unit}"
        met = "" if row.at_most is None else "met" if row.is_met else "**missed**"
        lines.append(f"| {row.what} | {row.figure:.4g} {row.unit} | {spread} | {bar} | {met} |")
    return "\n".join(lines)
