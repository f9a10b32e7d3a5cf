"""What every request passes through: its id and log line, limits, security headers."""
