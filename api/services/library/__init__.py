"""A partner library at its own page: what it reads there, what it does there. No account, one link."""
