"""The rest of a running round, ordered anew: what is done stays done."""
