using System.Security.Cryptography;

namespace FlowKit.Serving.Gateway.Security;

/// <summary>
/// A small file that is read again while it is used, at most once a second. Its content decides, not its date: secrets are often links
/// that are turned to another file.
/// </summary>
/// <param name="path">The file.</param>
/// <param name="time">Time.</param>
internal sealed class WatchedFile(string path, TimeProvider time)
{
    private const int MaxBytes = 1 << 20;

    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);

    private byte[] _digest = [];
    private long _readAt;

    public string Path => path;

    /// <summary>Indicates whether it is time to look again.</summary>
    public bool IsDue => _readAt == 0 || time.GetElapsedTime(_readAt) >= s_pause;

    /// <summary>Reads the file.</summary>
    /// <param name="isNew">Whether it holds something else than the last time.</param>
    /// <exception cref="IOException">It cannot be read, or is too large.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public string Read(out bool isNew)
    {
        _readAt = Math.Max(time.GetTimestamp(), 1);
        if (new FileInfo(path) is { Exists: true, Length: > MaxBytes })
        {
            throw new IOException($"'{path}' is larger than {MaxBytes} bytes.");
        }

        var bytes = File.ReadAllBytes(path);
        var digest = SHA256.HashData(bytes);
        isNew = !digest.AsSpan().SequenceEqual(_digest);
        _digest = digest;
        return System.Text.Encoding.UTF8.GetString(bytes);
    }
}
