"""How fast the parts are on this machine: `make bench`. A report, not a test; docs/speed.md."""
