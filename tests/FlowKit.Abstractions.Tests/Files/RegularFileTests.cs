using FlowKit.Tests;

namespace FlowKit.Files;

public sealed class RegularFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("flowkit-regular").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_file_is_read_whole_empty_or_larger_than_a_part()
    {
        var random = new Random(1);
        foreach (var length in (int[])[0, 1, 4095, 4096, 4097, (1 << 20) - 1, 1 << 20, (3 << 20) + 7])
        {
            var bytes = new byte[length];
            random.NextBytes(bytes);
            await File.WriteAllBytesAsync(At("file"), bytes);

            Assert.Equal(bytes, RegularFile.Read(At("file")));
            Assert.Equal(bytes, await RegularFile.ReadAsync(At("file"), length, TimeSpan.FromMinutes(1), CancellationToken.None));
        }
    }

    [Fact]
    public void Pipes_devices_sockets_and_folders_are_refused_at_once_by_what_they_are()
    {
        using var socket = SpecialFile.Socket(At("socket"));
        SpecialFile.Pipe(At("pipe"));
        File.CreateSymbolicLink(At("link"), At("pipe"));
        Directory.CreateDirectory(At("folder"));

        Assert.Equal($"'{At("pipe")}' is a named pipe and not a regular file", Refusal("pipe"));
        Assert.Equal($"'{At("link")}' is a named pipe and not a regular file", Refusal("link"));
        Assert.Equal($"'{At("socket")}' is a socket and not a regular file", Refusal("socket"));
        Assert.Equal($"'{At("folder")}' is a folder and not a regular file", Refusal("folder"));
        Assert.Equal("'/dev/zero' is a device and not a regular file", Refusal("/dev/zero"));
        Assert.Equal("'/dev/null' is a device and not a regular file", Refusal("/dev/null"));
    }

    [Fact]
    public void What_is_not_there_or_may_not_be_read_is_told_as_by_the_base_class_library()
    {
        Assert.Throws<FileNotFoundException>(() => RegularFile.Read(At("none")));
        Assert.Throws<DirectoryNotFoundException>(() => RegularFile.Read(At("none/file")));
        File.CreateSymbolicLink(At("circle"), At("circle"));
        Assert.ThrowsAny<IOException>(() => RegularFile.Read(At("circle")));
    }

    [Fact]
    public void A_file_that_is_too_large_is_refused_by_its_length_and_one_that_says_nothing_by_what_comes()
    {
        File.WriteAllBytes(At("file"), new byte[1001]);

        var large = Assert.Throws<FileTooLargeException>(() => RegularFile.Read(At("file"), maxBytes: 1000));
        Assert.Equal((1001, $"'{At("file")}' has 1001 bytes; at most 1000 are read"), (large.Length, large.Message));
        Assert.Equal(1001, RegularFile.Read(At("file"), maxBytes: 1001).Length);

        // The system's own files have no length, and content.
        Assert.NotEmpty(RegularFile.Read("/proc/self/status"));
        Assert.InRange(Assert.Throws<FileTooLargeException>(() => RegularFile.Read("/proc/self/maps", maxBytes: 100)).Length, 101, int.MaxValue);
    }

    [Fact]
    public async Task A_file_that_grows_while_it_is_read_ends_at_the_limit()
    {
        const int Limit = 8 << 20;
        using var stop = new CancellationTokenSource();
        await using var growing = new FileStream(At("log"), FileMode.Create, FileAccess.Write, FileShare.ReadWrite);
        growing.SetLength(Limit - 100);
        growing.Seek(0, SeekOrigin.End);
        var writing = Task.Run(() =>
        {
            while (!stop.IsCancellationRequested && growing.Length < 64 << 20)
            {
                growing.Write(new byte[10]);
                growing.Flush();
            }
        });

        FileTooLargeException? large = null;
        while (large is null)
        {
            try
            {
                Assert.InRange(RegularFile.Read(At("log"), Limit).Length, Limit - 100, Limit);
            }
            catch (FileTooLargeException exception)
            {
                large = exception;
            }
        }

        await stop.CancelAsync();
        await writing;
        Assert.InRange(large.Length, Limit + 1, 65 << 20);
    }

    [Fact]
    public async Task A_disk_that_does_not_answer_ends_the_wait_by_the_timeout_or_when_the_caller_leaves_and_takes_only_so_many_threads()
    {
        using var mount = new ManualResetEventSlim();
        using var gone = new CancellationTokenSource();
        var reads = 0;
        byte[] Hang(CancellationToken token)
        {
            Interlocked.Increment(ref reads);
            mount.Wait(CancellationToken.None);
            return [];
        }

        var left = RegularFile.ReadAsync("nfs/a", Hang, Timeout.InfiniteTimeSpan, TimeProvider.System, gone.Token);
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        var late = await Assert.ThrowsAsync<TimeoutException>(
            () => RegularFile.ReadAsync("nfs/a", Hang, TimeSpan.FromMilliseconds(20), TimeProvider.System, CancellationToken.None));
        Assert.Equal("'nfs/a' could not be read within 20 ms: its disk or mount does not answer", late.Message);

        for (var i = 2; i < RegularFile.MaxHanging; i++)
        {
            await Assert.ThrowsAsync<TimeoutException>(
                () => RegularFile.ReadAsync("nfs/a", Hang, TimeSpan.FromMilliseconds(1), TimeProvider.System, CancellationToken.None));
        }

        var refused = await Assert.ThrowsAsync<IOException>(
            () => RegularFile.ReadAsync("nfs/b", _ => [], Timeout.InfiniteTimeSpan, TimeProvider.System, CancellationToken.None));
        Assert.Contains("64 other reads of files hang", refused.Message, StringComparison.Ordinal);
        mount.Set();
        for (var tries = 0; ; tries++)
        {
            try
            {
                Assert.Empty(await RegularFile.ReadAsync("nfs/b", _ => [], Timeout.InfiniteTimeSpan, TimeProvider.System, CancellationToken.None));
                break;
            }
            catch (IOException) when (tries < 10_000)
            {
                await Task.Delay(2);
            }
        }
    }

    private string At(string name) => Path.Combine(_folder, name);

    private string Refusal(string name) => Assert.Throws<IOException>(() => RegularFile.Read(At(name))).Message;
}
