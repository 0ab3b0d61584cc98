using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using FlowKit.Specs.Running;

namespace FlowKit.Specs;

/// <summary>A flow where few files may be open.</summary>
public sealed class ConnectionSpecs : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Idle_connections_end_neither_the_process_nor_a_request_under_way()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        _folder.File("Slow.cs", """
            public sealed class Slow : Executor
            {
                [Requests("/slow")]
                public static Task WaitAsync(CancellationToken cancellationToken) => Task.Delay(8000, cancellationToken);
            }
            """);
        var file = _folder.File("flow.yml", "jtype: Flow\nexecutors:\n  - name: slow\n    uses: ./Slow.cs\n");
        await using var flow = await RunningFlow.StartAsync(WithFewFiles(FlowKitCommand.StartInfo("run", file, "--port", "0")));
        var earlier = flow.Http.PostAsJsonAsync("/post", new { data = new[] { new { text = "a" } }, execEndpoint = "/slow" });
        await flow.AcceptedAsync();
        var idle = await ConnectAsync(new Uri(flow.Address), 1100);

        await flow.LoggedAsync("A connection was closed as it came");
        using var answer = await earlier;
        idle.ForEach(socket => socket.Dispose());

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(HttpStatusCode.OK, await ReadyAsync(flow));
        Assert.Contains("At most 683 connections are open at once", flow.Log, StringComparison.Ordinal);
        Assert.Equal(0, await flow.StopAsync());
    }

    /// <summary>The hard limit, so that nobody can raise it again.</summary>
    private static System.Diagnostics.ProcessStartInfo WithFewFiles(System.Diagnostics.ProcessStartInfo start)
    {
        var shell = FlowKitCommand.StartInfo();
        (shell.FileName, string[] command) = ("sh", ["-c", "ulimit -n 1024 && exec \"$0\" \"$@\"", start.FileName, .. start.ArgumentList]);
        shell.ArgumentList.Clear();
        Array.ForEach(command, shell.ArgumentList.Add);
        return shell;
    }

    /// <summary>Some are closed as they come.</summary>
    private static async Task<List<Socket>> ConnectAsync(Uri address, int count)
    {
        var sockets = new List<Socket>();
        for (var index = 0; index < count; index++)
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            sockets.Add(socket);
            try
            {
                await socket.ConnectAsync(address.Host, address.Port);
            }
            catch (SocketException)
            {
                // Closed even before it was told that it is connected.
            }
        }

        return sockets;
    }

    /// <summary>The flow sees that connections are closed a little later than those who close them.</summary>
    private static async Task<HttpStatusCode> ReadyAsync(RunningFlow flow)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                using var ready = await flow.Http.GetAsync("/ready");
                return ready.StatusCode;
            }
            catch (HttpRequestException) when (attempt < 100)
            {
                await Task.Delay(100);
            }
        }
    }
}
