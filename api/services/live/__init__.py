"""Live updates: one look at the table of changes a second, whoever many are listening."""
