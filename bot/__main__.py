"""`python -m bot`: the command line."""

import gc

from bot.cli import app

if __name__ == "__main__":
    # What is loaded at the start is not rubbish: to look it over again and again takes a tenth
    # of the start.
    gc.set_threshold(20_000)
    app(prog_name="python -m bot")
