using System.Text.Json.Nodes;
using FlowKit.Specs.Running;

namespace FlowKit.Orchestration.Launching.Containers;

/// <summary>A flow with many secrets, looked at from outside: its containers by their engine, its processes by the system, its log.</summary>
public sealed class ContainerSecretTests : IClassFixture<EngineFixture>
{
    /// <summary>Keys of the gateway, which no executor needs.</summary>
    private static readonly string[] s_keys = ["key-in-a-variable-31415926", "key-in-a-file-27182818", "key-of-the-client-16180339"];

    /// <summary>What one executor needs and the other must not have.</summary>
    private static readonly string[] s_own = ["password-of-the-container-14142135", "password-of-the-process-17320508"];

    [EngineFact]
    public async Task Nobody_has_a_secret_that_is_not_its_own()
    {
        using var folder = new TemporaryFolder();
        folder.File("keys.txt", s_keys[1] + "\n");
        folder.File(".env", $"TOKEN={s_keys[0]}\n");
        var file = folder.File("flow.yml", """
            jtype: Flow
            gateway: {api_keys_env: GATE_KEYS, api_keys_file: keys.txt}
            executors:
              - {name: boxed, uses: BaseExecutor, runtime: container, env: {PASSWORD: '${{ ENV.BOXED }}'}}
              - {name: beside, uses: BaseExecutor, runtime: process, env: {PASSWORD: '${{ ENV.BESIDE }}'}}
            """);
        var start = FlowKitCommand.StartInfo("run", file, "--port", "0", "--workspace", Path.Combine(folder.Path, "work"));
        foreach (var (name, value) in new[] { ("GATE_KEYS", s_keys[0]), ("FLOWKIT_API_KEY", s_keys[2]), ("BOXED", s_own[0]), ("BESIDE", s_own[1]) })
        {
            start.Environment[name] = value;
        }

        await using var flow = await RunningFlow.StartAsync(start);
        var container = Assert.Single(await EngineFixture.ContainersAsync());
        var told = await EngineFixture.DockerAsync("inspect", container);
        var seen = JsonNode.Parse(told)![0]!;

        CheckBounds(seen, folder.Path);
        Assert.All([.. s_keys, s_own[1]], secret => Assert.DoesNotContain(secret, told, StringComparison.Ordinal));
        Assert.Contains($"PASSWORD={s_own[0]}", seen["Config"]!["Env"]!.AsArray().Select(value => (string?)value));
        await CheckInsideAsync(container, folder.Path);
        CheckProcesses(flow.Id);
        Assert.Equal(0, await flow.StopAsync());
        Assert.All([.. s_keys, .. s_own], secret => Assert.DoesNotContain(secret, flow.Log, StringComparison.Ordinal));
    }

    [EngineFact]
    public async Task The_image_runs_as_nobody_in_particular_and_has_nothing_of_this_machine_in_it()
    {
        var seen = JsonNode.Parse(await EngineFixture.DockerAsync("inspect", ContainerImage.Own))![0]!;
        var history = await EngineFixture.DockerAsync("history", "--no-trunc", "--format", "{{.CreatedBy}}", ContainerImage.Own);

        Assert.False((string?)seen["Config"]!["User"] is null or "" or "0" or "root" or "0:0");
        Assert.All([(string)seen["Config"]!["Env"]!.ToJsonString(), history], text =>
        {
            Assert.DoesNotContain(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) + "/", text, StringComparison.Ordinal);
            Assert.DoesNotContain("KEY=", text, StringComparison.Ordinal);
            Assert.DoesNotContain("TOKEN=", text, StringComparison.Ordinal);
        });
    }

    [EngineFact]
    public async Task The_image_says_which_packages_are_in_it()
    {
        var materials = JsonNode.Parse(await EngineFixture.DockerAsync("run", "--rm", "--entrypoint", "cat", ContainerImage.Own, "/app/FlowKit.cdx.json"))!;

        Assert.Equal("CycloneDX", (string?)materials["bomFormat"]);
        Assert.Contains(materials["components"]!.AsArray(), part => (string?)part!["name"] == "Microsoft.ML.OnnxRuntime.Managed");
    }

    private static void CheckBounds(JsonNode seen, string folder)
    {
        var host = seen["HostConfig"]!;
        Assert.Equal(["ALL"], host["CapDrop"]!.AsArray().Select(value => (string)value!));
        Assert.Null(host["CapAdd"]);
        Assert.Contains("no-new-privileges", host["SecurityOpt"]!.AsArray().Select(value => (string)value!));
        Assert.False((bool)host["Privileged"]!);
        Assert.True((bool)host["ReadonlyRootfs"]!);
        Assert.Equal(4096, (int)host["PidsLimit"]!);
        Assert.True((long)host["Memory"]! > 0);
        Assert.All(
            seen["NetworkSettings"]!["Ports"]!.AsObject().SelectMany(port => port.Value?.AsArray() ?? []),
            binding => Assert.Equal("127.0.0.1", (string?)binding!["HostIp"]));

        // Its workspace alone can be written; the flow's folder is there to be read, and its keys are hidden.
        var mounts = seen["Mounts"]!.AsArray().Select(mount => ((string)mount!["Source"]!, (string)mount["Destination"]!, (bool)mount["RW"]!)).ToList();
        Assert.Equal("/workspace", Assert.Single(mounts, mount => mount.Item3).Item2);
        Assert.Contains((folder, folder, false), mounts);
        Assert.Contains(("/dev/null", Path.Combine(folder, "keys.txt"), false), mounts);
        Assert.DoesNotContain(mounts, mount => mount.Item1.EndsWith("docker.sock", StringComparison.Ordinal));
    }

    private static async Task CheckInsideAsync(string container, string folder)
    {
        var inside = await EngineFixture.DockerAsync("exec", container, "sh", "-c", $"cat /proc/[0-9]*/environ /proc/[0-9]*/cmdline {folder}/keys.txt {folder}/.env 2>/dev/null | tr '\\0' '\\n'; true");

        Assert.Contains(s_own[0], inside, StringComparison.Ordinal);
        Assert.All([.. s_keys, s_own[1]], secret => Assert.DoesNotContain(secret, inside, StringComparison.Ordinal));
    }

    /// <summary>Command lines are read by everybody; the environment of a process holds its own secrets alone.</summary>
    private static void CheckProcesses(int gateway)
    {
        foreach (var process in Directory.EnumerateDirectories("/proc").Select(path => Path.GetFileName(path)).Where(name => int.TryParse(name, out _)))
        {
            var (commandLine, environment) = (ProcessTable.Read(process, "cmdline"), ProcessTable.Read(process, "environ"));
            Assert.All([.. s_keys, .. s_own], secret => Assert.DoesNotContain(secret, commandLine, StringComparison.Ordinal));
            if (process != $"{gateway}")
            {
                Assert.All(s_keys, secret => Assert.DoesNotContain(secret, environment, StringComparison.Ordinal));
                Assert.False(s_own.All(secret => environment.Contains($"={secret}", StringComparison.Ordinal)), $"{commandLine} has both passwords.");
            }
        }
    }
}
