"""One screen or dialog a module, imported when it is first opened."""
