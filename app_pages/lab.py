"""The lab: settings, live runs of both markets and of the hybrid, and what came of them."""

from pathlib import Path

import streamlit as st

from app_parts import blocks, permalink, sections
from app_parts.brought import WrongFile, values_in
from app_parts.cascades import cascade_explorer
from app_parts.jobs import OVER, Job, office
from app_parts.keeping import downloads, save_form, say_network_is_missing
from app_parts.knobs import knobs, name_of, settings_text, value_text
from app_parts.language import language, t
from app_parts.limits import MOST_PEOPLE, estimate
from app_parts.live import progress_text
from app_parts.money import money
from app_parts.numbers import number
from app_parts.presets import PRESETS, preset_title
from app_parts.settings import (
    KNOBS,
    moved_from,
    preset,
    preset_values,
    ranges,
    scenario,
    settings,
    settings_round,
    use_preset,
    use_values,
    what_is_stored,
)
from app_parts.side_by_side import side_by_side
from app_parts.stored import RUN, Place, Stored, place_at, read_stored, results_root
from app_parts.uploads import first_traced, network_from
from sim.commands.job import task_line
from sim.experiments.errors import StoreError
from sim.experiments.store import RunStore
from sim.parameters.problems import InputError

#: Session state: folder of the result shown, the job under way, whether the link was read, how the
#: last job ended.
_SHOWN, _JOB, _ARRIVED, _SAID = "lab_shown", "lab_job", "lab_arrived", "lab_said"
#: Session state: the file whose settings were taken last, the network that was read last.
_BROUGHT, _NETWORK = "lab_brought", "lab_network"
_EVERY_SECONDS = 0.5


def show() -> None:
    """Draw the page."""
    _arrive()
    blocks.heading(t("lab.title"), 1, t("lab.text"))
    key = st.session_state.get(_JOB)
    job = office().poll(key) if key else None
    with st.container(key="lab_controls"):
        _start_row(job)
        if job is not None and not job.over:
            st.fragment(_progress, run_every=_EVERY_SECONDS)()
        _say_how_it_ended()
    place = _shown_place()
    stored = _read(place)
    if stored is not None and place is not None:
        with st.container(key="lab_answer"):
            sections.answer(stored)
    _settings(stored)
    _bring_settings()
    if stored is None or place is None:
        blocks.note(t("lab.nothing"))
    else:
        with st.container(key="lab_results"):
            _results(stored, place)
    _tell(place)


def _arrive() -> None:
    """Take the settings and the result of a link, once a visit."""
    state = st.session_state
    if _ARRIVED in state:
        return
    state[_ARRIVED] = True
    asked = permalink.asked_one("preset", PRESETS)
    if asked is not None:
        use_preset(asked)
    values = permalink.asked_settings(ranges())
    if values:
        use_values({**settings(), **values}, preset())
    root = results_root()
    known = {path.parent.relative_to(root).as_posix() for path in root.glob("*/*/compare.json")}
    result = permalink.asked_one("result", known)
    if result is not None:
        state[_SHOWN] = str(root / result)


def _tell(place: Place | None) -> None:
    result = {}
    if place is not None and results_root() in place.folder.parents:
        result = {"result": place.folder.relative_to(results_root()).as_posix()}
    values = settings()
    permalink.tell(**permalink.query_of(values), preset=preset() or "quick", **result)


def _start_row(job: Job | None) -> None:
    """Which world to start from, and Run."""
    left, right = st.columns([3, 1], vertical_alignment="bottom")
    widget = f"preset {language()} {settings_round()}"

    def chosen() -> None:
        name = st.session_state[widget]
        if name and name != preset():  # a box that is drawn anew calls without a choice
            use_preset(name)
            st.session_state.pop(_SAID, None)

    with left:
        st.selectbox(
            t("lab.preset"),
            PRESETS,
            index=PRESETS.index(preset()) if preset() in PRESETS else None,
            format_func=lambda name: f"{preset_title(name)} – {t(f'preset.{name}.text')}",
            placeholder=t("lab.own_settings"),
            key=widget,
            on_change=chosen,
        )
    with right:
        busy = job is not None and not job.over
        if busy:
            st.button(t("lab.cancel"), key="cancel", on_click=_cancel, width="stretch")
        else:
            st.button(t("lab.run"), key="run", type="primary", on_click=_run, width="stretch")


def _run() -> None:
    state = st.session_state
    try:
        chosen = scenario()
    except InputError as error:
        state[_SAID] = ("wrong", " ".join(error.lines))
        return
    cost = estimate(chosen)
    if cost.too_much:
        state[_SAID] = ("too_much", cost.words())
        return
    state.pop(_SAID, None)
    state[_JOB] = office().start(task_line(chosen, RUN, RunStore(results_root())), "lab")


def _cancel() -> None:
    office().cancel(st.session_state[_JOB])


def _progress() -> None:
    """How far the job is; when it is over the whole page is drawn anew."""
    job = office().poll(st.session_state[_JOB])
    if job is None or job.over:
        _take(job)
        st.rerun(scope="app")
    st.progress(job.share_done, text=progress_text(job))


