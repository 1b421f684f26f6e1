"""The Logs screen: rows of three logs, and the timeline of one person in all of them."""
