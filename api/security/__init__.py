"""Who somebody is: keys, tokens, passwords, throttling. Only `identify` and `cookies` know HTTP."""
