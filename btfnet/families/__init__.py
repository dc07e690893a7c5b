"""Known families of functions, tried by name on items: counts of ones, words in arithmetic, polynomials."""
