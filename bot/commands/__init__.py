"""What the commands do, once typed; bot/cli.py says how they are typed."""
