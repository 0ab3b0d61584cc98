namespace FlowKit.Executors;

/// <summary>Reads what a <c>uri</c> names: data URIs always, files and hosts only as configured.</summary>
internal sealed class UriReader : IDisposable
{
    private readonly ImageDecoderOptions _options;
    private readonly RootedFiles _files;
    private readonly RemoteFetcher _remote;

    public UriReader(ImageDecoderOptions options, string baseDirectory)
    {
        _options = options;
        _files = new RootedFiles(options.Roots, baseDirectory, options.MaxBytes);
        _remote = new RemoteFetcher(options);
    }

    /// <exception cref="FlowKitException">The uri is not allowed, not there, too large or malformed.</exception>
    public async Task<ReadOnlyMemory<byte>> ReadAsync(string uri, CancellationToken cancellationToken)
    {
        if (uri.StartsWith("data:", StringComparison.OrdinalIgnoreCase))
        {
            return ReadData(uri);
        }

        if (uri.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || uri.StartsWith("https://", StringComparison.OrdinalIgnoreCase))
        {
            return await _remote.FetchAsync(uri, cancellationToken);
        }

        return await _files.ReadAsync(uri, cancellationToken);
    }

    public void Dispose() => _remote.Dispose();

    private byte[] ReadData(string uri)
    {
        var comma = uri.IndexOf(',', StringComparison.Ordinal);
        if (comma < 0)
        {
            throw new FlowKitException(FlowErrorCode.InvalidArgument, "uri: a data URI needs a comma before its data.");
        }

        if (uri.Length - comma > _options.MaxBytes / 3 * 4 + 4)
        {
            throw new FlowKitException(FlowErrorCode.PayloadTooLarge, $"uri: the data URI holds more than {_options.MaxBytes} bytes (max_bytes).");
        }

        try
        {
            return uri[..comma].EndsWith(";base64", StringComparison.OrdinalIgnoreCase)
                ? Convert.FromBase64String(Uri.UnescapeDataString(uri[(comma + 1)..]))
                : System.Text.Encoding.Latin1.GetBytes(Uri.UnescapeDataString(uri[(comma + 1)..]));
        }
        catch (FormatException exception)
        {
            throw new FlowKitException(FlowErrorCode.InvalidArgument, "uri: the data URI does not hold valid base64.", exception);
        }
    }
}
