"""Work on threads: done once for every number, whoever does it, and failures come out."""

import pytest

from sim.kernels.threads import shared_out


@pytest.mark.parametrize("threads", [1, 2, 5])
@pytest.mark.parametrize("n", [0, 1, 3, 200])
def test_shared_work_is_done_once_for_every_number(threads, n):
    done = []
    shared_out(threads, done.append, range(n))
    assert sorted(done) == list(range(n))


@pytest.mark.parametrize("threads", [1, 3])
def test_a_failure_comes_out_and_ends_the_work(threads):
    done = []

    def task(number):
        if number == 2:
            raise IndexError("the third one")
        done.append(number)

    with pytest.raises(IndexError, match="the third one"):
        shared_out(threads, task, range(100_000))
    assert len(done) < 99_999
