"""Charts drawn as SVG, for pages and PDF alike: each is a value with its data, and `svg(figura)` draws it."""
