"""Causal-inference evaluation of declared promotion experiments.

>>> import evaluator
>>> experiment = evaluator.load_experiment("experiments/itcilo-2022")   # doctest: +SKIP
>>> evaluator.evaluate(experiment).to_pandas()                          # doctest: +SKIP
"""
