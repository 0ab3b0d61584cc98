namespace FlowKit.Soak;

/// <summary>The flow under load, in a folder of its own: executors here and in processes, shards, an index.</summary>
internal sealed class FlowFiles : IDisposable
{
    private const string Mark = """
        public sealed class Mark : Executor
        {
            [Requests]
            public async Task Run(DocumentArray docs)
            {
                foreach (var doc in docs)
                {
                    doc.Tags["mark"] = doc.Id;
                }

                if (docs.Count > 0 && docs[0].Id.EndsWith('7'))
                {
                    await Task.Delay(20);
                }
            }
        }
        """;

    private const string Work = """
        public sealed class Work : Executor
        {
            [Requests]
            public void Run(DocumentArray docs)
            {
                foreach (var doc in docs)
                {
                    doc.Tags["work"] = $"{doc.Id} in {Environment.ProcessId}";
                }
            }
        }
        """;

    private const string Keep = """
        public sealed class Keep(ExecutorContext context) : Executor
        {
            [Requests]
            public void Run(DocumentArray docs)
            {
                foreach (var doc in docs)
                {
                    doc.Tags[$"shard{context.ShardId}"] = doc.Id;
                }
            }
        }
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("flowkit-soak");

    public FlowFiles(IReadOnlyList<int> ports)
    {
        Ports = ports;
        foreach (var (name, text) in (IEnumerable<(string, string)>)[("Mark", Mark), ("Work", Work), ("Keep", Keep)])
        {
            File.WriteAllText(System.IO.Path.Combine(_folder.FullName, $"{name}.cs"), text);
        }

        Write(0);
    }

    /// <summary>The ports of HTTP, gRPC and WebSocket.</summary>
    public IReadOnlyList<int> Ports { get; }

    public string Path => System.IO.Path.Combine(_folder.FullName, "flow.yml");

    public string Workspace => System.IO.Path.Combine(_folder.FullName, "workspace");

    /// <summary>Writes the flow's file; every round says something else that makes new replicas of one executor.</summary>
    public void Write(int round)
    {
        string[] lines =
        [
            "jtype: Flow",
            "reload: true",
            $"gateway: {{protocol: [http, grpc, websocket], port: [{string.Join(", ", Ports)}], capacity: 200, timeout_send: 60000}}",
            "executors:",
            $"  - {{name: mark, uses: ./Mark.cs, replicas: {1 + (round % 3)}, env: {{ROUND: '{RoundOf(round, 0)}'}}}}",
            $"  - {{name: work, uses: ./Work.cs, runtime: process, replicas: 2, timeout_executor: 20000, env: {{ROUND: '{RoundOf(round, 1)}'}}}}",
            $"  - {{name: keep, uses: ./Keep.cs, shards: 2, polling: ALL, env: {{ROUND: '{RoundOf(round, 2)}'}}}}",
            "  - {name: index, uses: VectorIndexer}",
        ];
        File.WriteAllLines(Path, lines);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>In turn, one executor is changed.</summary>
    private static int RoundOf(int round, int turn) => round - ((round - turn + 3) % 3);
}
