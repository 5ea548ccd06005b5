"""Records in, one Report out, rendered as Markdown, HTML or for a terminal; pure."""
