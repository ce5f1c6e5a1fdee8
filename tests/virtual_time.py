"""Virtual time, as the samples are recorded in it."""

from flows.templates.samples.virtual_time import HangError, run_in_virtual_time

__all__ = ["HangError", "run_in_virtual_time"]
