"""What every request goes through before it reaches its endpoint."""
