"""`.csv` and `.tsv`: tables of text, as items and as rows."""
