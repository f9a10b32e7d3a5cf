"""Koha: its transfers and libraries over its REST API, or as a saved report where it is too old for that."""
