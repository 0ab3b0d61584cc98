using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using FlowKit.Specs.Running;
using FlowKit.Tests;

namespace FlowKit.Specs;

/// <summary>Executors in containers of an engine whose containers are processes of this machine, so that no engine is needed.</summary>
public sealed class EngineSpecs : IDisposable
{
    private const string Upper = """
        using FlowKit;

        public sealed class Upper : Executor
        {
            [Requests]
            public void Raise(DocumentArray docs)
            {
                foreach (var doc in docs)
                {
                    doc.Text = doc.Text == "die" ? throw new InvalidOperationException("it broke") : doc.Text?.ToUpperInvariant();
                }
            }

            [Requests("/exit")]
            public void Exit() => System.Diagnostics.Process.GetCurrentProcess().Kill();
        }
        """;

    private readonly TemporaryFolder _folder = new();
    private readonly int _port = FreePort.Find();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData("    docker_kwargs: {network: host}\n")]
    public async Task An_executor_is_asked_at_its_port_and_its_container_is_taken_away(string keys)
    {
        await using (var flow = await RunningFlow.StartAsync(Start("./Upper.cs", $"    runtime: container\n{keys}")))
        {
            using var response = await flow.Http.PostAsJsonAsync("/post", new { data = new[] { new { text = "hello" } }, execEndpoint = "/foo" });
            var reply = await response.Content.ReadFromJsonAsync<JsonObject>();

            Assert.Equal("HELLO", (string?)reply!["data"]![0]!["text"]);
            Assert.Contains("dotnet_process_cpu_count{executor=\"upper\",shard=\"0\",replica=\"0\"", await flow.Http.GetStringAsync("/metrics"), StringComparison.Ordinal);
            Assert.Equal(0, await flow.StopAsync());
        }

        var told = await File.ReadAllLinesAsync(At("told"));
        var run = Assert.Single(told, line => line.StartsWith("run ", StringComparison.Ordinal));
        Assert.Contains(" --label flowkit.owner=", run, StringComparison.Ordinal);
        Assert.Contains(keys.Length > 0 ? " --network host " : " --publish 127.0.0.1::51000 ", run, StringComparison.Ordinal);
        Assert.Contains(told, line => line.StartsWith("rm --force --volumes flowkit-upper-0-", StringComparison.Ordinal));
    }

    [Fact]
    public async Task One_that_dies_is_told_with_its_exit_code_and_started_again()
    {
        await using var flow = await RunningFlow.StartAsync(Start("./Upper.cs", "    runtime: container\n    retries: 0\n"));

        using var died = await flow.Http.PostAsJsonAsync("/post", new { data = new[] { new { text = "hello" } }, execEndpoint = "/exit" });
        var reply = await died.Content.ReadAsStringAsync();

        Assert.Contains("'upper' was lost with this request: the container flowkit-upper-0-", reply, StringComparison.Ordinal);
        await flow.LoggedAsync("Executor upper/0 is started again: the container ");
    }

    [Theory]
    [InlineData("docker://gone:1", "the image 'gone:1' is neither on this machine nor can it be pulled: pull access denied; build it with 'flowkit build EXECUTOR -t gone:1', or correct the name")]
    [InlineData("docker://arm:1", "the image 'arm:1' is for linux/arm64, and this engine runs linux/amd64; build or pull the one for it, or write 'prefer_platform: linux/arm64'")]
    [InlineData("docker://taken:1", "the engine did not start the container: driver failed: port is already allocated; stop what uses the port, or leave 'port' out to have a free one")]
    [InlineData("docker://user:1", "the engine did not start the container: unable to find user nobody1; correct 'user'")]
    [InlineData("docker://bind:1", "bind source path does not exist: /x; make the folder, or correct 'volumes'; the engine must run on this machine")]
    [InlineData("docker://net:1", "network mine not found; make the network, or correct docker_kwargs.network")]
    [InlineData("docker://gpu:1", "could not select device driver; install NVIDIA's container toolkit, or leave 'gpus' out")]
    [InlineData("docker://odd:1", "something odd; correct the executor's keys, and 'docker_kwargs' first")]
    [InlineData("docker://mute:1", "ended with exit code 3, without a word")]
    public async Task What_the_engine_refuses_is_told_with_the_next_step(string uses, string message)
    {
        var result = await FlowKitCommand.RunAsync(Start(uses, ""));

        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains(message, result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_own_image_that_is_missing_is_told_with_how_to_make_it()
    {
        var start = Start("./Upper.cs", "    runtime: container\n");
        start.Environment["FLOWKIT_IMAGE"] = "gone:1";

        var result = await FlowKitCommand.RunAsync(start);

        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains("FlowKit's own image 'gone:1' is not on this machine; make it with '", result.Errors, StringComparison.Ordinal);
    }

    /// <summary>A flow of one executor, with the engine beside it.</summary>
    private ProcessStartInfo Start(string uses, string keys)
    {
        _folder.File("Upper.cs", Upper);
        var flow = _folder.File("flow.yml", $"jtype: Flow\nexecutors:\n  - name: upper\n    uses: {uses}\n    disable_auto_volume: true\n{keys}");
        var start = FlowKitCommand.StartInfo("run", flow, "--port", "0", "--workspace", At("workspace"));
        start.Environment["FLOWKIT_ENGINE"] = Engine();
        start.Environment["FLOWKIT_IMAGE"] = "own:1";
        return start;
    }

    private string Engine()
    {
        var path = _folder.File("engine", $$$$"""
            #!/bin/sh
            echo "$*" >> {{{{At("told")}}}}
            refuse() { echo "docker: Error response from daemon: $1." >&2; exit 125; }
            case "$1 $3" in
              version*) echo '{"Server": {"Os": "linux", "Arch": "amd64"}}' ;;
              "image gone:1") exit 1 ;;
              "image arm:1") echo '[{"Os": "linux", "Architecture": "arm64", "Config": {}}]' ;;
              image*) echo '[{"Os": "linux", "Architecture": "amd64", "Config": {"Labels": {"flowkit.entry": "flowkit"}}}]' ;;
              pull*) echo "pull access denied"; exit 1 ;;
              port*) echo 127.0.0.1:{{{{_port}}}} ;;
              inspect*) echo '{"OOMKilled": false}' ;;
              run*)
                case " $* " in
                  *" taken:1 "*) refuse "driver failed: port is already allocated" ;;
                  *" user:1 "*) refuse "unable to find user nobody1" ;;
                  *" bind:1 "*) refuse "bind source path does not exist: /x" ;;
                  *" net:1 "*) refuse "network mine not found" ;;
                  *" gpu:1 "*) refuse "could not select device driver" ;;
                  *" odd:1 "*) refuse "something odd" ;;
                  *" mute:1 "*) exit 3 ;;
                esac
                while [ "$1" != own:1 ]; do shift; done
                shift
                for word; do shift; [ "$word" = 51000 ] && word={{{{_port}}}}; set -- "$@" "$word"; done
                exec dotnet {{{{Path.Combine(AppContext.BaseDirectory, "flowkit.dll")}}}} "$@" ;;
            esac
            """);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        return path;
    }

    private string At(string name) => Path.Combine(_folder.Path, name);
}
