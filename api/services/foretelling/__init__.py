"""What is foreseen of running rounds: computed once for each new fact, stored, shown as it was stored."""
