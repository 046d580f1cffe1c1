"""Which family comes after which, and its counterparts of other makers: what AWS names as such, no more."""

from __future__ import annotations

#: Families that AWS no longer counts among its current ones, and what took their place (AWS: "Previous generation
#: instances").
SUCCESSORS = {
    "t1": "t3", "t2": "t3", "m1": "m5", "m2": "r5", "m3": "m5", "m4": "m5", "c1": "c5", "c3": "c5", "c4": "c5",
    "r3": "r5", "r4": "r5",
}  # fmt: skip
#: Families of Intel and AMD, and the Graviton family whose core is no slower (AWS: "Graviton getting started").
GRAVITON = {
    "t2": "t4g", "t3": "t4g", "t3a": "t4g",
    **{kind + old: kind + new for kind in "cmr" for old, new in (
        ("4", "6g"), ("5", "6g"), ("5a", "6g"), ("6i", "7g"), ("6a", "7g"), ("7i", "8g"), ("7a", "8g"), ("8i", "8g"),
    )},
}  # fmt: skip
#: Families of Intel and their AMD twins of the same generation.
AMD = {
    "t3": "t3a",
    **{kind + old: kind + new for kind in "cmr" for old, new in (("5", "5a"), ("6i", "6a"), ("7i", "7a"))},
}
#: Families of fixed performance that hold what a burstable type holds, of the same architecture.
FIXED = {"t2": ("c5", "m5", "r5"), "t3": ("c5", "m5", "r5"), "t3a": ("c5a", "m5a", "r5a"), "t4g": ("c6g", "m6g", "r6g")}

#: Families of fixed performance, and the burstable one of the same maker and no slower a core.
BURSTABLE = {fixed: burstable for burstable, family in FIXED.items() if burstable != "t2" for fixed in family}


def counterparts(families: set[str]) -> set[str]:
    """Families that may take the place of some of these."""
    tables = (SUCCESSORS, GRAVITON, AMD, BURSTABLE)
    found = {table[family] for table in tables for family in families if family in table}
    return found | {fixed for family in families for fixed in FIXED.get(family, ())}
