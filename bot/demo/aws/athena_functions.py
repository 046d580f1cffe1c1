"""Functions of Trino that the stand-in's Athena knows; what DuckDB has beside them is refused, as Athena would."""

from __future__ import annotations

_AGGREGATES = """
    any_value approx_distinct approx_percentile arbitrary array_agg avg bool_and bool_or corr count count_if covar_pop
    covar_samp every listagg max max_by min min_by stddev stddev_pop stddev_samp sum var_pop var_samp variance
"""
_WINDOW = """
    cume_dist dense_rank first_value lag last_value lead nth_value ntile percent_rank rank row_number
"""
_SCALAR = """
    abs ceil ceiling coalesce exp floor greatest if least ln log10 log2 mod nullif pi pow power round sign sqrt
    truncate try
"""
_TEXT = """
    chr concat concat_ws length lower lpad ltrim position regexp_extract regexp_like regexp_replace replace
    reverse rpad rtrim split split_part starts_with strpos substr substring translate trim upper
"""
_TIME = """
    date date_add date_diff date_format date_parse date_trunc day day_of_month day_of_week day_of_year doy extract
    from_iso8601_date from_iso8601_timestamp from_unixtime hour last_day_of_month minute month now quarter second
    to_unixtime week year
"""
_NESTED = """
    array_distinct array_join array_max array_min array_sort cardinality contains element_at filter json_extract
    json_extract_scalar json_format json_parse map map_concat map_entries map_from_entries map_keys map_values
    sequence transform unnest
"""
FUNCTIONS = frozenset(" ".join((_AGGREGATES, _WINDOW, _SCALAR, _TEXT, _TIME, _NESTED)).split())

_SYNTAX = """
    all and any array as between by case cast char cross cube decimal distinct else except exists filter from group
    grouping having in intersect interval is join lateral like limit not numeric on or order over partition rollup row
    rows select sets some then time timestamp try_cast union using values varchar when where with within
"""
#: Words that stand before a parenthesis without being functions.
NO_FUNCTIONS = frozenset(_SYNTAX.split())
