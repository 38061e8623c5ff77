"""Wire forms to envelopes and back, one file a dialect. What a dialect does not model travels on in the document."""
