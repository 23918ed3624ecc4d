"""What the facade's verbs do, a room for each kind of thing; `kbtui.knowledge` joins them."""
