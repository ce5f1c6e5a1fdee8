"""Exit code: what each number the command line ends with means."""

DONE = 0
"""It worked; a run finished."""

PROBLEMS = 1
"""The flow has problems."""

USAGE = 2
"""The command's words, or a file they name, cannot be used."""

FAILED = 3
"""The run failed."""

STOPPED = 130
"""The run was cancelled, as by Ctrl-C (128 + SIGINT)."""
