"""Plans: how they are stored, edited, published, compared, and what is asked of the engine."""
