"""The stories that a report can tell, as the records that the steps leave behind; each has a golden file."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from mlgate.data.drift.importance import importance_findings, weighted
from mlgate.promotion.policy import approval_label, overall
from mlgate.records import (
    BadRow,
    Bar,
    Code,
    ColumnShift,
    ComparisonRecord,
    DataFile,
    Environment,
    FailureRecord,
    FlippedRow,
    Flips,
    Hint,
    HoldoutUse,
    Interval,
    MetricResult,
    PolicyChange,
    PolicyDifference,
    Promoted,
    PromotionRecord,
    SliceResult,
    TrainingRecord,
    ValidationRecord,
    Version,
    Violation,
)
from mlgate.report.model_records import ModelRecords
from mlgate.report.report import Context
from mlgate.verdict import Finding, Outcome, Verdict
from tests.golden.drawn import binary, trained

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
MODEL = "flight-delay"
COMMIT = "4f9c1d2e8a7b6c5d4e3f2a1b0c9d8e7f6a5b4c3d"


def digest(text: str) -> str:
    """Give a digest that looks like a real one and never changes."""
    return sha256(text.encode()).hexdigest()


CONTEXT = Context(
    repository="acme/flight-delay",
    server_url="https://github.com",
    pull_request=42,
    head_sha=COMMIT,
    run_url="https://github.com/acme/flight-delay/actions/runs/9001",
    generated_at=NOW,
)
TRAIN = DataFile(
    role="training", path="data/train.parquet", sha256=digest("train"), rows=163_210, columns=18, bytes=4_210_332
)
HELD_OUT = DataFile(
    role="held-out", path="data/held_out.parquet", sha256=digest("held"), rows=27_004, columns=18, bytes=801_211
)
CANDIDATE = Version(
    name=f"{MODEL}-candidates", version="14", run_id="r14", manifest_digest=digest("m14"), files=5, bytes=1_214_007
)
PRODUCTION = Version(name=MODEL, version="7", run_id="r7", manifest_digest=digest("m7"))


def base(verdict: Verdict, model: str = MODEL) -> dict[str, Any]:
    """Give what every record carries."""
    code = Code(commit=COMMIT, inputs_digest=digest("inputs"), inputs=(".",), branch="weather")
    return {"model": model, "mlgate": "0.1.0", "created_at": NOW, "code": code, "verdict": verdict}


def result(
    rule: str,
    numbers: tuple[float, float, float, float, float],
    outcome: Outcome,
    sentence: str,
    *,
    higher: bool = True,
    reason: str = "holds",
) -> MetricResult:
    """Make one rule's result from candidate, production, oriented difference and its interval's ends."""
    candidate, production, difference, low, high = numbers
    half = (high - low) / 2
    metric, test, *_ = rule.split(" ")
    edge = float(rule.rstrip(")").split(" ")[-1])
    return MetricResult(
        metric=metric,
        test=test,
        least=edge if test == "superiority" else -edge,
        higher_is_better=higher,
        candidate=candidate,
        production=production,
        difference=difference,
        candidate_interval=Interval(low=candidate - half, high=candidate + half),
        difference_interval=Interval(low=low, high=high),
        p_value=0.01,
        method=METHODS[metric],
        n=HELD_OUT.rows,
        minimum_detectable=half * 2.8 / 1.96 or None,
        finding=Finding(rule=rule, outcome=outcome, reason=reason, sentence=sentence),
    )


METHODS = {
    "roc_auc": "DeLong's paired interval",
    "log_loss": "paired t interval of the row losses",
    "accuracy": "Tango's score interval and McNemar's score test",
}
AUC = "roc_auc non_inferiority (margin 0.005)"
NO_DIFFERENT = "no different from production on any row"
BETTER = (
    result(
        AUC,
        (0.73418, 0.70911, 0.02507, 0.02012, 0.03002),
        Outcome.PASS,
        "AUC +0.0251 [+0.0201, +0.0300], n = 27,004: not worse than production (margin 0.005)",
    ),
    result(
        "log_loss no_regression (margin 0.01)",
        (0.51221, 0.53107, 0.01886, 0.01521, 0.02251),
        Outcome.PASS,
        "log loss gain +0.0189 [+0.0152, +0.0225], n = 27,004: no regression shown (margin 0.01), which does not show "
        "that it is as good",
        higher=False,
    ),
    result(
        "accuracy superiority (min_effect 0.002)",
        (0.77702, 0.76921, 0.00781, 0.00402, 0.01160),
        Outcome.PASS,
        "accuracy +0.0078 [+0.0040, +0.0116], n = 27,004: better than production by more than 0.002",
    ),
)
SAME = (
    result(AUC, (0.70911, 0.70911, 0, 0, 0), Outcome.PASS, f"AUC 0 [0, 0], n = 27,004: {NO_DIFFERENT}, so not worse"),
)
WORSE = (
    BETTER[1],
    result(
        AUC,
        (0.69102, 0.70911, -0.01809, -0.02314, -0.01304),
        Outcome.FAIL,
        "AUC -0.018 [-0.023, -0.013], n = 27,004: worse than production by at least the margin of 0.005",
        reason="regressed",
    ),
)
UNSURE = (
    BETTER[1],
    result(
        AUC,
        (0.71210, 0.70911, 0.00299, -0.01120, 0.01718),
        Outcome.INCONCLUSIVE,
        "AUC +0.003 [-0.011, +0.017], n = 27,004: not shown to be no worse than production (margin 0.005); "
        "these rows can show a difference of 0.020, about 430,000 could show 0.005",
        reason="too_uncertain",
    ),
)
FIRST = tuple(
    MetricResult(
        metric=metric,
        test=None if judged else "non_inferiority",
        least=0.65 if judged else -0.005,
        higher_is_better=higher,
        candidate=value,
        production=None,
        difference=None,
        candidate_interval=Interval(low=value - 0.0061, high=value + 0.0061) if judged else None,
        difference_interval=None,
        p_value=None,
        method="",
        n=HELD_OUT.rows,
        minimum_detectable=None,
        finding=Finding(rule=rule, outcome=Outcome.PASS, reason=reason, sentence=sentence, judged=judged),
    )
    for metric, rule, higher, value, judged, reason, sentence in (
        (
            "roc_auc",
            "roc_auc >= 0.65",
            True,
            0.70911,
            True,
            "holds",
            "AUC 0.709 [0.703, 0.715], n = 27,004: at least 0.65, as asked",
        ),
        ("roc_auc", AUC, True, 0.70911, False, "no_production", "not judged: nothing is in production yet"),
    )
)

SHIFTS = (
    ColumnShift(
        column="temp",
        kind="number",
        importance=0.18,
        psi=0.412,
        noise=0.0004,
        limit=0.0011,
        debiased=0.4116,
        shifted=True,
        size="major",
        jensen_shannon=0.22,
        kolmogorov_smirnov=0.254,
        kolmogorov_smirnov_p=0.0,
        wasserstein=0.61,
        nulls_before=0.012,
        nulls_after=0.043,
        bars=(
            Bar(low=-4.0, high=10.0, before=0.3, after=0.12),
            Bar(low=10.0, high=20.0, before=0.4, after=0.3),
            Bar(low=20.0, high=35.0, before=0.288, after=0.537),
            Bar(label="null", before=0.012, after=0.043),
        ),
        note="null 4.3%, was 1.2%; median 18.6, was 14.7",
    ),
    ColumnShift(
        column="dep_hour",
        kind="number",
        importance=0.61,
        psi=0.012,
        noise=0.0005,
        limit=0.0012,
        debiased=0.0115,
        shifted=False,
        kolmogorov_smirnov=0.031,
        wasserstein=0.05,
        nulls_before=0.0,
        nulls_after=0.0,
    ),
    ColumnShift(
        column="carrier",
        kind="category",
        importance=0.21,
        psi=0.008,
        noise=0.0004,
        limit=0.0014,
        debiased=0.0076,
        shifted=False,
        nulls_before=0.0,
        nulls_after=0.0,
        note="other categories 2.1%, was 0.3%",
    ),
)
VALID = ValidationRecord(
    **base(Verdict(outcome=Outcome.PASS, decided_by="every rule", sentence="all 3 rules hold")),
    findings=(
        Finding(rule="schema", outcome=Outcome.PASS, reason="holds", sentence="every row fits the schema."),
        Finding(
            rule="shift temp",
            outcome=Outcome.FAIL,
            reason="shifted",
            sentence="temp moved from production's training data: PSI 0.412, of which 0.0004 is noise.",
            judged=False,
        ),
        *importance_findings(SHIFTS),
    ),
    files=(TRAIN, HELD_OUT),
    shifts=SHIFTS,
    weighted_shift=weighted(SHIFTS),
    compared_with="7",
)
ALONE = VALID.model_copy(
    update={"findings": VALID.findings[:1], "shifts": (), "weighted_shift": None, "compared_with": None}
)
BROKEN = VALID.model_copy(
    update={
        "verdict": Verdict(
            outcome=Outcome.FAIL,
            decided_by="schema sched_dep_time",
            sentence="sched_dep_time holds text where int64 is expected, in 1,204 of 163,210 rows",
        ),
        "findings": (
            Finding(
                rule="schema sched_dep_time",
                outcome=Outcome.FAIL,
                reason="wrong_type",
                sentence="sched_dep_time holds text where int64 is expected, in 1,204 of 163,210 rows",
            ),
        ),
        "violations": (
            Violation(
                file="data/train.parquet",
                column="sched_dep_time",
                rule="dtype",
                expected="int64",
                count=1204,
                of=163_210,
                examples=(
                    BadRow(row=17, key="UA-1545-2013-01-01", value="5:15 am"),
                    BadRow(row=44, key="B6-725-2013-01-01", value="5:40 am"),
                    BadRow(row=61, key=None, value="5:58 am"),
                ),
            ),
            Violation(
                file="data/train.parquet",
                column="origin",
                rule="isin",
                expected="EWR, JFK, LGA",
                count=1,
                of=163_210,
                examples=(BadRow(row=90, key="AA-1141-2013-01-01", value="JFK | LGA"),),
            ),
        ),
        "shifts": (),
    }
)
ENVIRONMENT = Environment(
    python="3.12.4",
    os="Linux 6.8 x86_64",
    cuda=None,
    packages={"mlflow": "3.17.2", "numpy": "2.2.1", "pandas": "2.2.3", "scikit-learn": "1.6.1"},
)
TRAINED = TrainingRecord(
    **base(Verdict(outcome=Outcome.PASS, decided_by="every rule", sentence="a candidate was registered")),
    candidate=CANDIDATE,
    run_id="r14",
    experiment=MODEL,
    config_digest=digest("config"),
    data=(TRAIN, HELD_OUT),
    seed=7,
    params={"max_depth": "6", "learning_rate": "0.1", "features": "schedule+weather"},
    metrics={"train_log_loss": 0.49, "validation_log_loss": 0.512},
    curves=trained(),
    environment=ENVIRONMENT,
    seconds=42.3,
    run_url="https://mlflow.acme.example/#/experiments/3/runs/r14",
)
BEFORE = TRAINED.model_copy(
    update={
        "params": {"max_depth": "6", "learning_rate": "0.1", "features": "schedule"},
        "curves": trained(worse=0.019),
        "environment": ENVIRONMENT.model_copy(update={"packages": {**ENVIRONMENT.packages, "numpy": "2.1.0"}}),
        "config_digest": digest("old config"),
        "candidate": CANDIDATE.model_copy(update={"version": "11", "bytes": 1_190_332}),
        "code": TRAINED.code.model_copy(
            update={"commit": "1d0e8b52c9a7" * 3 + "beef", "inputs_digest": digest("old code")}
        ),
        "seconds": 39.8,
    }
)
CRASHED = TRAINED.model_copy(
    update={
        "candidate": None,
        "verdict": Verdict(
            outcome=Outcome.ERROR,
            decided_by="training",
            sentence="the training ended with code 1: KeyError: \"['wind_gust'] not in index\"",
        ),
        "log_tail": (
            "reading data/train.parquet",
            "Traceback (most recent call last):",
            '  File "train.py", line 31, in <module>',
            "    features = frame[FEATURES]",
            "KeyError: \"['wind_gust'] not in index\"",
        ),
    }
)


FLIPS = Flips(
    fixed=812,
    broken=601,
    n=HELD_OUT.rows,
    fixed_interval=Interval(low=0.028, high=0.0322),
    broken_interval=Interval(low=0.0205, high=0.0241),
    examples=tuple(FlippedRow(key=str(key)) for key in (14, 97, 203, 388, 402, 571)),
)


UNFLIPPED = Flips(fixed=0, broken=0, n=HELD_OUT.rows)
HISTORY = tuple(
    Promoted(version=version, at=NOW - timedelta(days=days), held_out=HELD_OUT.sha256, metrics={"roc_auc": area})
    for version, days, area in (("4", 118, 0.6914), ("5", 84, 0.6987), ("7", 23, 0.7091))
)


EARLIER_ROWS = HELD_OUT.model_copy(update={"sha256": digest("earlier rows"), "rows": 25_881})
EARLIER = tuple(
    one.model_copy(update={"held_out": EARLIER_ROWS.sha256, "metrics": {"roc_auc": 0.6871}}) for one in HISTORY
)


def compared(results: tuple[MetricResult, ...], verdict: Verdict | None = None) -> ComparisonRecord:
    """Compare the candidate with production version 7, which was 23 days old."""
    return ComparisonRecord(
        **base(verdict or Verdict.of([one.finding for one in results], empty="nothing was judged")),
        candidate=CANDIDATE,
        production=PRODUCTION,
        production_created_at=NOW - timedelta(days=23, hours=4),
        held_out=HELD_OUT,
        train_data=(TRAIN,),
        config_digest=digest("config"),
        gate_digest=digest("gate"),
        confidence_level=0.95,
        results=results,
        flips=FLIPS if results else None,
        candidate_run_url=TRAINED.run_url,
        candidate_url="https://mlflow.acme.example/#/models/flight-delay-candidates/versions/14",
        production_url="https://mlflow.acme.example/#/models/flight-delay/versions/7",
        history=HISTORY,
    )


def moved(status: str, verdict: Verdict, **parts: Any) -> PromotionRecord:
    """Make a promotion's record."""
    usual = {"operation": "promote", "status": status, "reason": status, "sentence": verdict.sentence}
    versions = {"alias": "production", "from_version": "7", "to_version": "8", "candidate": "14"}
    return PromotionRecord(**base(verdict), **{**usual, **versions, **parts})


