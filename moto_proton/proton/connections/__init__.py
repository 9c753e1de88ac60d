"""Environment account connections: an environment's account, and the one that manages it."""
