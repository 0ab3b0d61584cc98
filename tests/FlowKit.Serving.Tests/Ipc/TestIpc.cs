using System.Net.Sockets;
using FlowKit.Components;
using FlowKit.Serving.Remote;
using FlowKit.TestKit;
using FlowKit.Wire.Proto;

namespace FlowKit.Serving.Ipc;

/// <summary>One executor behind a real socket of a worker's connections.</summary>
internal sealed class TestIpc : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private readonly List<IDisposable> _clients = [];

    private TestIpc(TestFlow flow, IpcOptions options)
    {
        Flow = flow;
        Host = IpcHost.Start(flow.Runtime, flow.Config, Path, flow.Options.Loggers, options);
    }

    public TestFlow Flow { get; }

    public IpcHost Host { get; }

    public string Path => System.IO.Path.Combine(_folder.Path, "l");

    /// <summary>How many memories of connections this process has open.</summary>
    public static int Memories => Directory.EnumerateFiles("/proc/self/fd").Count(file => LinkOf(file).Contains("memfd:flowkit-ipc", StringComparison.Ordinal));

    public static async Task<TestIpc> StartAsync(Func<ScriptedCall, ValueTask<object?>>? body = null, string keys = "", string gateway = "port: 0", TimeSpan shortCall = default, IpcOptions? options = null)
    {
        var script = new FlowScript();
        if (body is not null)
        {
            script.On("a", body);
        }

        return await StartAsync($"name: a, uses: Scripted{keys}", gateway, new TestFlowOptions { Script = script, ShortCall = shortCall }, options);
    }

    /// <param name="executor">The entry in braces, without them.</param>
    /// <param name="gateway">Settings of the listener.</param>
    /// <param name="flowOptions">How its flow runs.</param>
    /// <param name="options">How bodies are carried.</param>
    public static async Task<TestIpc> StartAsync(string executor, string gateway, TestFlowOptions flowOptions, IpcOptions? options = null)
    {
        var flow = await TestFlow.StartAsync($"jtype: Flow\nexecutors:\n  - {{{executor}}}\ngateway: {{{gateway}}}\n", flowOptions);
        return new TestIpc(flow, options ?? IpcOptions.Default);
    }

    public static async Task<TestIpc> StartAsync(Type executor)
    {
        var flow = await TestFlow.StartAsync($"jtype: Flow\nexecutors:\n  - {{name: a, uses: {executor.Name}}}\n", executor);
        return new TestIpc(flow, IpcOptions.Default);
    }

    /// <summary>Asks over connections of its own.</summary>
    public WorkerClient Client(IpcOptions? options = null, TimeProvider? time = null)
    {
        var client = new WorkerClient("a", new Uri("http://worker"), new UnixDomainSocketEndPoint(Path), new IpcClient(Path, options ?? IpcOptions.Default, time ?? TimeProvider.System));
        _clients.Add(client);
        return client;
    }

    public Socket Connect()
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Connect(new UnixDomainSocketEndPoint(Path));
        _clients.Add(socket);
        return socket;
    }

    public async ValueTask DisposeAsync()
    {
        _clients.ForEach(client => client.Dispose());
        await Host.DisposeAsync();
        await TestTimeout.UntilAsync(() => Host.Connections == 0, "the end of all connections");
        await Flow.DisposeAsync();
        _folder.Dispose();
    }

    public static ExecutorCall Call(DocumentArray documents, string endpoint = "/run", TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        new(documents, new Parameters(), null, new RequestContext(endpoint, timeout), cancellationToken);

    public static MeasuredMessage<Wire.DataRequest> Message(int bytes) =>
        DataRequestCodec.Measure(new Wire.DataRequest { ExecEndpoint = "/run", Documents = [new Document("1") { Tensor = NdArray.Wrap(Bytes(bytes), bytes) }] });

    public static byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        new Random(count).NextBytes(bytes);
        return bytes;
    }

    private static string LinkOf(string file)
    {
        try
        {
            return new FileInfo(file).LinkTarget ?? "";
        }
        catch (IOException)
        {
            return "";
        }
    }
}
