using FlowKit.Configuration;

namespace FlowKit.Orchestration.Launching.Containers;

public sealed class RunOptionsTests
{
    [Theory]
    [InlineData("all", "all")]
    [InlineData("2", "2")]
    [InlineData("device=0", "device=0")]
    [InlineData("device=0,1", "\"device=0,1\"")]
    [InlineData("device=0,device=GPU-1,driver=nvidia,capabilities=compute,utility", "\"device=0,GPU-1\",driver=nvidia,\"capabilities=compute,utility\"")]
    public void Gpus_are_written_as_the_engine_takes_them(string gpus, string expected) => Assert.Equal(expected, GpuWords.Of(gpus));

    [Fact]
    public void Every_key_becomes_a_word_of_the_engine()
    {
        var words = Words(
            """
            uses: docker://encoder:1
            volumes: [/tmp:/data:ro, /tmp]
            memory: 512MiB
            cpus: 1.5
            user: 1000:1000
            working_dir: /srv
            entrypoint: /bin/encoder
            gpus: device=0,1
            prefer_platform: linux/amd64
            disable_auto_volume: true
            port: [7000, 7001]
            replicas: 2
            env: {SECRET: hidden}
            uses_with: {size: 3}
            docker_kwargs: {shm_size: 1g, cap_drop: [ALL, CHOWN], privileged: true, init: false, environment: {A: b}, extra_hosts: {peer: 10.0.0.1}}
            """,
            replica: 1,
            entry: null);

        Assert.Equal(
            [
                "--publish", "127.0.0.1:7001:51000",
                "--mount", "type=bind,source=/tmp,target=/data,readonly", "--mount", "type=bind,source=/tmp,target=/tmp",
                "--user=1000:1000", "--memory=536870912", "--memory-swap=536870912", "--cpus=1.5", "--platform=linux/amd64", "--workdir=/srv",
                "--env", "SECRET", "--gpus", "\"device=0,1\"", "--entrypoint", "/bin/encoder",
                "--shm-size=1g", "--cap-drop=ALL", "--cap-drop=CHOWN", "--privileged", "--env=A=b", "--add-host=peer:10.0.0.1",
                "encoder:1", "--name", "encoder", "--port", "51000", "--uses-with", """{"size":3}""", "--native",
            ],
            words[11..]);
        Assert.DoesNotContain(words, word => word.Contains("hidden", StringComparison.Ordinal));
    }

    [Fact]
    public void A_replica_that_is_pinned_sees_its_device_alone()
    {
        var words = Words("uses: docker://encoder\ndisable_auto_volume: true", replica: 0, entry: "executor", device: "cuda:1");

        Assert.Equal(["--gpus", "device=1"], words.SkipWhile(word => word != "--gpus").Take(2));
        Assert.Equal(["encoder", "--entry", "-", "--host", "0.0.0.0", "--port", "51000"], words[^7..]);
    }

    [Fact]
    public void A_container_has_no_more_rights_than_its_work_needs()
    {
        var own = Words("uses: docker://encoder", replica: 0, entry: "executor");
        var foreign = Words("uses: docker://encoder", replica: 0, entry: null);
        var opened = Words("uses: docker://encoder\ndocker_kwargs: {cap_add: [NET_ADMIN], security_opt: [\"seccomp=unconfined\"], pids_limit: 10, read_only: false}", replica: 0, entry: "executor");

        Assert.All(["--cap-drop=ALL", "--security-opt=no-new-privileges", "--pids-limit=4096", "--read-only", "--tmpfs=/tmp:exec,nosuid,nodev"], word => Assert.Contains(word, own));
        Assert.All(["--cap-drop=ALL", "--security-opt=no-new-privileges", "--pids-limit=4096"], word => Assert.Contains(word, foreign));
        Assert.DoesNotContain("--read-only", foreign);
        Assert.Equal(
            ["--cap-drop=ALL", "--cap-add=NET_ADMIN", "--security-opt=seccomp=unconfined", "--pids-limit=10", "--read-only=false"],
            opened.Where(word => word.StartsWith("--cap", StringComparison.Ordinal) || word.StartsWith("--sec", StringComparison.Ordinal) || word.StartsWith("--pids", StringComparison.Ordinal) || word.StartsWith("--read", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_container_that_grows_without_end_leaves_memory_to_the_machine()
    {
        var machine = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

        Assert.InRange(Memory(""), machine / 2, machine - (machine / 5));
        Assert.Equal(1 << 30, Memory("\nmemory: 1GiB"));
        Assert.Equal(0, Memory("\ndocker_kwargs: {mem_limit: 0}"));

        static long Memory(string keys) => long.Parse(
            Assert.Single(Words($"uses: docker://encoder{keys}", replica: 0, entry: "executor"), static word => word.StartsWith("--memory=", StringComparison.Ordinal))["--memory=".Length..],
            System.Globalization.CultureInfo.InvariantCulture);
    }

    [Fact]
    public void With_the_machines_network_it_listens_on_loopback_alone()
    {
        var words = Words("uses: docker://encoder\nforce_network_mode: host", replica: 0, entry: "executor");

        Assert.Contains("127.0.0.1", words);
        Assert.DoesNotContain("0.0.0.0", words);
    }

    [Fact]
    public void Keys_of_the_gateway_are_hidden_in_whatever_is_mounted()
    {
        var folder = Directory.CreateTempSubdirectory("flowkit-tests-");
        Directory.CreateDirectory(Path.Combine(folder.FullName, "certs"));
        var key = Path.Combine(folder.FullName, "certs", "server.key");
        File.WriteAllText(key, "secret");
        var words = Words($"uses: docker://encoder\nvolumes: [\"{folder.FullName}:/flow:ro\"]", replica: 0, entry: "executor", secrets: [key, "/elsewhere/keys.txt"]);

        Assert.Contains("type=bind,source=/dev/null,target=/flow/certs/server.key,readonly", words);
        Assert.DoesNotContain(words, word => word.Contains("keys.txt", StringComparison.Ordinal));
        folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData("docker: Error response from daemon: Bind for 127.0.0.1:1 failed: port is already allocated.", "Bind for 127.0.0.1:1 failed: port is already allocated; stop what uses the port, or leave 'port' out to have a free one")]
    [InlineData("docker: Error response from daemon: network nowhere not found.", "network nowhere not found; make the network, or correct docker_kwargs.network")]
    [InlineData("docker: Error response from daemon: could not select device driver \"\" with capabilities: [[gpu]].", "could not select device driver \"\" with capabilities: [[gpu]]; install NVIDIA's container toolkit, or leave 'gpus' out")]
    public void What_an_engine_refuses_has_a_next_step(string line, string expected) => Assert.Equal(expected, EngineFailure.Find(["Unable to find", line, "See 'docker run --help'."]));

    private static string[] Words(string keys, int replica, string? entry, string device = "cpu", params string[] secrets)
    {
        var config = FlowConfigReader.ReadText($"jtype: Flow\nexecutors:\n  - name: encoder\n    {keys.Replace("\n", "\n    ", StringComparison.Ordinal)}", "flow.yml").Executors[0];
        var context = new ExecutorContext { Name = "encoder", ReplicaId = replica, Replicas = 2, Device = device, Env = config.Env };
        return [.. new RunOptions(config, context, new ContainerImage(config.Launch!.Container!.Image!, entry)) { Secrets = secrets }.Words("name", "flow", RunOptions.InnerPort)];
    }
}
