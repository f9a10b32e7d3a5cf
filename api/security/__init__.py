"""Who somebody is: keys, tokens, passwords, second factors, throttling. Only `identify` and `cookies` know HTTP."""
