"""Dates promised from library to library: the prepared index, answers, what was promised and what came."""
