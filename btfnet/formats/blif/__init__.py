"""`.blif`: circuits as covers."""
