"""Recall, what queries bring, and how far both may be off."""
import numpy as np

RESAMPLES = 2000


def unit(x):
    """Rows of length 1."""
    return x / np.maximum(np.linalg.norm(x, axis=-1, keepdims=True), 1e-12)


def ranks(texts, images, own):
    """How many pictures are at least as near to each text as its own one (which is not counted)."""
    cosines = texts @ images.T
    return (cosines >= cosines[np.arange(len(own)), own][:, None]).sum(1) - 1


def recall(places, at):
    """Share of the texts whose picture is among the first."""
    return float(np.mean(places < at))


def interval(values, seed=20):
    """The 95 % interval of a mean by the bootstrap."""
    rng, values = np.random.default_rng(seed), np.asarray(values, float)
    means = values[rng.integers(0, len(values), (RESAMPLES, len(values)))].mean(1)
    return [round(float(v), 3) for v in np.percentile(means, (2.5, 97.5))]


def found(texts, images, right):
    """For every query whether the first is right, whether one of five is, the share of five, average precision, the order."""
    results = []
    for text, wanted in zip(texts, right):
        order = np.argsort(-(images @ text), kind="stable")
        hits = np.isin(order, list(wanted))
        precision = np.cumsum(hits) / np.arange(1, len(hits) + 1)
        results.append({"first": bool(hits[0]), "any_of_5": bool(hits[:5].any()), "of_5": int(hits[:5].sum()),
                        "average_precision": float(precision[hits].mean()), "order": order[:5].tolist()})
    return results


def by_chance(count, right):
    """What a random order would bring: recall@1, @5, @10, the first right, one of five right."""
    missed = [np.prod([(count - len(r) - i) / (count - i) for i in range(5)]) for r in right]
    return {"recall": [round(k / count, 3) for k in (1, 5, 10)], "first_right": round(float(np.mean([len(r) for r in right])) / count, 3),
            "any_of_5_right": round(1 - float(np.mean(missed)), 3)}


def summary(places, results):
    """The figures of a model with their intervals."""
    figures = {f"recall@{k}": [round(recall(places, k), 3), interval(places < k)] for k in (1, 5, 10)}
    figures["median_rank"] = int(np.median(places)) + 1
    for key, name in (("first", "first_right"), ("any_of_5", "any_of_5_right"), ("average_precision", "mean_average_precision")):
        values = [float(r[key]) for r in results]
        figures[name] = [round(float(np.mean(values)), 3), interval(values)]
    return figures
