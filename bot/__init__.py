"""The running bot: everything is built and joined in wiring.py, and nobody imports this room."""
