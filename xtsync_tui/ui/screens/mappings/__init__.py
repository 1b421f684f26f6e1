"""Mode 5: attribute mappings and scoping filters, edited in a draft and saved at once."""
