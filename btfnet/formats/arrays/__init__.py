"""`.npy` and `.npz`: arrays of NumPy, as items and as rows."""
