using FlowKit.Clip;

namespace FlowKit.Executors;

/// <summary>Documents whose pixels are being made in the image tower's own memory; nobody may give it back before they are.</summary>
internal sealed class ImageBatch : IAsyncDisposable
{
    private readonly Document[] _documents;
    private readonly ClipShare _share;
    private readonly ImageInput _input;
    private readonly PixelBatch _pixels;
    private readonly float[]?[] _known;

    /// <summary>Begins to make the pixels.</summary>
    public ImageBatch(Document[] documents, ClipShare share, ImageInput input, CancellationToken cancellationToken)
    {
        (_documents, _share, _input, _known) = (documents, share, input, new float[]?[documents.Length]);
        _pixels = share.Model.RentPixels(documents.Length);
        Ready = share.Model.ForEachPicture(documents.Length, Prepare, cancellationToken);
    }

    /// <summary>Completes when the pixels are there.</summary>
    public Task Ready { get; }

    /// <summary>Gives the documents their embeddings: those known from before, and those the model makes.</summary>
    public void Embed(CancellationToken cancellationToken)
    {
        var readable = Compact();
        var embeddings = readable.Count > 0 ? _share.Model.EncodePixels(_pixels, readable.Count, cancellationToken) : [];
        for (var i = 0; i < readable.Count; i++)
        {
            _share.Stamp(readable[i], embeddings[i]);
            _input.Keep(readable[i], embeddings[i]);
        }

        for (var i = 0; i < _known.Length; i++)
        {
            if (_known[i] is { } known)
            {
                _share.Stamp(_documents[i], known);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Ready.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _pixels.Dispose();
    }

    private void Prepare(int index)
    {
        try
        {
            _known[index] = _input.Find(_documents[index]);
            if (_known[index] is null)
            {
                _input.Write(_documents[index], _pixels, index);
            }
        }
        catch (FlowKitException exception)
        {
            _documents[index].Fail(exception.Error.Code, exception.Message);
        }
    }

    /// <summary>Moves the pictures that the model has to see together, so that the others cost it nothing.</summary>
    private List<Document> Compact()
    {
        var readable = new List<Document>(_documents.Length);
        for (var i = 0; i < _documents.Length; i++)
        {
            if (_documents[i].Error is not null || _known[i] is not null)
            {
                continue;
            }

            if (i != readable.Count)
            {
                _pixels.Move(i, readable.Count);
            }

            readable.Add(_documents[i]);
        }

        return readable;
    }
}
