"""What commands take: problems, circuits, tables and rows."""
