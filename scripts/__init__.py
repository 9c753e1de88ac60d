"""Scripts of this project's own upkeep; nothing here is installed."""
