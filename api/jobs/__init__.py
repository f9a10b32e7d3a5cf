"""Work that outlives a request: durable workflows, carried out by this process or by others."""
