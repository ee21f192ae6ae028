"""What a program calls: load a declared experiment, evaluate it, take the results on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evaluator.errors import Problem, UsageError
from evaluator.experiment import load_protocol
from evaluator.experiment.protocol import Protocol

if TYPE_CHECKING:
    import pandas as pd

    from evaluator.calibration import Calibration
    from evaluator.evaluation import Evaluation
    from evaluator.experiment.seal import Seals
    from evaluator.gate.items import Checked
    from evaluator.planning.prospect import Prospect
    from evaluator.planning.varied import Axis
    from evaluator.resolve import Resolved
    from evaluator.targeting import NoUplift, Targeted

Progress = Callable[[int, int, str], None]
"""Called with (steps done, steps in all or 0 while unknown, what is next)."""


@dataclass(frozen=True, slots=True)
class Experiment:
    """A declared experiment: its protocol, and its data when they are asked for."""

    protocol: Protocol

    def resolved(self) -> Resolved:
        """Read the data and apply the protocol's rules to them.

        Raises
        ------
        DataError : data are missing, unreadable, or break a rule; all problems are listed
        UsageError : the experiment declares a contact list, and asks nothing else
        """
        if not self.protocol.questions and not self.protocol.of_claims_alone:
            what = "asks no question of a panel"
            hint = "`evaluator target` reads its contact list"
            raise UsageError(Problem(self.protocol.name, what, "", hint))
        # Imported here, so that a declaration can be read without the engine.
        from evaluator.resolve import resolve
        from evaluator.sources import load

        return resolve(self.protocol, load(self.protocol))


@dataclass(frozen=True, slots=True)
class Result:
    """An evaluation with the renderings that a program reads."""

    evaluation: Evaluation

    def to_pandas(self) -> pd.DataFrame:
        """One row a result row, in the order of the table; the columns of effects.csv."""
        import pandas as pd

        from evaluator.report.tables import COLUMNS, records

        frame = pd.DataFrame(records(self.evaluation), columns=list(COLUMNS))
        weeks = ["n_reference", "n_window"]
        frame[weeks] = frame[weeks].astype("Int64")
        return frame

    def to_dict(self) -> dict[str, Any]:
        """The content of results.json."""
        from evaluator.report.to_json import to_dict

        return to_dict(self.evaluation)

    def _repr_html_(self) -> str:
        """What a notebook shows: the answer and the headline tables, as they may be shared."""
        from evaluator.evaluation.suppression import suppressed
        from evaluator.report.notebook import to_fragment

        return to_fragment(suppressed(self.evaluation))

    def _repr_markdown_(self) -> str:
        """The same where Markdown is shown."""
        from evaluator.evaluation.suppression import suppressed
        from evaluator.report.markdown import to_excerpt

        return to_excerpt(suppressed(self.evaluation))


def load_experiment(path: Path | str) -> Experiment:
    """The experiment declared by a file, or by the experiment.toml of a folder.

    Raises
    ------
    UsageError : there is no such file
    DeclarationError : the file breaks a rule; all of its problems, by line
    """
    return Experiment(load_protocol(path))


def load_experiments(
    paths: Sequence[Path | str] | None = None, folder: Path | str = "experiments"
) -> list[Experiment]:
    """These experiments; by default each in a folder but those of a contact list alone.

    Raises
    ------
    UsageError : there is no such file, or none in the folder
    DeclarationError : a file breaks a rule; all of its problems, by line
    """
    if paths:
        return [load_experiment(path) for path in paths]
    found = sorted(Path(folder).glob("*/experiment.toml"))
    every = [load_experiment(path) for path in found]
    if not every:
        raise UsageError(Problem(str(folder), "there is no experiment here", "", "name one"))
    return [each for each in every if each.protocol.questions or each.protocol.of_claims_alone]


def evaluate(experiment: Experiment, progress: Progress | None = None) -> Result:
    """Read the data of an experiment and estimate every row that it declares.

    Parameters
    ----------
    progress : told of each step before it begins

    Raises
    ------
    DataError : data are missing, unreadable, or break a rule; all problems are listed
    """
    if progress is not None:
        progress(0, 0, "reading the data")
    resolved = experiment.resolved()
    from evaluator.calibration import beside
    from evaluator.evaluation import evaluate as evaluate_rows
    from evaluator.experiment.deviations import registered

    calibration = beside(experiment.protocol.path, resolved)
    sealed = registered(experiment.protocol)
    return Result(replace(evaluate_rows(resolved, progress, calibration), registered=sealed))


def calibrate(
    experiment: Experiment,
    worlds: int = 1000,
    seed: int | None = None,
    *,
    processes: int = 1,
    progress: Progress | None = None,
) -> Calibration:
    """Measure the coverage of every row that decides, on the experiment's own panel.

    Parameters
    ----------
    worlds : campaigns of each kind, a row
    seed : of the draws; that of the declaration, where none is given
    processes : how many share the work; the result is the same
    progress : told of each piece of work when it is done

    Raises
    ------
    DataError : data are missing, unreadable, or break a rule; all problems are listed
    """
    if progress is not None:
        progress(0, 0, "reading the data")
    resolved = experiment.resolved()
    from evaluator.calibration import calibrate as measured

    drawn = experiment.protocol.seed if seed is None else seed
    return measured(resolved, worlds, drawn, processes=processes, progress=progress)


def check(
    experiment: Experiment,
    *,
    only: str = "",
    today: date | None = None,
    progress: Progress | None = None,
) -> Checked:
    """Compare an experiment with the lock beside it: what was approved with what is.

    Parameters
    ----------
    only : name of a row, or the end of it; nothing else is estimated
    today : by which to say how old the data are
    progress : told of each step before it begins

    Raises
    ------
    UsageError : there is no such row, or the experiment asks nothing of a panel
    """
    from evaluator.gate.check import check as check_protocol

    return check_protocol(
        experiment.protocol, experiment.resolved, only=only, today=today, progress=progress
    )


def accept(
    experiment: Experiment, reason: str, *, only: str = "", progress: Progress | None = None
) -> Path:
    """Approve what an experiment says now: write the lock beside it; returns its path.

    Parameters
    ----------
    reason : why this is right; it stands in the lock
    only : name of a row, or the end of it; the rest stays as approved

    Raises
    ------
    DataError : data are missing, unreadable, or break a rule; all problems are listed
    UsageError : no reason, no such row, or no lock of which only one row is to be replaced
    """
    from evaluator.gate.accept import accept as accept_protocol

    return accept_protocol(
        experiment.protocol, experiment.resolved, reason, only=only, progress=progress
    )


def target(experiment: Experiment, *, observational: bool = False) -> Targeted | NoUplift:
    """Learn from the declared list whom to contact next, or say why that cannot be learned.

    Parameters
    ----------
    observational : describe a list that chance did not draw; all of it is then associational

    Raises
    ------
    DataError : the list cannot be read or breaks a rule; all problems are listed
    """
    from evaluator.targeting import target as learn_whom

    return learn_whom(experiment.protocol, observational=observational)


def plan(
    experiment: Experiment,
    *,
    worlds: int | None = None,
    axes: Sequence[Axis] = (),
    progress: Progress | None = None,
) -> Prospect:
    """Design the experiment after this one by its declared plan, and compute what it would find.

    Parameters
    ----------
    worlds : campaigns of each power
    axes : along which power is drawn, beside lifts
    progress : told of each step before it begins

    Raises
    ------
    DataError : data are missing or break a rule; or courses, countries or money are too few
    """
    from evaluator.planning.prospect import WORLDS, prospect

    return prospect(experiment.resolved(), worlds or WORLDS, progress, axes)


def seal(
    experiment: Experiment,
    on: date | None = None,
    *,
    author: str = "",
    reason: str = "",
    again: bool = False,
) -> Seals:
    """Seal the protocol of an experiment as it stands: write seal.json beside its file.

    Parameters
    ----------
    on : the day that is written on it; today, where none is given
    author : who seals it; as git knows them, where nobody is named
    reason : why; needed to seal again
    again : whether there is a seal already, which stays in the file

    Raises
    ------
    UsageError : it is sealed already, or was not; sealed again without a reason or unchanged
    SealError : the seal that is there cannot be read, or was edited
    """
    from evaluator.experiment import author as known
    from evaluator.experiment.seal import seal as seal_protocol

    day = on or date.today()  # noqa: DTZ011  the day where it is sealed
    return seal_protocol(experiment.protocol, day, author or known.author(), reason, again=again)
