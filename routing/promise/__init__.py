"""When something asked for at one site can be at another: timetable, earliest arrival, chances, matrix."""
