using System.Text.Json;
using System.Text.Json.Nodes;
using FlowKit.Configuration.Flow;
using FlowKit.Imaging.Uris;
using FlowKit.Runtime;

namespace FlowKit.Serving.Gateway.Dashboard;

/// <summary>
/// Finds the bytes of a document's picture: its thumbnail, its content, or what its uri names, which is data or a file below the
/// <c>roots</c> of the flow's executors. No host is asked.
/// </summary>
/// <param name="flow">The flow.</param>
internal sealed class PictureSources(FlowRuntime flow) : IDisposable
{
    private readonly Lock _lock = new();
    private (FlowConfig Config, UriReader Reader)? _reader;

    /// <summary>Reads the bytes.</summary>
    /// <param name="document">The document.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="FlowKitException">It has no picture, or that may not or cannot be read.</exception>
    public async Task<ReadOnlyMemory<byte>> ReadAsync(Document document, CancellationToken cancellationToken)
    {
        if (document.Tags.TryGetPropertyValue("thumbnail", out var tag)
            && tag?.GetValueKind() == JsonValueKind.String
            && tag.GetValue<string>() is { } thumbnail
            && thumbnail.StartsWith("data:image/", StringComparison.OrdinalIgnoreCase))
        {
            return await Reader().ReadAsync(thumbnail, cancellationToken);
        }

        if (document.Blob is { Length: > 0 } blob)
        {
            return blob;
        }

        return document.Uri is { Length: > 0 } uri && !IsOfHost(uri)
            ? await Reader().ReadAsync(uri, cancellationToken)
            : throw new FlowKitException(FlowErrorCode.NotFound, $"The document '{document.Id}' has no picture that could be shown.");
    }

    public void Dispose() => _reader?.Reader.Dispose();

    private static bool IsOfHost(string uri) =>
        uri.StartsWith("http:", StringComparison.OrdinalIgnoreCase) || uri.StartsWith("https:", StringComparison.OrdinalIgnoreCase);

    /// <summary>The folders may change with the flow.</summary>
    private UriReader Reader()
    {
        lock (_lock)
        {
            var config = flow.Operations.Config;
            if (_reader is not { } known || known.Config != config)
            {
                _reader?.Reader.Dispose();
                known = (config, new UriReader(Options.Of(config), config.BaseDirectory));
                _reader = known;
            }

            return known.Reader;
        }
    }

    /// <summary>The folders that the executors may read themselves, and no host.</summary>
    private sealed record Options(IReadOnlyList<string> Roots) : IUriOptions
    {
        public IReadOnlyList<string> Hosts => [];

        public long MaxBytes => 64 << 20;

        public int FetchTimeout => 10_000;

        public static Options Of(FlowConfig config) => new([.. config.Executors.SelectMany(
            executor => (executor.UsesWith["roots"] as JsonArray ?? [])
                .Where(root => root?.GetValueKind() == JsonValueKind.String)
                .Select(root => Path.GetFullPath(root!.GetValue<string>(), executor.BaseDirectory ?? config.BaseDirectory))).Distinct()]);
    }
}
