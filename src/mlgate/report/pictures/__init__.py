"""Pictures of figures, as SVG that stands in the page itself and takes the page's colours."""
