"""A year of the shuttle that never was: what truly happened, and what phones and paper told of it."""
