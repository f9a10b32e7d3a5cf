"""What if: the week planned on a network that is not so, and what would be different."""
