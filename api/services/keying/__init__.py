"""Keying in a sheet of paper after the round: reading it, comparing it with what others told, storing it."""
