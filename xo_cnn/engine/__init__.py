"""What makes the arithmetic fast: the same sums as the definitions, bit for bit."""
