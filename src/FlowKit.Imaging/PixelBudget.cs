namespace FlowKit.Imaging;

/// <summary>
/// The limits of all the pictures of one request together: their pixels, and the memory that decoding takes. Safe for many threads.
/// </summary>
/// <param name="maxPixels">The most pixels of all pictures.</param>
/// <param name="share">Pays for the memory; <see langword="null"/> where nobody counts.</param>
public sealed class PixelBudget(long maxPixels, IMemoryShare? share)
{
    /// <summary>The time that a picture waits for the memory of others.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    /// <summary>Another request's memory comes back without a word, so that it is looked for this often.</summary>
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(20);

    private readonly object _lock = new();
    private long _pixels;
    private long _rented;
    private TimeSpan _patience = s_patience;

    /// <summary>Counts a picture before anything of its pixels is decoded.</summary>
    /// <exception cref="FlowKitException">With it the request has too many pixels.</exception>
    internal void Count(int width, int height)
    {
        var pixels = (long)width * height;
        var all = Interlocked.Add(ref _pixels, pixels);
        if (all > maxPixels)
        {
            Interlocked.Add(ref _pixels, -pixels);
            throw new FlowKitException(
                FlowErrorCode.PayloadTooLarge,
                $"With this image of {width}×{height} pixels the request has {all}; at most {maxPixels} are allowed in all images of one"
                    + " request (max_request_pixels). Send it in another request.");
        }
    }

    /// <summary>Takes memory that is needed for a while, waiting a little for that of others.</summary>
    /// <exception cref="FlowKitException">There is none.</exception>
    internal PixelRent Rent(long bytes)
    {
        if (share is null || bytes == 0)
        {
            return default;
        }

        lock (_lock)
        {
            Take(bytes, share);
            _rented += bytes;
        }

        return new PixelRent(this, bytes);
    }

    /// <summary>Takes memory that the request keeps to its end, waiting a little for that of others.</summary>
    /// <exception cref="FlowKitException">There is none.</exception>
    internal void Keep(long bytes)
    {
        if (share is not null)
        {
            lock (_lock)
            {
                Take(bytes, share);
            }
        }
    }

    internal void Return(long bytes)
    {
        lock (_lock)
        {
            share!.Return(bytes);
            _rented -= bytes;
            Monitor.PulseAll(_lock);
        }
    }

    /// <summary>
    /// Other pictures of this request give theirs back when they are decoded, so that each picture may wait for them; for other requests
    /// all of this one's wait together no longer than that.
    /// </summary>
    private void Take(long bytes, IMemoryShare from)
    {
        var own = s_patience;
        while (from.TryTake(bytes, "The image") is { } refusal)
        {
            ref var patience = ref _rented > 0 ? ref own : ref _patience;
            var mayComeBack = refusal.RetryAfter is not null || _rented > 0;
            if (!mayComeBack || patience <= TimeSpan.Zero)
            {
                throw new FlowKitException(refusal);
            }

            Monitor.Wait(_lock, s_pause);
            patience -= s_pause;
        }
    }
}
