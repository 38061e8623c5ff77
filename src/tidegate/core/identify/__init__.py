"""Who asks. On loopback, until keys exist, everybody is the local actor."""
