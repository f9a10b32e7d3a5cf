"""Plausible values for what nobody has told us yet, by stated rules, each marked as assumed."""
