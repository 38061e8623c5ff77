"""Ways out: one file a wire API, all of them over the HTTP/1.1 client in `http1`."""
