"""The request's way as pure rooms: values in, values out. No I/O, clock, chance, environment or async."""
