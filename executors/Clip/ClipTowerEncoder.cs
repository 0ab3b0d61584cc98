using FlowKit.Clip;
using FlowKit.Clip.Models;
using Microsoft.Extensions.Logging;
using Microsoft.ML.OnnxRuntime;

namespace FlowKit.Executors;

/// <summary>
/// Base class of the CLIP encoders: holds a share in the model, serves the endpoints, and selects the documents that are embedded.
/// </summary>
[ExecutorFault(typeof(OnnxRuntimeException))]
public abstract partial class ClipTowerEncoder : Executor
{
    private readonly ClipEncoderOptions _options;
    private readonly ClipTowers _tower;
    private ClipShare? _share;

    private protected ClipTowerEncoder(ClipEncoderOptions options, ClipTowers tower) => (_options, _tower) = (options, tower);

    private protected ClipShare Share => _share ?? throw new FlowKitException(FlowErrorCode.Unavailable, "The model is not loaded.");

    /// <inheritdoc/>
    public override async Task LoadAsync(CancellationToken cancellationToken)
    {
        AccessPath.Parse(_options.ChosenPaths);
        _share = await ClipShare.OpenAsync(_options, Context, _tower, cancellationToken);
        CheckLength(_share.Model);
        Prepare(_share.Model);
        await Task.Run(
            () => _share.Model.WarmUp(
                _options.WarmUp.Count > 0 ? _options.WarmUp : [1, _options.ChosenBatchSize], _tower, cancellationToken),
            cancellationToken);
        foreach (var (tower, cosine) in _share.Model.VariantCosines.Where(measured => _tower.HasFlag(measured.Key)))
        {
            Log.Measured(Context.Logger, _options.ChosenVariant, tower, _share.Model.ModelId, cosine);
        }

        Log.Loaded(Context.Logger, _tower, _share.Model.ModelId, _share.Model.Device);
    }

    /// <summary>Embeds the documents of a request.</summary>
    [Requests]
    public virtual Task Encode(
        DocumentArray docs,
        [Reads(typeof(EncodeParameters))] Parameters parameters,
        RequestContext request,
        CancellationToken cancellationToken) =>
        EncodeAsync(docs, parameters, _options.ChosenPaths, request, cancellationToken);

    /// <summary>Embeds queries and their candidates: <c>@r,m</c>.</summary>
    [Requests("/rank")]
    public virtual Task Rank(
        DocumentArray docs,
        [Reads(typeof(EncodeParameters))] Parameters parameters,
        RequestContext request,
        CancellationToken cancellationToken) =>
        EncodeAsync(docs, parameters, "@r,m", request, cancellationToken);

    /// <summary>Ids are all that matters here: nothing is embedded.</summary>
    /// <remarks>
    /// Not static, because endpoints are looked for among a class's inherited methods, and those do not include static ones.
    /// </remarks>
    [Requests("/delete", "/status")]
    public virtual void PassBy()
    {
    }

    /// <inheritdoc/>
    public override ValueTask DisposeAsync()
    {
        _share?.Dispose();
        GC.SuppressFinalize(this);
        return base.DisposeAsync();
    }

    /// <summary>Makes ready what encoding needs.</summary>
    private protected virtual void Prepare(ClipModel model)
    {
    }

    /// <summary>Indicates whether the document holds content that the tower embeds.</summary>
    private protected abstract bool IsForTower(Document document);

    /// <summary>Gives every document an embedding, or an error of its own.</summary>
    /// <param name="documents">Documents that hold what the tower embeds.</param>
    /// <param name="batchSize">The most documents that the model takes at once.</param>
    /// <param name="request">The request that they belong to.</param>
    /// <param name="cancellationToken">Gives up.</param>
    private protected abstract Task EncodeDocumentsAsync(
        IReadOnlyList<Document> documents, int batchSize, RequestContext request, CancellationToken cancellationToken);

    /// <summary>Called with all documents for the tower after encoding, including those that had an embedding before.</summary>
    private protected virtual void Finish(IReadOnlyList<Document> documents, EncodeParameters request)
    {
    }

    /// <summary>Embeds what a request means.</summary>
    /// <returns>All documents for the tower, also those that were embedded before.</returns>
    private protected async Task<IReadOnlyList<Document>> EncodeAsync(
        DocumentArray docs, Parameters parameters, string path, RequestContext request, CancellationToken cancellationToken)
    {
        var asked = EncodeParameters.Read(parameters);
        var overwrite = asked.OverwriteEmbeddings ?? _options.OverwriteEmbeddings;
        var batchSize = asked.Batch(_options.ChosenBatchSize);
        var documents = docs[asked.Path(path)].Where(document => document.Error is null && IsForTower(document)).ToList();
        if (documents.Count > 0 && asked.ModelName is { Length: > 0 } name)
        {
            CheckModel(name, "parameters.model_name");
        }

        List<Document> fresh = [.. documents.Where(document => overwrite || document.Embedding is null)];
        await EncodeDocumentsAsync(fresh, batchSize, request, cancellationToken);
        if (asked.Dimensions is { } dimensions)
        {
            Shorten(fresh, dimensions);
        }

        Finish(documents, asked);
        return documents;
    }

    /// <summary>Embeddings of another model than the one that was asked for would be compared with the wrong ones.</summary>
    private protected void CheckModel(string name, string where)
    {
        var folder = Share.Model.Folder;
        var asked = ClipRegistry.Find(name);
        if (name != folder.Card.Name && name != Share.Model.ModelId && (asked is null || asked.Name != folder.Known?.Name))
        {
            throw new FlowKitException(
                FlowErrorCode.NotFound,
                $"{where}: the model '{name}' is asked for, and {GetType().Name} '{Context.Name}' has '{folder.Card.Name}'.");
        }
    }

    private void Shorten(List<Document> documents, int dimensions)
    {
        foreach (var document in documents.Where(document => document is { Error: null, Embedding: not null }))
        {
            try
            {
                document.Embedding = NdArray.Wrap(Share.Model.Card.Shorten(document.Embedding!.ToFloats().ToArray(), dimensions));
            }
            catch (FlowKitException exception)
            {
                throw new FlowKitException(exception.Error with { Message = $"parameters.dimensions: {exception.Message}" });
            }
        }
    }

    /// <summary>A graph takes texts of one length, which the model's card states.</summary>
    private void CheckLength(ClipModel model)
    {
        if (_options.MaxLength is { } length && length != model.Card.ContextLength)
        {
            throw new FlowKitException(
                FlowErrorCode.FailedPrecondition,
                $"uses_with.max_length: it says {length},"
                + $" and the model '{model.ModelId}' takes texts of {model.Card.ContextLength} tokens; leave it out.");
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Debug, "{Tower} tower of {Model} on {Device}")]
        public static partial void Loaded(ILogger logger, ClipTowers tower, string model, string device);

        [LoggerMessage(2, LogLevel.Information, "{Variant} {Tower} tower of {Model}: smallest cosine to the most exact files {Cosine:F5}")]
        public static partial void Measured(ILogger logger, string variant, ClipTowers tower, string model, float cosine);
    }
}
