"""Columns passed by reference: kernels hand one pointer on, not hundreds of arrays.

Numba passes a named tuple by value, array by array; with all columns of a world in it, every call
would move some seven hundred numbers, and compiling would take minutes. A reference has the same
fields under the same names. Where compiling is switched off, kernels get element views, as the
agents do: NumPy scalars would keep narrow types and overflow.
"""

from __future__ import annotations

from typing import Any

import numba
from numba.core import types
from numba.experimental import structref

from sim.compiled import compiled
from sim.kernels.situation import PostFacts, Situation
from sim.rules.terms import Terms
from sim.world.columns import (
    ConsumerColumns,
    MemoryColumns,
    MerchantColumns,
    PostColumns,
    RememberedColumns,
    ShopWindow,
    TieColumns,
)
from sim.world.views import view_of


@structref.register
class _ConsumersType(types.StructRef):
    pass


@structref.register
class _MemoryType(types.StructRef):
    pass


@structref.register
class _TiesType(types.StructRef):
    pass


@structref.register
class _MerchantsType(types.StructRef):
    pass


@structref.register
class _PostsType(types.StructRef):
    pass


@structref.register
class _FactsType(types.StructRef):
    pass


@structref.register
class _RememberedType(types.StructRef):
    pass


@structref.register
class _ShopType(types.StructRef):
    pass


@structref.register
class _TermsType(types.StructRef):
    pass


@structref.register
class _SituationType(types.StructRef):
    pass


class _Consumers(structref.StructRefProxy):
    pass


class _Memory(structref.StructRefProxy):
    pass


class _Ties(structref.StructRefProxy):
    pass


class _Merchants(structref.StructRefProxy):
    pass


class _Posts(structref.StructRefProxy):
    pass


class _Facts(structref.StructRefProxy):
    pass


class _Remembered(structref.StructRefProxy):
    pass


class _Shop(structref.StructRefProxy):
    pass


class _Terms(structref.StructRefProxy):
    pass


class _Situation(structref.StructRefProxy):
    pass


for _proxy, _type, _columns in (
    (_Consumers, _ConsumersType, ConsumerColumns),
    (_Memory, _MemoryType, MemoryColumns),
    (_Ties, _TiesType, TieColumns),
    (_Merchants, _MerchantsType, MerchantColumns),
    (_Posts, _PostsType, PostColumns),
    (_Facts, _FactsType, PostFacts),
    (_Remembered, _RememberedType, RememberedColumns),
    (_Shop, _ShopType, ShopWindow),
    (_Terms, _TermsType, Terms),
    (_Situation, _SituationType, Situation),
):
    structref.define_proxy(_proxy, _type, _columns._fields)


@compiled
def _refer_consumers(columns: Any) -> Any:
    return _Consumers(*columns)


@compiled
def _refer_memory(columns: Any) -> Any:
    return _Memory(*columns)


@compiled
def _refer_ties(columns: Any) -> Any:
    # Columns of a record of which there is one at most would have a type of their own.
    follower_start, reader, nth, row_start, followed, weight, state = columns
    return _Ties(
        follower_start,
        reader,
        nth,
        row_start,
        followed,
        weight,
        state,
        state.useful_milli,
        state.useless_milli,
        state.touched,
        state.reads,
        state.marks,
    )


@compiled
def _refer_merchants(columns: Any) -> Any:
    return _Merchants(*columns)


@compiled
def _refer_posts(columns: Any) -> Any:
    return _Posts(*columns)


@compiled
def _refer_facts(columns: Any) -> Any:
    return _Facts(*columns)


@compiled
def _refer_remembered(columns: Any) -> Any:
    return _Remembered(*columns)


@compiled
def _refer_shop(columns: Any) -> Any:
    return _Shop(*columns)


@compiled
def _refer_terms(terms: Any) -> Any:
    return _Terms(*terms)


@compiled
def _refer_situation(situation: Any) -> Any:
    return _Situation(*situation)


class References:
    """References to what stays in its place for a whole run; only the rest is made anew weekly."""

    def __init__(
        self,
        consumers: ConsumerColumns,
        memory: MemoryColumns,
        ties: TieColumns,
        merchants: MerchantColumns,
        terms: Terms,
    ):
        if numba.config.DISABLE_JIT:  # type: ignore[attr-defined]
            self.lasting = {
                "consumers": view_of(consumers),
                "memory": view_of(memory),
                "ties": view_of(ties),
                "merchants": view_of(merchants),
                "terms": terms,
            }
        else:
            self.lasting = {
                "consumers": _refer_consumers(tuple(consumers)),
                "memory": _refer_memory(tuple(memory)),
                "ties": _refer_ties(tuple(ties)[: 1 + ties._fields.index("state")]),
                "merchants": _refer_merchants(tuple(merchants)),
                "terms": _refer_terms(tuple(terms)),
            }

    def situation(
        self,
        posts: PostColumns,
        facts: PostFacts,
        remembered: RememberedColumns,
        shop: ShopWindow,
        **values: Any,
    ) -> Any:
        """Return a situation with all its columns behind references, for compiled kernels."""
        if numba.config.DISABLE_JIT:  # type: ignore[attr-defined]
            return view_of(
                Situation(
                    posts=view_of(posts),
                    facts=view_of(facts),
                    remembered=view_of(remembered),
                    shop=view_of(shop),
                    **self.lasting,
                    **values,
                )
            )
        return _refer_situation(
            tuple(
                Situation(
                    posts=_refer_posts(tuple(posts)),
                    facts=_refer_facts(tuple(facts)),
                    remembered=_refer_remembered(tuple(remembered)),
                    shop=_refer_shop(tuple(shop)),
                    **self.lasting,
                    **values,
                )
            )
        )


def for_kernels(columns: Any) -> Any:
    """Return columns of which kernels take element by element, as compiled code or plain Python."""
    return view_of(columns) if numba.config.DISABLE_JIT else columns  # type: ignore[attr-defined]
