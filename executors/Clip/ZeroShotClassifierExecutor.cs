using System.Text.Json;
using System.Text.Json.Nodes;
using FlowKit.Clip;
using FlowKit.Executors.Labels;

namespace FlowKit.Executors;

/// <summary>
/// Labels documents that no one trained it for. A document without an embedding is embedded, as text or as a picture; one that has one is
/// taken by it when the same model made it. <c>tags.label</c> is the label that fits best, <c>scores</c> hold the probabilities of the
/// first
/// <c>top_k</c>; a document that no label fits well enough has no <c>tags.label</c>.
/// </summary>
/// <param name="options">The options, as <c>uses_with</c> sets them.</param>
[Executor("ZeroShotClassifier", Description = "Labels texts and pictures with the words you give, by a CLIP model.")]
public sealed class ZeroShotClassifierExecutor(ZeroShotClassifierOptions options) : ClipDualEncoder(options)
{
    private const string LabelTag = "label";

    private LabelSets? _labels;

    /// <summary>Labels the documents of a request; <c>parameters.labels</c> names other labels than the executor's own.</summary>
    public override async Task Encode(
        DocumentArray docs,
        [Reads(typeof(LabelParameters))] Parameters parameters,
        RequestContext request,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        var classifier = _labels!.Find(LabelsOf(parameters), cancellationToken);
        foreach (var document in await EncodeAsync(docs, parameters, options.ChosenPaths, request, cancellationToken))
        {
            if (document.Error is null)
            {
                Classify(document, classifier);
            }
        }
    }

    /// <summary>Candidates are not labelled: they pass.</summary>
    public override Task Rank(
        DocumentArray docs, Parameters parameters, RequestContext request, CancellationToken cancellationToken) => Task.CompletedTask;

    private protected override void Prepare(ClipModel model)
    {
        base.Prepare(model);
        _labels = new LabelSets(model, options);
    }

    private protected override bool IsForTower(Document document) => document.Embedding is not null || base.IsForTower(document);

    private static List<string>? LabelsOf(Parameters parameters) => parameters.Get<JsonNode>("labels") switch
    {
        null => null,
        JsonArray list when list.All(label => label?.GetValueKind() == JsonValueKind.String) =>
            [.. list.Select(label => label!.GetValue<string>())],
        _ => throw new FlowKitException(FlowErrorCode.InvalidArgument, "parameters.labels: expected a list of texts."),
    };

    private void Classify(Document document, ZeroShotClassifier classifier)
    {
        if (EmbeddingModel.Of(document) is { } other && other != Share.Model.ModelId)
        {
            document.Fail(
                FlowErrorCode.FailedPrecondition,
                $"embedding: it was made by the model '{other}', and the labels by '{Share.Model.ModelId}';"
                + " overwrite_embeddings makes a new one.");
            return;
        }

        try
        {
            Write(document, classifier, classifier.Classify(document.Embedding!.ToFloats()));
        }
        catch (FlowKitException exception)
        {
            document.Fail(exception.Error.Code, $"embedding: {exception.Message}");
        }
    }

    private void Write(Document document, ZeroShotClassifier classifier, ZeroShotPrediction prediction)
    {
        document.Tags.Remove(LabelTag);
        if (prediction.Label is { } label)
        {
            document.Tags[LabelTag] = label;
        }

        foreach (var place in ClipScoring.Rank([.. prediction.Probabilities]).Take(options.TopK))
        {
            document.Scores[classifier.Labels[place]] = new NamedScore(
                prediction.Probabilities[place],
                Share.Model.Card.Scoring,
                FormattableString.Invariant($"cosine {prediction.Cosines[place]:F4}"));
        }
    }
}
