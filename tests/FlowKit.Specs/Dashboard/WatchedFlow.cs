using System.Net.Http.Json;
using System.Text.Json.Nodes;
using FlowKit.Specs.Running;

namespace FlowKit.Specs.Dashboard;

/// <summary>A flow of eight executors, one of them a worker elsewhere, under mixed load, for stories that look at its page.</summary>
public sealed class WatchedFlow : IAsyncLifetime
{
    /// <summary>What a page would run if it took texts for HTML.</summary>
    public const string Hostile = "<img src=x onerror=\"document.body.dataset.broken=1\">";

    private const string Executors = """
        public sealed class Step : Executor
        {
            private readonly StepOptions _options;

            public Step(StepOptions options) => _options = options;

            /// <summary>Takes its time, and fails for documents that say so.</summary>
            [Requests]
            public async Task RunAsync(DocumentArray docs)
            {
                if (_options.Pause > 0)
                {
                    await Task.Delay(_options.Pause);
                }

                foreach (var doc in docs)
                {
                    if (_options.Refuses is { Length: > 0 } word && doc.Text == word)
                    {
                        throw new FormatException("cannot take <b>" + doc.Text + "</b>");
                    }
                }
            }
        }

        public sealed class StepOptions
        {
            public int Pause { get; set; }

            public string? Refuses { get; set; }

            public string? ApiToken { get; set; }
        }
        """;

    private const string Ends = """
        public sealed class Ends : Executor
        {
            /// <summary>Finds things that are like what is asked for.</summary>
            [Requests("/search")]
            public static void Find(DocumentArray docs, Parameters parameters)
            {
                foreach (var doc in docs)
                {
                    for (var i = 0; i < 5; i++)
                    {
                        var match = new Document { Text = doc.Text + " " + i };
                        match.Scores["cosine"] = new NamedScore(1f - (i / 10f));
                        match.Tags["place"] = i;
                        doc.Matches.Add(match);
                    }
                }
            }

            /// <summary>Gives words one after another.</summary>
            [Requests("/words")]
            public static async IAsyncEnumerable<Document> Words(DocumentArray docs)
            {
                foreach (var word in (docs[0].Text ?? "").Split(' '))
                {
                    await Task.Delay(20);
                    yield return new Document { Text = word };
                }
            }

            /// <summary>Gives vectors.</summary>
            [Requests("/encode")]
            public static void Encode(DocumentArray docs)
            {
                foreach (var doc in docs)
                {
                    doc.Embedding = NdArray.Wrap(Enumerable.Range(0, 48).Select(i => MathF.Sin(i / 3f)).ToArray());
                }
            }
        }
        """;

    private readonly TemporaryFolder _folder = new();
    private readonly CancellationTokenSource _ending = new();
    private Task _load = Task.CompletedTask;

    /// <summary>More keys of the image encoder, such as a runtime.</summary>
    internal string ImageRuntime { get; init; } = "";

    internal RunningFlow Flow { get; private set; } = null!;

    internal RunningFlow Worker { get; private set; } = null!;

    /// <summary>The token of its start, which stands in a file of its user.</summary>
    internal string AdminToken
    {
        get
        {
            var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
            var folder = Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR") is { Length: > 0 } runtime ? runtime : Path.Combine(home, ".local", "state");
            return File.ReadAllText(Path.Combine(folder, "flowkit", $"admin-{new Uri(Flow.Address).Port}"));
        }
    }

    /// <summary>Posts one document, and gives what comes back.</summary>
    public async Task<JsonObject> PostAsync(string endpoint, string text)
    {
        using var response = await Flow.Http.PostAsJsonAsync(
            "/post", new JsonObject { ["data"] = new JsonArray(new JsonObject { ["text"] = text }), ["execEndpoint"] = endpoint });
        return (await response.Content.ReadFromJsonAsync<JsonObject>())!;
    }

    public async Task InitializeAsync()
    {
        _folder.File("Step.cs", Executors);
        _folder.File("Ends.cs", Ends);
        var far = _folder.File("Far.cs", "public sealed class Far : Executor\n{\n    [Requests(\"/run\")]\n    public static void Run()\n    {\n    }\n}\n");
        Worker = await RunningFlow.StartExecutorAsync(Path.Combine(_folder.Path, "worker"), "--uses", far, "--port", "0");
        var port = new Uri(Worker.Address).Port;
        var file = _folder.File("flow.yml", $$$"""
            jtype: Flow
            name: watched
            gateway:
              title: 'Watched {{{Hostile}}}'
              description: Eight executors, one of them elsewhere.
              examples: [green pear, '{{{Hostile}}}']
            executors:
              - {name: decoder, uses: ./Step.cs, needs: gateway, description: Reads what comes., uses_with: {pause: 2, api_token: not-for-everybody}}
              - {name: image_encoder, uses: ./Step.cs, needs: decoder, replicas: 2{{{ImageRuntime}}}, uses_with: {pause: 12}, dynamic_batching: {/run: {preferred_batch_size: 8, timeout: 5}} }
              - {name: text_encoder, uses: ./Step.cs, needs: gateway, uses_with: {pause: 6}}
              - {name: remote, needs: text_encoder, external: true, host: 127.0.0.1, port: {{{port}}} }
              - {name: ends, uses: ./Ends.cs, needs: [image_encoder, remote]}
              - {name: indexer, uses: ./Step.cs, needs: ends, shards: 2, uses_with: {pause: 3}}
              - {name: ranker, uses: ./Step.cs, needs: indexer, uses_with: {refuses: bad}}
              - {name: journal, uses: ./Step.cs, needs: indexer, floating: true, uses_with: {pause: 1}}
            """);
        Flow = await RunningFlow.StartAsync(file, Path.Combine(_folder.Path, "workspace"));
        _load = LoadAsync();
    }

    public async Task DisposeAsync()
    {
        await _ending.CancelAsync();
        await _load.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Flow.DisposeAsync();
        await Worker.DisposeAsync();
        _ending.Dispose();
        _folder.Dispose();
    }

    private async Task LoadAsync()
    {
        var number = 0;
        while (!_ending.IsCancellationRequested)
        {
            number++;
            await Task.WhenAll(Enumerable.Range(0, 4).Select(i => PostAsync("/run", (number + i) % 12 == 0 ? "bad" : $"text {i}")));
            await Task.Delay(20);
        }
    }
}
