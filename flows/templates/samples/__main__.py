"""Samples: all of them recorded anew: `python -m flows.templates.samples`."""

from __future__ import annotations

import sys

from flows.templates import list_templates
from flows.templates.samples import sample_file
from flows.templates.samples.record import record_sample


def main() -> None:
    """Write the sample of every template beside its answers."""
    for template in list_templates():
        file = sample_file(template.name)
        file.write_bytes(record_sample(template.name))
        sys.stdout.write(f"{file.name}: {file.stat().st_size:,} bytes\n")


if __name__ == "__main__":
    main()
