"""What commands say: results as JSON and as text, and progress."""
