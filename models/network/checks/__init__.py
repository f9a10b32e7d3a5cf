"""The checks of a network, by what they look at."""
