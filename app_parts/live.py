"""The controls of a live run on a page: Run or Cancel, progress, how it ended."""

from collections.abc import Callable

import streamlit as st

from app_parts.jobs import Job, office
from app_parts.language import t
from app_parts.numbers import number

_EVERY_SECONDS = 0.5


class Live:
    """Live runs of one page, in the state of the session."""

    def __init__(self, page: str) -> None:
        self._job, self._said = f"{page}_job", f"{page}_said"
        self._result = f"{page}_result"
        self.page = page

    def new_result(self) -> str:
        """Folder of the result that came in since this was asked last, or nothing."""
        job = self.job
        if job is not None and job.over:
            self._take(job)
        return str(st.session_state.pop(self._result, ""))

    @property
    def busy(self) -> bool:
        """Whether a job is under way."""
        job = self.job
        return job is not None and not job.over

    @property
    def job(self) -> Job | None:
        """The job, kept alive by asking; None if there is none."""
        key = st.session_state.get(self._job)
        return office().poll(key) if key else None

    def start(self, key: str) -> None:
        """Watch that job from now on."""
        st.session_state[self._job] = key
        st.session_state.pop(self._said, None)

    def refuse(self, words: str) -> None:
        """Say why nothing is run."""
        st.session_state[self._said] = ("refused", words)

    def controls(self, label: str, run: Callable[[], None]) -> None:
        """Run or Cancel, and below it how far the job is or how it ended."""
        if self.busy:
            st.button(t("lab.cancel"), key=f"{self.page}_cancel", on_click=self._cancel)
            st.fragment(self._progress, run_every=_EVERY_SECONDS)()
        else:
            st.button(label, key=f"{self.page}_run", type="primary", on_click=run)
        self._say()

    def _cancel(self) -> None:
        office().cancel(st.session_state[self._job])

    def _progress(self) -> None:
        job = self.job
        if job is None or job.over:
            self._take(job)
            st.rerun(scope="app")
        st.progress(job.share_done, text=progress_text(job))

    def _take(self, job: Job | None) -> None:
        state = st.session_state
        state[self._job] = None
        if job is not None and job.folder is not None:
            state[self._result] = str(job.folder)
        state[self._said] = (job.phase, " ".join(job.failures)) if job else ("stopped", "")

    def _say(self) -> None:
        job = self.job
        if job is not None and job.over:
            self._take(job)
        phase, words = st.session_state.get(self._said, ("", ""))
        if phase == "stopped":
            st.info(t("job.stopped_runs"))
        elif phase == "failed":
            st.error(t("job.failed", reason=words))
        elif phase == "refused":
            st.warning(words)


def progress_text(job: Job) -> str:
    """How far a job is and how long the rest takes, in words."""
    if job.phase == "waiting":
        return t("job.waiting", n=office().ahead_of(job) + 1)
    if job.phase == "starting" or not job.runs:
        return t("job.starting", seconds=number(job.seconds, 0))
    told = t("job.running", done=job.runs_done, runs=job.runs)
    if job.seconds_left is None:
        return told
    return f"{told} · {t('job.left', seconds=number(max(1.0, job.seconds_left), 0))}"
