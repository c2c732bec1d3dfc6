"""Many people at once: one row of many, the lines they come in, and reading ahead of the work on them."""
