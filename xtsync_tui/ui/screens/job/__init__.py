"""The Job screen: what the job does, who is held, and what can be done about it."""
