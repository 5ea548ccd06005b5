"""What a rule measures, as people say it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mlgate.config.metrics import known
from mlgate.evaluation.metrics import METRICS, PAIR_METRICS

if TYPE_CHECKING:
    from mlgate.config.rule import Rule

COSTS = {
    "latency_p50": "median latency (ms)",
    "latency_p95": "95th percentile of latency (ms)",
    "model_size": "model size (MB)",
    "training_time": "training time (s)",
}


@dataclass(frozen=True, kw_only=True)
class What:
    """What is measured: its name in the policy, its title in a sentence, and which way is better."""

    name: str
    title: str
    higher_is_better: bool


def what(rule: Rule) -> What:
    """Say what a rule measures."""
    better, title = _of_metric(rule)
    if rule.between:
        groups = ", ".join(rule.between)
        title = f"{title} {'ratio' if rule.gap == 'ratio' else 'gap'} between the groups of {groups}"
        better = rule.gap == "ratio"
    return What(name=rule.measured, title=title, higher_is_better=better)


def _of_metric(rule: Rule) -> tuple[bool, str]:
    of = known(rule.metric).of
    if of == "custom":
        return rule.direction != "lower", rule.metric.partition(":")[2]
    if of == "cost":
        return False, COSTS[rule.metric]
    metric = PAIR_METRICS[rule.metric] if of == "pair" else METRICS[rule.metric]
    title = {
        "f_beta": f"F{rule.beta:g}" if rule.beta else "",
        "top_k_accuracy": f"top-{rule.k} accuracy",
        "ndcg": f"NDCG@{rule.k}" if rule.k else "",
    }.get(rule.metric, "") or metric.title
    details = [rule.average or "", f"at {rule.threshold:g}" if rule.threshold else ""]
    details.append(f"{rule.quantile:g}" if rule.quantile else "")
    shown = ", ".join(filter(None, details))
    return metric.higher_is_better, f"{title} ({shown})" if shown else title
