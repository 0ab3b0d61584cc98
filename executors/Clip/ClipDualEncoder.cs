using FlowKit.Clip;
using FlowKit.Executors.Images;
using FlowKit.Executors.Texts;
using FlowKit.Imaging.Uris;

namespace FlowKit.Executors;

/// <summary>An encoder with both towers: each document goes to the tower of its content.</summary>
public abstract class ClipDualEncoder : ClipTowerEncoder
{
    private readonly ClipDualEncoderOptions _options;
    private readonly UriReader _uris;
    private ImageEncoding? _images;

    private protected ClipDualEncoder(ClipDualEncoderOptions options)
        : base(options, ClipTowers.Both)
    {
        _options = options;
        _uris = new UriReader(options, Context.BaseDirectory);
    }

    /// <inheritdoc/>
    public override ValueTask DisposeAsync()
    {
        _uris.Dispose();
        GC.SuppressFinalize(this);
        return base.DisposeAsync();
    }

    private protected override void Prepare(ClipModel model) => _images = new ImageEncoding(Share, _options, _uris.ReadAsync);

    private protected override bool IsForTower(Document document) => TowerOf(document) != ClipTowers.None;

    private protected override async Task EncodeDocumentsAsync(
        IReadOnlyList<Document> documents, int batchSize, RequestContext request, CancellationToken cancellationToken)
    {
        var texts = Choose(documents, ClipTowers.Text, Share.Model.HasText);
        var pictures = Choose(documents, ClipTowers.Image, Share.Model.HasImages);
        if (texts.Count > 0 && pictures.Count > 0)
        {
            await EncodeBothAsync(texts, pictures, batchSize, request, cancellationToken);
            return;
        }

        TextEncoding.Encode(Share, texts, batchSize, cancellationToken);
        await _images!.EncodeAsync(pictures, batchSize, request, cancellationToken);
    }

    private protected override void Finish(IReadOnlyList<Document> documents, EncodeParameters request)
    {
        if (request.DropImageContent ?? _options.DropImageContent)
        {
            foreach (var document in documents.Where(document => document.ContentType is DocumentContent.Tensor or DocumentContent.Blob))
            {
                document.ClearContent();
            }
        }
    }

    /// <summary>
    /// Runs both towers at once, each with slots and memory of its own: texts wait neither for files nor for pixels, pictures not for
    /// texts.
    /// </summary>
    private async Task EncodeBothAsync(
        List<Document> texts, List<Document> pictures, int batchSize, RequestContext request, CancellationToken cancellationToken)
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);

        // It comes back as soon as it waits for pixels, which other threads make, and goes on by itself when they are there.
        var embedding = _images!.EncodeAsync(pictures, batchSize, request, stopping.Token);
        try
        {
            TextEncoding.Encode(Share, texts, batchSize, cancellationToken);
        }
        catch
        {
            // Nobody may write into documents that have gone back.
            await stopping.CancelAsync();
            await embedding.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }

        await embedding;
    }

    private ClipTowers TowerOf(Document document)
    {
        var hasText = BlankText.HasContent(Share.Model, document.Text);
        if (hasText && (_options.Prefer == ContentPreference.Text || !HasPicture(document)))
        {
            return ClipTowers.Text;
        }

        return HasPicture(document) ? ClipTowers.Image : ClipTowers.None;
    }

    private static bool HasPicture(Document document)
    {
        if (document.ContentType == DocumentContent.Tensor)
        {
            return true;
        }

        var isText = document.MimeType?.StartsWith("text/", StringComparison.OrdinalIgnoreCase) == true;
        return !isText && (document.ContentType == DocumentContent.Blob || !string.IsNullOrEmpty(document.Uri));
    }

    /// <summary>The documents of a tower; where the model has no such tower they fail, each alone.</summary>
    private List<Document> Choose(IEnumerable<Document> documents, ClipTowers tower, bool isThere)
    {
        var chosen = documents.Where(document => TowerOf(document) == tower).ToList();
        if (isThere)
        {
            return chosen;
        }

        foreach (var document in chosen)
        {
            document.Fail(
                FlowErrorCode.InvalidArgument,
                $"The model '{Share.Model.ModelId}' has no {(tower == ClipTowers.Text ? "text" : "image")} tower,"
                + " which this document needs.");
        }

        return [];
    }
}
