"""A result's numbers as every rendering writes them: no finer than their interval, on their side of what is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlgate.report.numbers import bounds, number

if TYPE_CHECKING:
    from mlgate.records import MetricResult


def value(result: MetricResult) -> str:
    """Write the candidate's value: `0.7342`."""
    return number(result.candidate, result.candidate_interval, apart_from=() if result.test else asked(result))


def production(result: MetricResult) -> str:
    """Write production's value as finely as the candidate's."""
    return number(result.production, result.candidate_interval)


def gain(result: MetricResult) -> str:
    """Write the difference: `+0.0251`."""
    return number(result.difference, result.difference_interval, signed=True, apart_from=asked(result))


def interval(result: MetricResult) -> str:
    """Write the interval of the difference, `[+0.0201, +0.0300]`, or where there is none that of the candidate."""
    if result.difference_interval is not None:
        return bounds(result.difference_interval, signed=True, apart_from=asked(result))
    if result.candidate_interval is not None:
        return bounds(result.candidate_interval, apart_from=() if result.test else asked(result))
    return ""


def candidate(result: MetricResult) -> str:
    """Write the candidate's value, with its interval where there is none of a difference: `0.709 [0.703, 0.715]`."""
    return value(result) if result.difference_interval else f"{value(result)} {interval(result)}".rstrip()


def difference(result: MetricResult) -> str:
    """Write the difference with its interval: `+0.0251 [+0.0201, +0.0300]`."""
    return f"{gain(result)} {interval(result)}" if result.difference_interval else gain(result)


def asked(result: MetricResult) -> tuple[float, ...]:
    """Return the ends of what the rule asks for."""
    return tuple(edge for edge in (result.least, result.most) if edge is not None)
