"""Where issues live: GitHub, or a directory of Markdown files. Observing gives the memory, applying carries changes out."""
