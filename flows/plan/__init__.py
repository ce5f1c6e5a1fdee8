"""In which order a flow goes, and what is wrong with it."""
