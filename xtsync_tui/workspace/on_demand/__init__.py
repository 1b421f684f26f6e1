"""Provision on demand: a queue of people, what the service did with each, and why not."""
