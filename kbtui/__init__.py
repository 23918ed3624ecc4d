"""kbtui: the knowledge base a call centre writes while it takes its calls.

Three doors (`cli`, `tui`, `hooks`) lead to one library, whose facade is
`kbtui.knowledge.Knowledge`. Importing this package loads nothing else.
"""

__version__ = "0.1.0"
