"""Documents that other software says are to travel: how their lists are read. Pure values, no database."""
