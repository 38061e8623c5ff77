"""In which order permitted targets are tried, and what must be true of bytes about to leave."""
