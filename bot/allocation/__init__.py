"""From stored costs and the mapping file to charges and rules that `analysis.allocation` divides."""
