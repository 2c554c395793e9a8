"""A package, so that a library which brings a `tests` of its own does not stand before it."""
