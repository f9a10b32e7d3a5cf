"""Who somebody is: keys, tokens, passwords, second factors, throttling. Only two files here know HTTP."""
