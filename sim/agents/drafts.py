"""What agents decide before anything settles: a record for each read, click, order, post."""

from __future__ import annotations

from typing import NamedTuple


class ReadDraft(NamedTuple):
    """A post read by a consumer; fields as in ``ReadColumns``."""

    consumer: int
    share: int
    sharer: int
    merchant: int
    channel: int
    layer: int
    earlier_reads: int
    friends_sharing: int
    useless: bool


class RememberedDraft(NamedTuple):
    """A post that a consumer remembers; fields as in ``RememberedColumns``."""

    consumer: int
    share: int
    nth: int
    category: int


class ClickDraft(NamedTuple):
    """A paid click; fields as in ``ClickColumns``."""

    consumer: int
    merchant: int
    price_fen: int


class OrderDraft(NamedTuple):
    """A purchase before settlement; fields as in ``OrderColumns``."""

    consumer: int
    category: int
    merchant: int
    channel: int
    share: int
    sharer: int
    tie: int
    layer: int
    price_fen: int
    rebate_used_fen: int
    expected_quality: float
    shock_gain: float


class CreditDraft(NamedTuple):
    """What one referred order says about its sharer."""

    order_row: int
    sharer: int
    useful: bool


class PostDraft(NamedTuple):
    """A post to be read from next week on; fields as in ``NewPosts``."""

    sharer: int
    category: int
    merchant: int
    kind: int
    rewarded: bool
    stated_quality: float
    effort_fen: int
    source_order: int
    parent_share: int
