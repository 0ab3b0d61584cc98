using FlowKit.Clip;

namespace FlowKit.Executors.Labels;

/// <summary>Sets of labels whose sentences are embedded already: the last ones that requests named. For one call at a time.</summary>
internal sealed class LabelSets(ClipModel model, ZeroShotClassifierOptions options)
{
    /// <summary>The most labels of one set: each is embedded in several sentences.</summary>
    public const int MaxLabels = 1000;

    /// <summary>The most sets from requests that are kept, beside the executor's own.</summary>
    public const int MaxSets = 16;

    private readonly LinkedList<(string Key, ZeroShotClassifier Classifier)> _recent = [];
    private readonly ZeroShotClassifier? _own = options.Labels.Count > 0
        ? ZeroShotClassifier.Create(model, options.Labels, options.Templates, options.AbstainBelow)
        : null;

    /// <summary>The number of sets from requests that are kept now.</summary>
    public int Count => _recent.Count;

    /// <summary>The classifier for a request.</summary>
    /// <param name="labels">The request's labels; <see langword="null"/> for the executor's own.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="FlowKitException">There are no labels, too many, or the same twice.</exception>
    public ZeroShotClassifier Find(IReadOnlyList<string>? labels, CancellationToken cancellationToken)
    {
        if (labels is null)
        {
            return _own
                ?? throw new FlowKitException(
                    FlowErrorCode.InvalidArgument,
                    "parameters.labels: the request names none, and uses_with.labels neither.");
        }

        var key = string.Join('\0', labels);
        var known = _recent.FirstOrDefault(set => set.Key == key);
        _recent.Remove(known);
        if (known.Classifier is null)
        {
            known = (key, Create(labels, cancellationToken));
        }

        _recent.AddFirst(known);
        if (_recent.Count > MaxSets)
        {
            _recent.RemoveLast();
        }

        return known.Classifier;
    }

    private ZeroShotClassifier Create(IReadOnlyList<string> labels, CancellationToken cancellationToken)
    {
        if (labels.Count > MaxLabels)
        {
            throw new FlowKitException(
                FlowErrorCode.InvalidArgument,
                $"parameters.labels: there are {labels.Count}; at most {MaxLabels} are taken.");
        }

        try
        {
            return ZeroShotClassifier.Create(model, labels, options.Templates, options.AbstainBelow, cancellationToken);
        }
        catch (FlowKitException exception) when (exception.Error.Code == FlowErrorCode.InvalidArgument)
        {
            throw new FlowKitException(FlowErrorCode.InvalidArgument, $"parameters.{exception.Message}", exception);
        }
    }
}
