"""What happens on the road: facts, crates, progress, incidents, messages, reports."""