def _take(job: Job | None) -> None:
    state = st.session_state
    state[_JOB] = None
    if job is None:
        state[_SAID] = ("stopped", "")
        return
    if job.folder is not None:
        state[_SHOWN] = str(job.folder)
    state[_SAID] = (job.phase, " ".join(job.failures))


def _say_how_it_ended() -> None:
    job = office().poll(st.session_state[_JOB]) if st.session_state.get(_JOB) else None
    if job is not None and job.phase in OVER:
        _take(job)
    phase, words = st.session_state.get(_SAID, ("", ""))
    if phase == "stopped":
        partial = Path(st.session_state.get(_SHOWN, "")).name.startswith("partial-")
        st.info(t("job.stopped_partial" if partial else "job.stopped"))
    elif phase == "failed":
        st.error(t("job.failed", reason=words))
    elif phase in ("wrong", "too_much"):
        st.warning(words)


def _shown_place() -> Place | None:
    """The result of just these settings if one is stored, else the one shown before."""
    stored = what_is_stored()
    state = st.session_state
    if stored is not None and not state.get(_JOB):
        shown = Path(state.get(_SHOWN, ""))
        if not shown.name.startswith("partial-"):
            state[_SHOWN] = str(stored.folder)
    folder = state.get(_SHOWN)
    return place_at(Path(folder)) if folder else None


def _read(place: Place | None) -> Stored | None:
    if place is None:
        return None
    try:
        return read_stored(place)
    except (StoreError, OSError):
        return None


@st.fragment
def _settings(stored: Stored | None) -> None:
    """The knobs; what they say of the result below is drawn with them, at once."""
    with st.container(key="lab_settings", border=True):
        knobs()
    place = what_is_stored()
    shown = st.session_state.get(_SHOWN)
    if (
        place is not None
        and str(place.folder) != shown
        and not Path(shown or "").name.startswith("partial-")
    ):
        st.rerun(scope="app")
    moved = moved_from(stored.values) if stored is not None else []
    cost = estimate(scenario())
    if moved and stored is not None:
        st.html("<style>.st-key-lab_answer, .st-key-lab_results { opacity: 0.45; }</style>")
        own = settings()
        was = ", ".join(
            f"{name_of(key)}: {value_text(key, stored.values[key])} → {value_text(key, own[key])}"
            for key in moved[:3]
        )
        st.warning(t("lab.old", n=len(moved), was=was))
    _reset()
    blocks.note(cost.words())
    _tell(place_at(Path(shown)) if shown else None)


def _reset() -> None:
    """The way back to the preset, where settings differ from it, also those without a knob."""
    name = preset()
    away = moved_from(preset_values(name)) if name in PRESETS else []
    if not away:
        return
    without_knob = {key: settings()[key] for key in away if key not in KNOBS}
    if without_knob:
        blocks.note(t("lab.without_knob", settings=settings_text(without_knob)))
    if st.button(t("lab.reset", name=preset_title(name)), key="reset"):
        use_preset(name)
        st.rerun(scope="app")


def _results(stored: Stored, place: Place) -> None:
    """Everything about the comparison below its answer."""
    if stored.pairs_wanted > stored.n_pairs:
        st.info(t("lab.partial", n=stored.n_pairs, wanted=stored.pairs_wanted))
    sections.tiles(stored)
    sections.weeks(stored)
    sections.quality(stored)
    money(stored)
    side_by_side(stored)
    _cascades(place)
    blocks.heading(t("save.title"), 2, t("save.text"))
    name = preset_title(preset()) if preset() else t("lab.name")
    save_form(place, name)
    downloads(place, name)
    sections.about(stored, t("lab.name") if place.name == "lab" else preset_title(place.name), True)


def _cascades(place: Place) -> None:
    """The cascades of the first run of the referral market, if its event log was kept."""
    traced = first_traced(place)
    if traced is not None:
        blocks.heading(t("lab.cascades"), 2, t("lab.cascades_text"))
        cascade_explorer(traced, "lab_cascade")


def _bring_settings() -> None:
    """Settings from a JSON file, or a network of one's own from a CSV file."""
    with st.expander(t("lab.bring")):
        file = st.file_uploader(
            t("lab.bring_text", most=number(MOST_PEOPLE, 0)),
            type=["json", "csv"],
            key=f"bring {language()}",
        )
        read = st.session_state.get(_NETWORK)
        if read and settings()["network.file"] == read.path:
            people, ties = number(read.people, 0), number(read.ties, 0)
            blocks.note(t("lab.network_read", people=people, ties=ties))
        if file is None or st.session_state.get(_BROUGHT) == file.file_id:
            return
        try:
            if file.name.lower().endswith(".csv"):
                network = network_from(file.getvalue())
                values = {**settings(), "network.file": network.path}
                st.session_state[_NETWORK] = network
            else:
                values = {**settings(), **values_in(file.getvalue())}
                say_network_is_missing(file.getvalue())
        except WrongFile as wrong:
            st.error(t(wrong.reason, **wrong.places))
            return
        st.session_state[_BROUGHT] = file.file_id
        use_values(values)
        st.rerun()