def passed(sentence: str) -> Verdict:
    """Say that it was done."""
    return Verdict(outcome=Outcome.PASS, decided_by="promotion", sentence=sentence)


UNSCORED = Verdict(
    outcome=Outcome.ERROR,
    decided_by="candidate predictions",
    sentence="the candidate could not be scored: it answered 26,999 scores for 27,004 rows",
)


UNREACHED = FailureRecord(
    **base(
        Verdict(
            outcome=Outcome.ERROR,
            decided_by="an error",
            sentence="the MLflow server at https://mlflow.acme.example does not answer: connection refused",
        )
    ),
    hint="see that it runs, and run the job again",
)


def on_slice(name: str, n: int, result: MetricResult, outcome: Outcome, *, judged: bool = True) -> SliceResult:
    """Answer one rule on one slice."""
    rule = f"{result.finding.rule} on {name}"
    sentence = result.finding.sentence.replace("n = 27,004", f"n = {n:,}")
    finding = Finding(rule=rule, outcome=outcome, reason="slice", sentence=sentence, judged=judged)
    return SliceResult(name=name, n=n, results=(result.model_copy(update={"n": n, "finding": finding}),))


AT_JFK = on_slice("origin=JFK", 9_811, WORSE[1], Outcome.FAIL)
WORSE_AT_JFK = Verdict.of([AT_JFK.results[0].finding], empty="")
SLICED = compared(BETTER, WORSE_AT_JFK).model_copy(
    update={
        "slices": (
            on_slice("origin=EWR", 17_101, BETTER[0], Outcome.PASS),
            AT_JFK,
            on_slice("origin=LGA | `x`", 92, BETTER[0], Outcome.INCONCLUSIVE, judged=False),
        ),
        "hints": (
            Hint(name="dep_hour from 20", n=2_310, loss="error rate", gain=-0.0231, p_value=0.004, searched=61),
            Hint(name="carrier=`OO`|x", n=812, loss="error rate", gain=-0.018, p_value=0.03, searched=61),
        ),
        "holdout": HoldoutUse(
            digest=digest("rows"), use=7, max_uses=32, adaptivity="first_change", confidence_level=0.9984375
        ),
    }
)
ABSOLUTE = compared(FIRST).model_copy(
    update={"production": None, "production_created_at": None, "flips": None, "production_url": None, "history": ()}
)
OWN = Verdict.of([one.finding for one in BETTER], empty="")
BY_BASE = Verdict(
    outcome=Outcome.FAIL, decided_by="roc_auc >= 0.75", sentence="AUC 0.734 [0.728, 0.740], n = 27,004: below 0.75"
)
LOOSENED = PolicyChange(
    base_commit=digest("base")[:40],
    base_digest=digest("base policy"),
    differences=(
        PolicyDifference(key="gate.rules", base="roc_auc >= 0.75", now=None, direction="looser"),
        PolicyDifference(
            key="gate.rules",
            base="roc_auc non_inferiority (margin 0.001)",
            now="roc_auc non_inferiority (margin 0.005)",
            direction="looser",
        ),
        PolicyDifference(key="evaluate.threshold", base="0.5", now="0.4", direction="other"),
    ),
    own=OWN,
    verdict=BY_BASE,
    label=approval_label(digest("base policy"), digest("policy")),
)
APPROVED = LOOSENED.model_copy(update={"approved": "pull request #42"})
STRICTER = LOOSENED.model_copy(
    update={
        "verdict": OWN,
        "differences": (
            PolicyDifference(key="gate.rules", base=None, now="log_loss <= 0.6", direction="stricter"),
            PolicyDifference(key="evaluate.min_rows", base="30", now="1000", direction="stricter"),
        ),
    }
)
UNKNOWN = PolicyChange(
    base_commit=digest("base")[:40],
    unknown="mlgate.yaml, line 7, models.flight-delay.gate.sure: unknown key 'sure' | `x`",
)


