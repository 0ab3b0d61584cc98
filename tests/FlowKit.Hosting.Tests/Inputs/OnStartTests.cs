using FlowKit.TestKit;
using FlowKit.Tests;

namespace FlowKit.Hosting.Inputs;

public sealed class OnStartTests : IDisposable
{
    private const string Yaml = """
        jtype: Flow
        executors:
          - {name: index, uses: Counting}
        on_start:
          - {post: /index, inputs: ["*.jpg"], request_size: 2}
          - {post: /index, inputs: ["more/*.jpg"], parameters: {kind: more}}
        """;

    private readonly TempFolder _folder = new();
    private readonly Counting.Store _store = new();

    public OnStartTests()
    {
        foreach (var name in new[] { "a.jpg", "b.jpg", "c.jpg", "more/d.jpg" })
        {
            _folder.Write(name, name);
        }
    }

    public void Dispose() => _folder.Dispose();

    private async Task<IReadOnlyList<FlowError>> RunAsync(string yaml = Yaml, Action<int, int>? progress = null, string? state = null)
    {
        Counting.Current.Value = _store;
        await using var flow = await TestFlow.StartAsync(yaml, new TestFlowOptions { Folder = _folder.Path, Executors = [typeof(Counting)] });
        var runner = new OnStartRunner(flow.Runtime, flow.Config, state ?? Path.Combine(_folder.Path, "state"));
        _store.Posted.Clear();
        return await runner.RunAsync((_, done, total) => progress?.Invoke(done, total), CancellationToken.None).WithTimeout();
    }

    [Fact]
    public async Task Files_are_posted_in_requests_of_the_given_size_with_progress()
    {
        var progress = new List<string>();

        Assert.Empty(await RunAsync(progress: (done, total) => progress.Add($"{done}/{total}")));

        Assert.Equal(["a.jpg b.jpg", "c.jpg", "more/d.jpg"], _store.Posted);
        Assert.Equal(["0/3", "2/3", "3/3", "0/1", "1/1"], progress);
    }

    [Fact]
    public async Task A_second_run_posts_nothing()
    {
        await RunAsync();

        await RunAsync();

        Assert.Empty(_store.Posted);
    }

    [Fact]
    public async Task A_changed_file_posts_its_entry_again_and_only_that()
    {
        await RunAsync();
        _folder.Write("more/d.jpg", "changed, and longer");

        await RunAsync();

        Assert.Equal(["more/d.jpg"], _store.Posted);
    }

    [Fact]
    public async Task An_emptied_index_is_filled_again()
    {
        await RunAsync();
        _store.Ids.Clear();

        await RunAsync();

        Assert.Equal(["a.jpg b.jpg", "c.jpg", "more/d.jpg"], _store.Posted);
    }

    [Fact]
    public async Task A_damaged_file_is_told_and_does_not_make_every_start_post_again()
    {
        _folder.Write("b.jpg", "damaged");

        var error = Assert.Single(await RunAsync());
        var again = await RunAsync();

        Assert.Equal("b.jpg: not an image", error.Message);
        Assert.Empty(again);
        Assert.Empty(_store.Posted);
    }

    [Fact]
    public async Task Without_only_once_every_start_posts()
    {
        var yaml = Yaml.Replace("request_size: 2", "only_once: false", StringComparison.Ordinal);
        await RunAsync(yaml);

        await RunAsync(yaml);

        Assert.Equal(["a.jpg b.jpg c.jpg"], _store.Posted);
    }

    [Fact]
    public async Task A_marker_that_cannot_be_read_counts_as_none()
    {
        await RunAsync();
        _folder.Write("state/on_start.json", "{ not json");

        await RunAsync();

        Assert.Equal(3, _store.Posted.Count);
    }

    [Fact]
    public async Task A_request_that_fails_as_a_whole_stops_the_start_and_leaves_no_marker()
    {
        _store.Fails = true;
        var exception = await Assert.ThrowsAsync<FlowKitException>(() => RunAsync());
        Assert.StartsWith("on_start: /index failed: the disk is full", exception.Message, StringComparison.Ordinal);

        _store.Fails = false;
        await RunAsync();

        Assert.Equal(3, _store.Posted.Count);
    }

    [SmallDiskFact]
    public async Task What_cannot_be_remembered_is_told_and_the_flow_serves_and_half_a_marker_is_none()
    {
        using var disk = new SmallDisk(64);
        var before = disk.At("on_start.json");
        Assert.Empty(await RunAsync(state: disk.Path));
        var marks = await File.ReadAllTextAsync(before);
        _folder.Write("more/d.jpg", "changed, and longer");
        var filler = disk.Fill();

        var told = Assert.Single(await RunAsync(state: disk.Path));

        Assert.Equal(FlowErrorCode.ResourceExhausted, told.Code);
        Assert.StartsWith($"on_start: what was posted to /index is posted again at the next start, since '{before}' cannot be written: the disk is full", told.Message, StringComparison.Ordinal);
        Assert.Equal(["more/d.jpg"], _store.Posted);
        Assert.Equal(marks, await File.ReadAllTextAsync(before));
        File.Delete(filler);
        Assert.Empty(await RunAsync(state: disk.Path));
        Assert.Equal(["more/d.jpg"], _store.Posted);
        Assert.Empty(await RunAsync(state: disk.Path));
        Assert.Empty(_store.Posted);
    }

    [Executor("Counting")]
    public sealed class Counting : Executor
    {
        private readonly Store _store = Current.Value!;

        internal static AsyncLocal<Store?> Current { get; } = new();

        [Requests("/index")]
        public void Index(DocumentArray documents, Parameters parameters)
        {
            ArgumentNullException.ThrowIfNull(parameters);
            if (_store.Fails)
            {
                throw new FlowKitException(FlowErrorCode.Unavailable, "the disk is full");
            }

            _store.Posted.Add(string.Join(' ', documents.Select(document => document.Uri)));
            foreach (var document in documents)
            {
                if (document.Blob!.Value.Length == "damaged".Length)
                {
                    document.Fail(FlowErrorCode.InvalidArgument, "not an image");
                }
                else
                {
                    _store.Ids.Add(document.Id);
                }
            }
        }

        [Requests("/status")]
        public object Status() => new { NumDocs = _store.Ids.Count };

        internal sealed class Store
        {
            public List<string> Posted { get; } = [];

            public HashSet<string> Ids { get; } = [];

            public bool Fails { get; set; }
        }
    }
}
