"""`.dat`, `.wth`, `.net`, `.sol`, `.gap`: the formats of the authors' research program."""
