"""The attribute mappings and scoping filters of a configuration: read, tried on people, edited and saved."""
