using FlowKit.Clip;
using Microsoft.Extensions.Logging;

namespace FlowKit.Executors;

/// <summary>What CLIP encoders have in common: a share in the model, the endpoints, and which documents are embedded.</summary>
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
        AccessPath.Parse(_options.AccessPaths);
        _share = await ClipShare.OpenAsync(_options.Model, Context, _tower, _options.Fallback == "cpu", cancellationToken);
        WarmUp(_share.Model, cancellationToken);
        Log.Loaded(Context.Logger, _tower, _share.Model.ModelId, _share.Model.Device);
    }

    /// <summary>Embeds the documents of a request.</summary>
    [Requests]
    public void Encode(DocumentArray docs, Parameters parameters, CancellationToken cancellationToken) => Encode(docs, parameters, _options.AccessPaths, cancellationToken);

    /// <summary>Embeds queries and their candidates: <c>@r,m</c>.</summary>
    [Requests("/rank")]
    public void Rank(DocumentArray docs, Parameters parameters, CancellationToken cancellationToken) => Encode(docs, parameters, "@r,m", cancellationToken);

    /// <summary>Ids are all that matters here: nothing is embedded.</summary>
    /// <remarks>Not static, because endpoints are looked for among a class's inherited methods, and those do not include static ones.</remarks>
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

    /// <summary>Makes ready what encoding needs, and runs the tower once: the first run is the slowest.</summary>
    private protected abstract void WarmUp(ClipModel model, CancellationToken cancellationToken);

    /// <summary>Whether the document holds what the tower embeds.</summary>
    private protected abstract bool IsForTower(Document document);

    /// <summary>Gives every document an embedding, or an error of its own.</summary>
    private protected abstract void EncodeBatch(Document[] batch, CancellationToken cancellationToken);

    /// <summary>What happens to all documents for the tower once they are embedded, also to those that were before.</summary>
    private protected virtual void Finish(IReadOnlyList<Document> documents, EncodeParameters request)
    {
    }

    private void Encode(DocumentArray docs, Parameters parameters, string path, CancellationToken cancellationToken)
    {
        var request = EncodeParameters.Read(parameters);
        var overwrite = request.OverwriteEmbeddings ?? _options.OverwriteEmbeddings;
        var documents = docs[request.Path(path)].Where(document => document.Error is null && IsForTower(document)).ToList();
        foreach (var batch in documents.Where(document => overwrite || document.Embedding is null).Chunk(request.Batch(_options.BatchSize)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            EncodeBatch(batch, cancellationToken);
        }

        Finish(documents, request);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Debug, "{Tower} tower of {Model} on {Device}")]
        public static partial void Loaded(ILogger logger, ClipTowers tower, string model, string device);
    }
}
