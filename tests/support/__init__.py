"""What tests share: naive twins, samples, and strangers."""
