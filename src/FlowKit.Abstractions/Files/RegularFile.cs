using Microsoft.Win32.SafeHandles;

namespace FlowKit;

/// <summary>
/// Reads files that a user names, and only regular ones: pipes, devices, sockets and folders are refused at once instead of read for
/// ever. The opened file is looked at, so that it cannot be exchanged in between.
/// </summary>
public static class RegularFile
{
    /// <summary>Reads that may hang at once: one whose disk never answers keeps its thread.</summary>
    internal const int MaxHanging = 64;

    private const int Chunk = 1 << 20;
    private const int FirstBytes = 4096;

    private static int s_hanging;

    /// <summary>Opens a file for reading.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="IOException">It is not there, is no regular file, or cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static SafeFileHandle Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (OperatingSystem.IsWindows())
        {
            return File.OpenHandle(path);
        }

        var file = UnixFile.Open(path);
        if (UnixFile.KindOf(file) is { } other)
        {
            file.Dispose();
            throw new IOException($"'{path}' is {other} and not a regular file");
        }

        return file;
    }

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="maxBytes">The bytes that it may have, also when it grows while it is read.</param>
    /// <param name="cancellationToken">Ends the reading between two parts of it.</param>
    /// <exception cref="FileTooLargeException">It is larger.</exception>
    /// <exception cref="IOException">It is not there, is no regular file, or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static byte[] Read(string path, long maxBytes = int.MaxValue, CancellationToken cancellationToken = default)
    {
        using var file = Open(path);
        return Read(file, path, maxBytes, cancellationToken);
    }

    private static byte[] Read(SafeFileHandle file, string path, long maxBytes, CancellationToken cancellationToken)
    {
        var length = RandomAccess.GetLength(file);
        if (length > maxBytes)
        {
            throw new FileTooLargeException(path, length, maxBytes);
        }

        // Files of the system say 0 and have content; others grow. What comes counts.
        var bytes = GC.AllocateUninitializedArray<byte>((int)Math.Min(length > 0 ? length + 1 : FirstBytes, Array.MaxLength));
        var count = 0;
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var read = RandomAccess.Read(file, bytes.AsSpan(count, Math.Min(Chunk, bytes.Length - count)), count);
            if (read == 0)
            {
                Array.Resize(ref bytes, count);
                return bytes;
            }

            count += read;
            if (count > maxBytes)
            {
                throw new FileTooLargeException(path, count, maxBytes);
            }

            if (count == bytes.Length)
            {
                Array.Resize(ref bytes, (int)Math.Min(2L * count, Array.MaxLength));
            }
        }
    }

    /// <summary>Reads a file on another thread.</summary>
    /// <param name="path">The file.</param>
    /// <param name="cancellationToken">Ends the wait at once.</param>
    /// <exception cref="IOException">It is not there, is no regular file, or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static Task<byte[]> ReadAsync(string path, CancellationToken cancellationToken) =>
        ReadAsync(path, Array.MaxLength, Timeout.InfiniteTimeSpan, cancellationToken);

    /// <summary>Reads a file without waiting longer than is allowed, whatever the disk does: a mount may be dead.</summary>
    /// <param name="path">The file.</param>
    /// <param name="maxBytes">The bytes that it may have, also when it grows while it is read.</param>
    /// <param name="timeout">The longest wait; <see cref="Timeout.InfiniteTimeSpan"/> for as long as it takes.</param>
    /// <param name="cancellationToken">Ends the wait at once.</param>
    /// <exception cref="FileTooLargeException">It is larger.</exception>
    /// <exception cref="TimeoutException">It could not be read in time.</exception>
    /// <exception cref="IOException">It is not there, is no regular file, or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static Task<byte[]> ReadAsync(string path, long maxBytes, TimeSpan timeout, CancellationToken cancellationToken) =>
        ReadAsync(path, token => Read(path, maxBytes, token), timeout, TimeProvider.System, cancellationToken);

    /// <summary>Reads a file as the other does, when it lies where it may, which is asked of the opened file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="isAllowed">Gets the place of the opened file, all links followed.</param>
    /// <param name="maxBytes">The bytes that it may have, also when it grows while it is read.</param>
    /// <param name="timeout">The longest wait; <see cref="Timeout.InfiniteTimeSpan"/> for as long as it takes.</param>
    /// <param name="cancellationToken">Ends the wait at once.</param>
    /// <returns><see langword="null"/> when it lies elsewhere; nothing of it has been read.</returns>
    internal static async Task<byte[]?> ReadWhereAsync(
        string path, Func<string, bool> isAllowed, long maxBytes, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var isElsewhere = false;
        var bytes = await ReadAsync(path, token => ReadOpened(token), timeout, TimeProvider.System, cancellationToken)
            .ConfigureAwait(false);
        return isElsewhere ? null : bytes;

        byte[] ReadOpened(CancellationToken token)
        {
            using var file = Open(path);

            // Where the system does not tell, the path that was looked at before it was opened must do.
            isElsewhere = !isAllowed(UnixFile.PathOf(file) ?? (OperatingSystem.IsLinux() ? "" : path));
            return isElsewhere ? [] : Read(file, path, maxBytes, token);
        }
    }

    /// <summary>Waits for a read that may hang.</summary>
    internal static async Task<byte[]> ReadAsync(
        string path, Func<CancellationToken, byte[]> read, TimeSpan timeout, TimeProvider time, CancellationToken cancellationToken)
    {
        var hanging = Volatile.Read(ref s_hanging);
        if (hanging >= MaxHanging)
        {
            throw new IOException(
                $"'{path}' is not read while {MaxHanging} other reads of files hang: a disk or a mount does not answer");
        }

        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var token = giveUp.Token;

        // Once one hangs the others may: they must not take the pool's threads from everybody.
        var reading = Task.Factory.StartNew(
            () => read(token),
            CancellationToken.None,
            hanging > 0 ? TaskCreationOptions.LongRunning : TaskCreationOptions.DenyChildAttach,
            TaskScheduler.Default);
        try
        {
            return await reading.WaitAsync(timeout, time, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (!reading.IsCompleted)
        {
            await giveUp.CancelAsync().ConfigureAwait(false);
            Interlocked.Increment(ref s_hanging);
            _ = ForgetAsync(reading);
            throw exception is TimeoutException
                ? new TimeoutException(
                    $"'{path}' could not be read within {timeout.TotalMilliseconds:0} ms: its disk or mount does not answer")
                : exception;
        }
    }

    private static async Task ForgetAsync(Task reading)
    {
        await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Interlocked.Decrement(ref s_hanging);
    }
}
