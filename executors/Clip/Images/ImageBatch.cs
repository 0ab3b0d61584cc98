using FlowKit.Clip;
using FlowKit.Imaging;

namespace FlowKit.Executors.Images;

/// <summary>Documents whose pixels are being made in the image tower's own memory; nobody may give it back before they are.</summary>
internal sealed class ImageBatch : IAsyncDisposable
{
    /// <summary>Hosts answer slowly, and waiting costs no core.</summary>
    private const int ParallelFetches = 8;

    private readonly Document[] _documents;
    private readonly ClipShare _share;
    private readonly ImageInput _input;
    private readonly PixelBudget _budget;
    private readonly Func<string, CancellationToken, Task<ReadOnlyMemory<byte>>>? _uris;
    private readonly PixelBatch _pixels;
    private readonly ReadOnlyMemory<byte>?[] _files;
    private readonly float[]?[] _known;

    /// <summary>Begins to make the pixels.</summary>
    public ImageBatch(
        Document[] documents,
        ClipShare share,
        ImageInput input,
        PixelBudget budget,
        Func<string, CancellationToken, Task<ReadOnlyMemory<byte>>>? uris,
        CancellationToken cancellationToken)
    {
        (_documents, _share, _input, _budget, _uris) = (documents, share, input, budget, uris);
        _known = new float[]?[documents.Length];
        _files = Array.ConvertAll(documents, document => document.Blob);
        _pixels = share.Model.RentPixels(documents.Length);
        Ready = PrepareAsync(cancellationToken);
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
            _share.Stamp(_documents[readable[i]], embeddings[i]);
            _input.Keep(_files[readable[i]], embeddings[i]);
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

    private async Task PrepareAsync(CancellationToken cancellationToken)
    {
        if (_uris is not null)
        {
            var missing = Enumerable.Range(0, _documents.Length).Where(i => _documents[i].Tensor is null && _files[i] is null);
            await Parallel.ForEachAsync(
                missing,
                new ParallelOptions { MaxDegreeOfParallelism = ParallelFetches, CancellationToken = cancellationToken },
                FetchAsync);
        }

        await _share.Model.ForEachPicture(_documents.Length, Prepare, cancellationToken);
    }

    private async ValueTask FetchAsync(int index, CancellationToken cancellationToken)
    {
        try
        {
            _files[index] = await _uris!(_documents[index].Uri!, cancellationToken);
        }
        catch (FlowKitException exception)
        {
            _documents[index].Fail(exception.Error.Code, exception.Message);
        }
    }

    private void Prepare(int index)
    {
        if (_documents[index].Error is not null)
        {
            return;
        }

        try
        {
            _known[index] = _input.Find(_files[index]);
            if (_known[index] is null)
            {
                _input.Write(_documents[index], _files[index], _budget, _pixels, index);
            }
        }
        catch (FlowKitException exception)
        {
            _documents[index].Fail(exception.Error.Code, exception.Message);
        }
    }

    /// <summary>Moves the pictures that the model has to see together, so that the others cost it nothing.</summary>
    /// <returns>The places of their documents.</returns>
    private List<int> Compact()
    {
        var readable = new List<int>(_documents.Length);
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

            readable.Add(i);
        }

        return readable;
    }
}
