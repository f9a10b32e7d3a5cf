"""How well predictions and promises hold in a simulated year, beside what can be had without them."""