def under(change: PolicyChange) -> dict[str, ModelRecords]:
    """Tell of a candidate that passes by its own policy, which is another one than the base's."""
    comparison = compared(BETTER, overall(OWN, change)).model_copy(update={"policy": change})
    return {MODEL: ModelRecords(**CHECKED, comparison=comparison)}


CHECKED: dict[str, Any] = {"validation": VALID, "training": TRAINED}

# The name is the golden file's; the value is what Report.of reads.
CASES: dict[str, dict[str, ModelRecords]] = {
    "passed": {
        MODEL: ModelRecords(
            **CHECKED, comparison=compared(BETTER), production_training=BEFORE, figures=binary(MODEL, HELD_OUT.rows)
        )
    },
    "first-model": {MODEL: ModelRecords(validation=ALONE, training=TRAINED, comparison=ABSOLUTE)},
    "failed": {MODEL: ModelRecords(**CHECKED, comparison=compared(WORSE))},
    "unchanged": {
        MODEL: ModelRecords(
            **CHECKED,
            comparison=compared(SAME).model_copy(update={"flips": UNFLIPPED}),
            production_training=TRAINED.model_copy(update={"run_id": "r7"}),
        )
    },
    "uncommitted": {
        MODEL: ModelRecords(
            validation=VALID,
            training=TRAINED.model_copy(update={"code": TRAINED.code.model_copy(update={"dirty": ("train.py",)})}),
            comparison=compared(BETTER),
            production_training=TRAINED.model_copy(update={"run_id": "r7"}),
        )
    },
    "other-rows": {
        MODEL: ModelRecords(
            **CHECKED,
            comparison=compared(BETTER).model_copy(update={"history": EARLIER}),
            production_training=BEFORE.model_copy(update={"data": (TRAIN, EARLIER_ROWS)}),
        )
    },
    "policy-loosened": under(LOOSENED),
    "policy-approved": under(APPROVED),
    "policy-stricter": under(STRICTER),
    "policy-unknown": under(UNKNOWN),
    "slice-failed": {MODEL: ModelRecords(**CHECKED, comparison=SLICED)},
    "inconclusive": {MODEL: ModelRecords(**CHECKED, comparison=compared(UNSURE))},
    "error": {MODEL: ModelRecords(**CHECKED, comparison=compared((), UNSCORED))},
    "training-crashed": {MODEL: ModelRecords(validation=VALID, training=CRASHED)},
    "data-refused": {MODEL: ModelRecords(validation=BROKEN)},
    "no-registry": {MODEL: ModelRecords(validation=VALID, failure=UNREACHED)},
    "not-compared": {MODEL: ModelRecords(**CHECKED)},
    "promoted": {MODEL: ModelRecords(promotion=moved("done", passed("version 8 is in production")))},
    "merged-and-promoted": {
        MODEL: ModelRecords(
            comparison=compared(BETTER),
            promotion=moved("done", passed("candidate version 14 replaces production version 7")),
        )
    },
    "merged-not-promoted": {
        MODEL: ModelRecords(
            comparison=compared(BETTER),
            promotion=moved(
                "refused",
                Verdict(
                    outcome=Outcome.FAIL,
                    decided_by="fenced",
                    sentence="this very model was rolled back; `mlgate promote --unfence --reason '…'` promotes it if "
                    "the reason is gone",
                ),
                to_version="7",
            ),
        )
    },
    "not-promoted": {
        MODEL: ModelRecords(
            promotion=moved(
                "refused",
                Verdict(
                    outcome=Outcome.FAIL,
                    decided_by="evidence",
                    sentence="no comparison of these inputs was found, so there is nothing to promote on",
                ),
                to_version=None,
                candidate=None,
            )
        )
    },
    "production-moved": {
        MODEL: ModelRecords(
            comparison=compared(BETTER),
            promotion=moved(
                "refused",
                Verdict(
                    outcome=Outcome.FAIL,
                    decided_by="production_moved",
                    sentence="production is version 8 now, the candidate was compared with 7",
                ),
                from_version="8",
                to_version="8",
                stale=True,
            ),
        )
    },
    "planned": {
        MODEL: ModelRecords(
            comparison=compared(BETTER),
            promotion=moved(
                "planned",
                passed("candidate version 14 would replace production version 7"),
                to_version="7",
                steps=("check the bytes of candidate 14", "append a version", "move production to it"),
            ),
        )
    },
    "already": {
        MODEL: ModelRecords(
            promotion=moved("already", passed("version 8 is in production already"), from_version="8"),
        )
    },
    "rolled-back": {
        MODEL: ModelRecords(
            promotion=moved(
                "done",
                passed("version 9 has the files of version 7"),
                operation="rollback",
                why="complaints about late evening flights",
                by="octocat",
                from_version="8",
                to_version="9",
                candidate=None,
            )
        )
    },
    "nothing": {},
    "closed": {},
    "from-a-fork": {MODEL: ModelRecords(validation=ALONE, training=TRAINED, comparison=ABSOLUTE)},
    "several-models": {
        "arrival-time": ModelRecords(**CHECKED, comparison=compared(BETTER)),
        MODEL: ModelRecords(**CHECKED, comparison=compared(WORSE)),
        "no-show": ModelRecords(validation=BROKEN),
    },
}

MERGED = {"merged-and-promoted", "merged-not-promoted", "production-moved"}


def context_of(case: str) -> Context:
    """Say where a story is told: on an open pull request, one that is merged or closed, or one of a fork."""
    told = {"merged": case in MERGED, "closed": case == "closed", "trusted": case != "from-a-fork"}
    return CONTEXT.model_copy(update=told)
