"""Which prices a scan needs of AWS's price list: of the regions, engines and kinds that the inventories show in use."""

from __future__ import annotations

from collections.abc import Iterable

from pandas import DataFrame

from analysis.prices.price_list import Question, cache_question, ec2_question, item_questions, rds_question
from analysis.prices.units import LIST_REGION
from bot.aws.places import NotLookedAt, Round
from bot.collectors import price_list
from bot.context import Context
from bot.savings.price_cache import price_list_table

SOURCE = "pricing"
#: ElastiCache engines that are always asked with any other: what a cache may move to, and what others are told by.
_OTHER_ENGINES = ("redis", "valkey")


def price_list_of(context: Context, round_: Round, inventories: Iterable[DataFrame]) -> DataFrame:
    """The table `price_list` for what is in use; where AWS gives no answer, that is noted once and prices fall back."""
    found = price_list_table(
        context.settings.data_dir,
        questions_for(inventories),
        context.clock.today(),
        lambda question: price_list.fetch(context.aws, question),
    )
    sentence = ""
    if found.problem is not None:
        sentence = f"{found.problem} Prices are those of your own bill and of the lists that costbot ships."
        round_.failures.append(NotLookedAt(SOURCE, None, "AWS's price list", None, sentence))
    context.store.note_source(SOURCE, None, None, found.problem is None, sentence, context.clock.now())
    return found.table


def questions_for(inventories: Iterable[DataFrame]) -> list[Question]:
    """The questions about what these tables hold, each once; what is of no region is priced as in us-east-1."""
    found: dict[str, Question] = {}
    for table in inventories:
        for region, rows in table.groupby(table["region"].replace("", LIST_REGION)):
            asked = [*item_questions(str(region)), *_of_kinds(str(region), rows)]
            found |= {question.id: question for question in asked}
    return list(found.values())


def _of_kinds(region: str, rows: DataFrame) -> list[Question]:
    columns = set(rows.columns)
    asked: list[Question | None] = []
    if "instance_type" in columns:
        asked.append(ec2_question(region))
    if {"instance_class", "engine"} <= columns:
        multi = rows["multi_az"].eq(True) if "multi_az" in columns else rows["engine"].eq("")
        asked += [rds_question(region, engine, multi=False) for engine in sorted(set(rows["engine"]))]
        asked += [rds_question(region, engine, multi=True) for engine in sorted(set(rows.loc[multi, "engine"]))]
    if {"node_type", "engine"} <= columns:
        asked += [cache_question(region, engine) for engine in sorted({*rows["engine"], *_OTHER_ENGINES})]
    return [question for question in asked if question is not None]
