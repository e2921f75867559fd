"""Work on threads: done once for every number, given in order, and failures come out."""

import os
import threading
import time

import pytest

from sim.kernels.threads import begun_at_once

AT_A_TIME = 2.0
"""Seconds after which a test gives up waiting for another thread."""


@pytest.mark.parametrize("threads", [1, 2, 5])
@pytest.mark.parametrize("n", [0, 1, 3, 200])
def test_work_is_done_once_for_every_number_and_given_in_order(threads, n):
    done = []

    def task(number):
        done.append(number)
        return number * number

    assert list(begun_at_once(threads, task, range(n))) == [k * k for k in range(n)]
    assert sorted(done) == list(range(n))


@pytest.mark.parametrize("threads", [1, 3])
def test_a_failure_comes_out_in_its_turn_and_ends_the_work(threads):
    done = []

    def task(number):
        if number == 2:
            raise IndexError("the third one")
        time.sleep(0.0001)
        done.append(number)
        return number

    results = begun_at_once(threads, task, range(10_000))
    assert [next(results), next(results)] == [0, 1]
    with pytest.raises(IndexError, match="the third one"):
        next(results)
    assert len(done) < 9_999
    assert list(begun_at_once(threads, task, range(2))) == [0, 1]  # the threads last


@pytest.mark.parametrize("threads", [1, 3])
def test_an_interruption_comes_out_at_once(threads):
    here, done = threading.get_ident(), []

    def task(number):
        if number > 0 and threading.get_ident() == here:
            raise KeyboardInterrupt
        time.sleep(0.0001)
        done.append(number)

    with pytest.raises(KeyboardInterrupt):
        list(begun_at_once(threads, task, range(10_000)))
    assert len(done) < 9_999


def test_as_many_threads_work_as_are_asked_for_this_one_among_them():
    all_work, who = threading.Barrier(3), set()

    def task(_):
        all_work.wait(AT_A_TIME)
        who.add(threading.get_ident())

    list(begun_at_once(3, task, range(3)))
    assert len(who) == 3
    assert threading.get_ident() in who


def test_who_waits_for_one_thing_does_another():
    """What the other thread does ends only when this one has done what was begun later."""
    here, may_end = threading.get_ident(), threading.Event()

    def wait(_):
        return threading.get_ident() == here or may_end.wait(AT_A_TIME)

    first = begun_at_once(2, wait, range(2))
    second = begun_at_once(2, lambda number: number == 5 and may_end.set(), range(6))
    assert list(first) == [True, True]
    assert len(list(second)) == 6


def test_work_that_is_left_is_not_begun():
    done = []

    def task(number):
        time.sleep(0.001)
        done.append(number)

    results = begun_at_once(2, task, range(10_000))
    next(results)
    results.close()
    time.sleep(0.01)
    n = len(done)
    time.sleep(0.02)
    assert len(done) == n < 100


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
@pytest.mark.skipif(not hasattr(os, "fork"), reason="no processes are forked here")
def test_a_forked_process_has_threads_of_its_own():
    list(begun_at_once(2, str, range(4)))
    child = os.fork()
    if child == 0:
        os._exit(0 if list(begun_at_once(2, str, range(4))) == ["0", "1", "2", "3"] else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
