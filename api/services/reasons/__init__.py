"""Why a plan is as it is, and what another would cost: each answer computed at the desk."""
