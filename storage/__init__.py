"""Where it is kept: the tables, the sealed text and the chain that shows nobody has altered it."""
