"""The screen. The only place that imports Textual; everything it knows comes from the facade."""
