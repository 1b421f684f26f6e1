"""Requests and changes: every Graph call of this session, and the journal of what was written."""
