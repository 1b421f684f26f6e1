"""The configurations, one of them whole, and what is done to them."""
