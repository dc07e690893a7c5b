"""What commands say: results as JSON and as text, progress, and numbers as people read them."""
