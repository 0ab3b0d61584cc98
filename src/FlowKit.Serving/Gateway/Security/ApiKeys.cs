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
    private readonly KnownKey[] _fixed;
    private readonly WatchedFile? _file;
    private readonly ILogger _logger;
    private volatile KnownKey[] _all;
    private readonly TimeProvider _time;

    /// <exception cref="FlowKitException">The file cannot be read, or holds a line that is no key.</exception>
    /// <param name="config">The keys of the configuration, and the file of others.</param>
    /// <param name="folder">The flow's folder.</param>
    /// <param name="time">Time.</param>
    /// <param name="logger">Told of changes.</param>
    /// <param name="more">Keys that the gateway makes itself.</param>
    public ApiKeys(
        GatewaySecurityConfig config, string folder, TimeProvider time, ILogger logger, params IEnumerable<ApiKeyConfig> more)
    {
        _logger = logger;
        _time = time;
        _fixed = [.. config.ApiKeys.Concat(more).Select(key => new KnownKey(key))];
        _file = config.ApiKeysFile is { } path ? new WatchedFile(Path.GetFullPath(path, folder), time) : null;
        _all = Load(out _);
        if (_file is not null)
        {
            SecretFile.WarnWhenOpen(_file.Path, "api_keys_file", logger);
        }
    }

    /// <summary>Finds a key, in the same time for one that is nearly right as for any other.</summary>
    /// <param name="key">The key that the caller sent.</param>
    /// <returns>What it allows; <see langword="null"/> when there is no such key, or none any more.</returns>
    public ApiKeyConfig? Find(string key)
    {
        if (key.Length > MaxShown)
        {
            return null;
        }

        Refresh();
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(key), digest);
        ApiKeyConfig? found = null;
        foreach (var known in _all)
        {
            found = CryptographicOperations.FixedTimeEquals(digest, known.Digest) ? known.Config : found;
        }

        return found is not null && IsInTime(found) ? found : null;
    }

    /// <summary>Tells whether a key that was found is still one.</summary>
    public bool IsValid(ApiKeyConfig key)
    {
        Refresh();
        return IsInTime(key) && Array.Exists(_all, known => known.Config == key);
    }

    private bool IsInTime(ApiKeyConfig key) => key.Expires is not { } end || _time.GetUtcNow() < end;

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

    private KnownKey[] Load(out bool isNew)
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
    private List<KnownKey> Parse(string text)
    {
        var keys = new List<KnownKey>();
        var number = 0;
        foreach (var line in text.Split('\n').Select(line => line.Trim()))
        {
            number++;
            if (line.Length > 0 && line[0] != '#')
            {
                keys.Add(new KnownKey(ApiKeyConfig.Read(line, out var mistake) ?? throw Wrong($"line {number}: {mistake}")));
            }
        }

        return keys.Count > 0 ? keys : throw Wrong("it holds no key");
    }

    private FlowKitException Wrong(string reason) => new(
        FlowErrorCode.FailedPrecondition,
        $"gateway.api_keys_file: '{_file!.Path}': {reason}.");

    private sealed record KnownKey(ApiKeyConfig Config)
    {
        public byte[] Digest { get; } = Convert.FromHexString(Config.Digest);
    }

    private static partial class Log
    {
        [LoggerMessage(EventIds.ApiKeysChanged, LogLevel.Information, "The API keys of {Path} have changed; there are {Count} now")]
        public static partial void Taken(ILogger logger, string path, int count);

        [LoggerMessage(EventIds.ApiKeysKept, LogLevel.Warning, "The API keys are used as they were: {Reason}")]
        public static partial void Kept(ILogger logger, string reason);
    }
}
