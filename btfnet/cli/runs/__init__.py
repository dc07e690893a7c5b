"""What `--out` leaves behind: the run's folder, what it was asked, and how it goes on."""
