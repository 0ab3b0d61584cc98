using System.Security.Cryptography;
using System.Text;
using FlowKit.Configuration.Gateway;
using FlowKit.Telemetry;
using Microsoft.Extensions.Logging;

namespace FlowKit.Serving.Gateway.Security;

/// <summary>The keys that callers may show, kept as SHA-256; those of a file follow its changes.</summary>
internal sealed partial class ApiKeys
{
    private const int MaxShown = 4096;

    private readonly Lock _loading = new();
    private readonly byte[][] _fixed;
    private readonly WatchedFile? _file;
    private readonly ILogger _logger;
    private volatile byte[][] _all;

    /// <exception cref="FlowKitException">The file cannot be read, or holds a line that is no key.</exception>
    public ApiKeys(GatewaySecurityConfig config, string folder, TimeProvider time, ILogger logger)
    {
        _logger = logger;
        _fixed = [.. config.ApiKeyDigests.Select(Convert.FromHexString)];
        _file = config.ApiKeysFile is { } path ? new WatchedFile(Path.GetFullPath(path, folder), time) : null;
        _all = Load(out _);
    }

    /// <summary>Tells whether a key is one of them, in the same time for a key that is nearly right as for any other.</summary>
    /// <param name="key">The key that the caller sent.</param>
    public bool Contains(string key)
    {
        if (key.Length > MaxShown)
        {
            return false;
        }

        Refresh();
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(key), digest);
        var isKnown = false;
        foreach (var known in _all)
        {
            isKnown |= CryptographicOperations.FixedTimeEquals(digest, known);
        }

        return isKnown;
    }

    private void Refresh()
    {
        if (_file is not { IsDue: true } || !_loading.TryEnter())
        {
            return;
        }

        try
        {
            var keys = Load(out var isNew);
            if (isNew)
            {
                _all = keys;
                Log.Taken(_logger, _file.Path, keys.Length);
            }
        }
        catch (FlowKitException exception)
        {
            Log.Kept(_logger, exception.Message);
        }
        finally
        {
            _loading.Exit();
        }
    }

    private byte[][] Load(out bool isNew)
    {
        isNew = false;
        if (_file is null)
        {
            return _fixed;
        }

        try
        {
            var text = _file.Read(out isNew);
            return isNew ? [.. _fixed, .. Parse(text)] : _all;
        }
        catch (Exception exception) when (FileFailure.IsOfFiles(exception))
        {
            throw new FlowKitException(
                FlowErrorCode.NotFound, $"gateway.api_keys_file: the file '{_file.Path}' cannot be read: {exception.Message}", exception);
        }
    }

    /// <summary>
    /// Empty lines and those that begin with <c>#</c> are passed over. A file without keys would lock everybody out, so it is a mistake.
    /// </summary>
    private List<byte[]> Parse(string text)
    {
        var keys = new List<byte[]>();
        var number = 0;
        foreach (var line in text.Split('\n').Select(line => line.Trim()))
        {
            number++;
            if (line.Length > 0 && line[0] != '#')
            {
                keys.Add(ApiKeyDigest.Read(line) is { } digest ? Convert.FromHexString(digest) : throw Wrong($"line {number} is no key"));
            }
        }

        return keys.Count > 0 ? keys : throw Wrong("it holds no key");
    }

    private FlowKitException Wrong(string reason) => new(
        FlowErrorCode.FailedPrecondition,
        $"gateway.api_keys_file: '{_file!.Path}': {reason}; expected a key of at least {ApiKeyDigest.MinKeyLength} ASCII characters "
            + $"without blanks on each line, or {ApiKeyDigest.Prefix} and 64 hexadecimal digits.");

    private static partial class Log
    {
        [LoggerMessage(EventIds.ApiKeysChanged, LogLevel.Information, "The API keys of {Path} have changed; there are {Count} now")]
        public static partial void Taken(ILogger logger, string path, int count);

        [LoggerMessage(EventIds.ApiKeysKept, LogLevel.Warning, "The API keys are used as they were: {Reason}")]
        public static partial void Kept(ILogger logger, string reason);
    }
}
