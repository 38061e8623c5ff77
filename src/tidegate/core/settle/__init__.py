"""What is written down of an exchange, and how."""
