"""What commands write, and never onto what they read."""
