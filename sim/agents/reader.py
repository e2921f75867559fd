"""Readers: which posts reach a consumer, which are read and remembered, and who joins."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from sim import draws
from sim.agents.drafts import ReadDraft, RememberedDraft
from sim.agents.needs import Needy
from sim.rules import attention, membership, sharing, trust
from sim.rules.rewards import sender_cut
from sim.world.columns import INVITATION, MOST_READS, MUTED, NOBODY, SHARE


class Reader(Needy):
    """A consumer in front of the posts of those they trust."""

    def read_feed(self) -> tuple[list[ReadDraft], list[RememberedDraft]]:
        """Return the posts read this week, and those of them remembered.

        Read are the ``attention`` most salient ones by trusted people.

        Reading may wear the tie (rewarded posts), confirm or contradict what one knows, be
        remembered until it is asked for, or bring a newcomer in (invitations).
        """
        candidates = self._posts_in_reach()
        limit = self.model.terms.attention.attention
        if len(candidates) > limit:
            candidates = self._most_salient(candidates, limit)
        told_by: dict[int, set[int]] = {}
        for _, post, _ in candidates:
            told_by.setdefault(self.model.post_view.merchant[post], set()).add(
                self.model.post_view.sharer[post]
            )
        reads, remembered = [], []
        asked = self.asked_while_remembered() if candidates else ()
        for tie, post, trusted_at in candidates:
            read, remembers = self._read(tie, post, trusted_at, told_by, asked)
            reads.append(read)
            if remembers:
                remembered.append(self._remembered(tie, post))
        return reads, remembered

    def _posts_in_reach(self) -> list[tuple[int, int, float]]:
        """Return (tie, post row, tie trust) of last week's posts that reach this reader."""
        model, i = self.model, self.row
        ties, posts, fresh = model.view.ties, model.post_view, model.fresh_posts_of
        member = model.view.consumers.member[i]
        found = []
        for tie, friend in self._friends_who_posted(fresh):
            if friend == i:
                continue
            trusted_at = self._trust_in(tie, friend)
            for post in fresh[friend]:
                if posts.kind[post] == INVITATION:
                    if member:
                        continue
                elif posts.rewarded[post] and ties.marks[tie] & MUTED:
                    # Forgiven once the evidence has faded enough.
                    if trust.is_muted(trusted_at, model.view.consumers.mute_threshold[i]):
                        continue
                    ties.marks[tie] &= ~MUTED
                friction = self._friction(posts.merchant[post])
                if friction > 0.0 and attention.link_is_cut(
                    draws.uniform(
                        model.seed, i, friend, model.week, draws.LINK_CUT, posts.category[post] + 1
                    ),
                    friction,
                ):
                    continue
                found.append((tie, post, trusted_at))
        return found

    def _friction(self, merchant: int) -> float:
        """Return the share of links to this merchant (-1: to the platform) that are cut."""
        model = self.model
        terms = model.market_terms if merchant == NOBODY else model.platform.terms_of(merchant)
        return terms.post_friction

    def _friends_who_posted(self, fresh: dict[int, range]) -> list[tuple[int, int]]:
        """Return (tie, friend) for trusted people with fresh posts: own ties, then followed."""
        view, i = self.model.view, self.row
        found = []
        for k in range(view.out_start[i], view.out_start[i + 1]):
            friend = view.trusted[view.out_tie[k]]
            if friend in fresh:
                found.append((self._own_tie(k), friend))
        for k in range(self.model.max_followed):
            leader = view.ties.followed[i, k]
            if leader != NOBODY and leader in fresh:
                found.append((self._tie_to_leader(k), leader))
        return found

    def _most_salient(
        self, candidates: list[tuple[int, int, float]], limit: int
    ) -> list[tuple[int, int, float]]:
        model, posts = self.model, self.model.post_view
        ranked = []
        for place, (tie, post, trusted_at) in enumerate(candidates):
            u = draws.uniform(
                model.seed,
                self.row,
                posts.sharer[post],
                model.week,
                draws.FEED_PRIORITY,
                posts.category[post] + 1,
            )
            weight = attention.reading_weight(self._layer_of(tie), trusted_at)
            ranked.append((attention.reading_priority(u, weight), place))
        kept = sorted(place for _, place in sorted(ranked)[:limit])
        return [candidates[place] for place in kept]

    def _read(
        self,
        tie: int,
        post: int,
        trusted_at: float,
        told_by: dict[int, set[int]],
        asked: Collection[int],
    ) -> tuple[ReadDraft, bool]:
        """Return one read, and whether the post is remembered until it is ``asked`` for."""
        model, i, view = self.model, self.row, self.model.view
        posts, ties = model.post_view, view.ties
        earlier = ties.reads[tie]
        ties.reads[tie] = min(earlier + 1, MOST_READS)
        useless = remembers = False
        if posts.kind[post] == INVITATION:
            self._consider_joining(post, trusted_at)
        else:
            merchant = posts.merchant[post]
            useful_add, useless_add = self._judge_what_is_known(post)
            cut = sender_cut(model.market_terms)
            sincere = 1.0
            if posts.rewarded[post]:
                useless_add += sharing.annoyance_evidence(model.terms.sharing.annoyance, cut)
                sincere = self._sincerity(tie, solicited=0)
            if useful_add > 0.0 or useless_add > 0.0:
                self._add_evidence(tie, useful_add, useless_add)
            if posts.rewarded[post]:
                muted = trust.is_muted(
                    self._trust_in(tie, posts.sharer[post]), view.consumers.mute_threshold[i]
                )
                ties.marks[tie] = ties.marks[tie] & ~MUTED | MUTED * muted
            if posts.category[post] in asked:
                u = draws.uniform(
                    model.seed,
                    i,
                    posts.sharer[post],
                    model.week,
                    draws.REMEMBER,
                    posts.category[post] + 1,
                )
                fresh = attention.freshness(earlier, model.terms.attention.fatigue)
                remembers = attention.remembers(u, trusted_at, sincere, fresh)
            useless = not self._would_want(merchant)
        read = ReadDraft(
            consumer=i,
            share=posts.first_share + post,
            sharer=posts.sharer[post],
            merchant=posts.merchant[post],
            channel=SHARE,
            layer=self._layer_of(tie),
            earlier_reads=earlier,
            friends_sharing=len(told_by[posts.merchant[post]]),
            useless=useless,
        )
        return read, remembers

    def _consider_joining(self, post: int, trusted_at: float) -> None:
        model, i, consumers = self.model, self.row, self.model.view.consumers
        sharer = model.post_view.sharer[post]
        if consumers.member[i]:
            return
        u = draws.uniform(model.seed, i, sharer, model.week, draws.JOIN)
        if membership.joins(u, model.terms.sharing.join_prob, trusted_at):
            share, root = model.post_view.first_share + post, model.post_view.root_share[post]
            self.join(consumers.side[sharer], share, root)  # to look where the friend looks

    def consider_joining_alone(self) -> None:
        """Join the platform without anybody's word, with probability ``join_rate_per_week``."""
        model, i = self.model, self.row
        rate = model.scenario.population.join_rate_per_week
        if rate > 0.0 and not model.view.consumers.member[i]:
            u = draws.uniform(model.seed, i, NOBODY, model.week, draws.JOIN_ALONE)
            if membership.joins_alone(u, rate):
                self.join(model.view.consumers.side[i], NOBODY, NOBODY)

    def join(self, side: int, share: int, root: int) -> None:
        """Become a member who looks on ``side``.

        Through ``share`` (-1: alone), in the invitation chain of ``root``.
        """
        model, i, consumers = self.model, self.row, self.model.view.consumers
        consumers.member[i] = True
        consumers.side[i] = side
        consumers.joined_week[i] = model.week
        consumers.joined_share[i] = share
        consumers.joined_root[i] = root
        model.count_new_members(np.array([i]))

    def _judge_what_is_known(self, post: int) -> tuple[float, float]:
        """Return (useful, useless) evidence from reading about a product one knows."""
        model, i = self.model, self.row
        posts, memory, terms = model.post_view, model.view.memory, model.terms.trust
        category = posts.category[post]
        if memory.last_merchant[i, category] != posts.merchant[post]:
            return 0.0, 0.0
        useful = trust.statement_useful(
            memory.mean_experience[i, category],
            posts.stated_quality[post],
            model.view.consumers.market_belief[i],
            terms.tolerance,
        )
        return trust.evidence_of(useful, 1, terms)

    def _remembered(self, tie: int, post: int) -> RememberedDraft:
        posts = self.model.post_view
        return RememberedDraft(
            consumer=self.row,
            share=posts.first_share + post,
            nth=tie - self.model.view.ties.row_start[self.row],
            category=posts.category[post],
        )
