"""What each command takes: arguments, options, help. Nothing here does anything, or loads more than Click."""
