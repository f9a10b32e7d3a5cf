"""Documents on their way: read from other software, packed into crates, found again."""
