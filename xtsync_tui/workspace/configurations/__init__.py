"""Configurations: what they are, how they do, and what can be done with them."""
