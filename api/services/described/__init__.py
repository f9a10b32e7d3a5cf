"""The network as its coordinator describes it, changed piece by piece: sites, vehicles, drivers, closures."""
