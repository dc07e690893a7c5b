"""`.pla`: truth tables with don't cares, as espresso has them; read only."""
