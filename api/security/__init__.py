"""Who somebody is: keys, tokens, passwords, second factors, throttling. HTTP stays in `identify`, `cookies`."""
