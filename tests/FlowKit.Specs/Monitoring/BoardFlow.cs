using System.Net.Http.Json;
using FlowKit.Specs.Running;

namespace FlowKit.Specs.Monitoring;

/// <summary>A flow of which everything on the board has happened, and one executor that cannot start again once it is broken.</summary>
internal static class BoardFlow
{
    private const int Dimension = 16;

    /// <summary>Enough that an approximate search does not look at all of them.</summary>
    private const int Documents = 2_500;

    public static Task<RunningFlow> StartAsync(TemporaryFolder folder)
    {
        folder.File("Brittle.cs", """
            public sealed class Brittle : Executor
            {
                public override Task LoadAsync(CancellationToken token) =>
                    File.Exists(Marker) ? throw new IOException("still broken") : Task.CompletedTask;

                private string Marker => Path.Combine(Context.BaseDirectory, "broken");

                [Requests("/work")]
                public static Task WorkAsync() => Task.Delay(20);

                [Requests("/fail")]
                public static void Fail() => throw new FormatException("not this");

                [Requests("/die")]
                public void Die()
                {
                    File.WriteAllText(Marker, "");
                    System.Diagnostics.Process.GetCurrentProcess().Kill();
                }
            }
            """);
        folder.File("Shaky.cs", """
            public sealed class Shaky : Executor
            {
                [Requests("/shake")]
                public void Shake()
                {
                    var marker = Path.Combine(Context.BaseDirectory, "shaken");
                    if (!File.Exists(marker))
                    {
                        File.WriteAllText(marker, "");
                        System.Diagnostics.Process.GetCurrentProcess().Kill();
                    }
                }
            }
            """);
        var flow = folder.File("flow.yml", """
            jtype: Flow
            gateway: {capacity: 4}
            executors:
              - {name: brittle, uses: ./Brittle.cs, runtime: process, retries: 0}
              - {name: shaky, uses: ./Shaky.cs, runtime: process, replicas: 2}
              - name: clip
                uses: ClipEncoder
                uses_with: {model: tiny-clip, cache_bytes: 1000000}
                uses_dynamic_batching: {/encode: {preferred_batch_size: 4, timeout: 5}}
              - {name: indexer, uses: VectorIndexer, uses_with: {index: hnsw, recall_sample: 1}}
            """);
        var start = FlowKitCommand.StartInfo("run", flow, "--port", "0", "--workspace", Path.Combine(folder.Path, "workspace"));
        start.Environment["PATH"] = $"{Gpu(folder)}{Path.PathSeparator}{Environment.GetEnvironmentVariable("PATH")}";
        return RunningFlow.StartAsync(start);
    }

    /// <summary>Has each thing happen, again and again.</summary>
    public static async Task LoadAsync(RunningFlow flow, CancellationToken stop)
    {
        var random = new Random(1);
        var picture = Convert.ToBase64String(await File.ReadAllBytesAsync(Repository.At("flows", "image-search", "pictures", "red-apple.jpg"), stop));
        try
        {
            await PostAsync(flow, "indexer", "/index", stop, [.. Enumerable.Range(0, Documents).Select(i => Vector($"{i}", random))]);
            await PostAsync(flow, "shaky", "/shake", stop, new { text = "a" });
            while (true)
            {
                await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => PostAsync(flow, "brittle", "/work", stop, new { text = "a" })));
                await PostAsync(flow, "brittle", "/fail", stop, new { text = "a" });
                await PostAsync(flow, "clip", "/encode", stop, new { text = $"{random.Next()}" }, new { text = "a red apple" }, new { blob = picture });
                await PostAsync(flow, "indexer", "/search", stop, Vector("q", random));
            }
        }
        catch (OperationCanceledException)
        {
            // A request may wait before an executor that cannot start.
        }
    }

    /// <summary>Ends the executor that cannot start again; asked until it has, since a full gateway refuses.</summary>
    public static async Task BreakAsync(RunningFlow flow, string folder)
    {
        while (!Directory.EnumerateFiles(folder, "broken", SearchOption.AllDirectories).Any())
        {
            await PostAsync(flow, "brittle", "/die", CancellationToken.None, new { text = "a" });
        }
    }

    private static object Vector(string id, Random random) =>
        new { id, embedding = Enumerable.Range(0, Dimension).Select(_ => random.NextSingle() - 0.5f).ToArray() };

    private static async Task PostAsync(RunningFlow flow, string executor, string endpoint, CancellationToken cancellationToken, params object[] data)
    {
        using var response = await flow.Http.PostAsJsonAsync(
            "/post", new { data, execEndpoint = endpoint, targetExecutor = executor }, cancellationToken);
    }

    /// <summary>A driver's program that tells of a GPU which nobody can use, where there is none.</summary>
    private static string Gpu(TemporaryFolder folder)
    {
        var program = folder.File("bin/nvidia-smi", """
            #!/bin/sh
            case "$1" in
              --query-gpu=uuid,memory.used,*) echo "GPU-31, 1024, 8192, 50, Test" ;;
              *) exit 1 ;;
            esac
            """);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        return Path.GetDirectoryName(program)!;
    }
}
