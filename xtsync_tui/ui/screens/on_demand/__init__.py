"""Provision on demand: the queue, what the service did with each person, and the dialogs."""
