"""One file a step. A step that was released is never changed again: stores out there have taken it."""
