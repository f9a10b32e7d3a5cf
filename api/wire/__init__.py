"""What crosses the network: pydantic models, one file per part, with examples. Never a table."""
