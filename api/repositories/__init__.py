"""All SQL. `find_` may be None, `get_` raises `NotFound`, `list_` all or a page; nothing here commits."""
