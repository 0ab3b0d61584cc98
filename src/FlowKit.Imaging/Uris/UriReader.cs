namespace FlowKit.Imaging.Uris;

/// <summary>Reads what a <c>uri</c> names: data URIs always, files and hosts only as configured.</summary>
public sealed class UriReader : IDisposable
{
    private readonly IUriOptions _options;
    private readonly RootedFiles _files;
    private readonly RemoteFetcher _remote;

    /// <summary>Makes a reader.</summary>
    /// <param name="options">The folders and hosts that may be read, and how much of them.</param>
    /// <param name="baseDirectory">The folder that relative paths start from: the flow's folder.</param>
    public UriReader(IUriOptions options, string baseDirectory)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _files = new RootedFiles(options.Roots, baseDirectory, options.MaxBytes, TimeSpan.FromMilliseconds(options.FetchTimeout));
        _remote = new RemoteFetcher(options);
    }

    /// <summary>Reads all bytes.</summary>
    /// <param name="uri">A path, or a URI with the scheme <c>file</c>, <c>data</c>, <c>http</c> or <c>https</c>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="FlowKitException">The uri is not allowed, not there, too large or malformed.</exception>
    public async Task<ReadOnlyMemory<byte>> ReadAsync(string uri, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(uri);
        if (uri.StartsWith("data:", StringComparison.OrdinalIgnoreCase))
        {
            return ReadData(uri);
        }

        if (uri.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || uri.StartsWith("https://", StringComparison.OrdinalIgnoreCase))
        {
            return await _remote.FetchAsync(uri, cancellationToken);
        }

        return uri.Contains("://", StringComparison.Ordinal) && !uri.StartsWith("file:", StringComparison.OrdinalIgnoreCase)
            ? throw new FlowKitException(
                FlowErrorCode.InvalidArgument,
                $"uri: '{uri}' has a scheme that is not read; expected a path, file:, data:, http: or https:.")
            : await _files.ReadAsync(uri, cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => _remote.Dispose();

    private byte[] ReadData(string uri)
    {
        try
        {
            var bytes = DataUri.Read(uri);
            return bytes.Length <= _options.MaxBytes
                ? bytes
                : throw new FlowKitException(
                    FlowErrorCode.PayloadTooLarge,
                    $"uri: the data URI holds {bytes.Length} bytes; at most {_options.MaxBytes} are read (max_bytes).");
        }
        catch (FormatException exception)
        {
            throw new FlowKitException(FlowErrorCode.InvalidArgument, $"uri: {exception.Message}", exception);
        }
    }
}
