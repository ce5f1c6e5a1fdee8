"""Where flows and the records of their runs are kept."""
