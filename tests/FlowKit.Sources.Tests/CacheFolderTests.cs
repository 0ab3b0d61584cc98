using FlowKit.TestKit;
using Microsoft.Extensions.Time.Testing;

namespace FlowKit.Sources;

public sealed class CacheFolderTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void An_entry_that_another_program_made_meanwhile_stays_as_it_is()
    {
        var cache = new CacheFolder(_folder.Path, _time);
        var entry = cache.Entry("sources", "a");

        cache.Fill(entry, making =>
        {
            File.WriteAllText(Path.Combine(making, "mine"), "");
            Directory.CreateDirectory(entry);
            File.WriteAllText(Path.Combine(entry, "theirs"), "");
        });

        Assert.Equal(["theirs"], Directory.GetFiles(entry).Select(Path.GetFileName));
        Assert.Equal([entry], Directory.GetDirectories(Path.GetDirectoryName(entry)!));
    }

    [Fact]
    public void An_entry_that_fails_leaves_nothing()
    {
        var cache = new CacheFolder(_folder.Path, _time);
        var entry = cache.Entry("sources", "a");

        Assert.Throws<IOException>(() => cache.Fill(entry, _ => throw new IOException("the disk is full")));

        Assert.Empty(Directory.GetDirectories(Path.GetDirectoryName(entry)!));
    }

    [Fact]
    public void What_nobody_used_for_a_month_is_deleted_and_what_somebody_did_is_not()
    {
        var cache = new CacheFolder(_folder.Path, _time);
        var (old, used) = (cache.Entry("sources", "old"), cache.Entry("sources", "used"));
        cache.Fill(old, _ => { });
        cache.Fill(used, _ => { });
        _time.Advance(TimeSpan.FromDays(31));
        Assert.Equal(used, cache.Entry("sources", "used"));

        cache.Fill(cache.Entry("sources", "new"), _ => { });

        Assert.Equal((false, true), (Directory.Exists(old), Directory.Exists(used)));
    }

    [Fact]
    public async Task An_entry_is_held_by_one_program_at_a_time()
    {
        var entry = Path.Combine(_folder.Path, "projects", "a");
        var first = CacheFolder.Lock(entry, CancellationToken.None);
        using var given = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
        Assert.ThrowsAny<OperationCanceledException>(() => CacheFolder.Lock(entry, given.Token));
        var second = Task.Run(() => CacheFolder.Lock(entry, CancellationToken.None));

        Assert.False(second.IsCompleted);
        await first.DisposeAsync();

        await (await second.WithTimeout()).DisposeAsync();
    }
}
