"""Scripts for maintaining this project; they are not installed."""
