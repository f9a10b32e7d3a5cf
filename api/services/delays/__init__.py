"""How long documents take between libraries, and which villages wait longest."""
