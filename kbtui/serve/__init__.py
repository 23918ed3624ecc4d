"""The screen in a browser (F55): a small web server that starts one kbtui for each page, through textual-serve."""
