"""The synchronization job: what it does now, the cycles that were seen, who is held, what can be done."""
