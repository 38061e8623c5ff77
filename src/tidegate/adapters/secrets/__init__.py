"""Where secrets live: the gateway's own key files, and the user's references to theirs."""
