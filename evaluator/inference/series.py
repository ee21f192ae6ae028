"""From a profile over ρ to a law: mixed over ρ, or at one ρ that several series share."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from evaluator.estimators.arrays import Array
from evaluator.estimators.autoregression import (
    PRIOR_DOF,
    Candidates,
    mixing_weights,
    moderated_variance,
)
from evaluator.inference.distributions import Mixture, StudentT


def mixed(candidates: Candidates) -> Mixture:
    """Marginal REML: the t(N − k) laws at each ρ, weighted by the restricted likelihood.

    Candidates of shape (..., R) give laws of shape (...,).
    """
    profile = candidates.profile
    scales = np.sqrt(profile.variance * candidates.unit_variance)
    return Mixture(candidates.estimate, scales, mixing_weights(profile), float(profile.dof))


def at_shared_rho(
    own: Candidates, companions: Sequence[Candidates], noise: Sequence[Array]
) -> StudentT:
    """The t law of `own` at the ρ that maximises the likelihood summed over all series.

    Parameters
    ----------
    own : (..., R)
    companions : the other series, (..., R) each; leading axes broadcast
    noise : h of `own` and of each companion, (...,) each: reciprocal mean counts; the error
        variances are drawn towards what h predicts

    Returns
    -------
    StudentT of shape (...,), with the prior's degrees of freedom added
    """
    series = (own, *companions)
    summed = sum(candidates.profile.log_likelihood for candidates in series)
    index = np.argmax(np.asarray(summed), axis=-1)[..., None]

    def at(values: Array) -> Array:
        every = np.broadcast_to(values, (*index.shape[:-1], values.shape[-1]))
        return np.take_along_axis(every, index, axis=-1)[..., 0]

    variances = np.stack([at(candidates.profile.variance) for candidates in series], axis=-1)
    variance = moderated_variance(
        variances, np.stack(np.broadcast_arrays(*noise), axis=-1), own.profile.dof
    )[..., 0]
    scale = np.sqrt(variance * at(own.unit_variance))
    return StudentT(at(own.estimate), scale, own.profile.dof + PRIOR_DOF)
