using System.Globalization;
using System.Net;
using System.Net.Sockets;
using FlowKit.Executors;
using FlowKit.Specs.Running;
using FlowKit.TestKit;

namespace FlowKit.Orchestration.Launching.Containers;

/// <summary>Executors in real containers, and what the engine may say instead.</summary>
public sealed class ContainerExecutorTests : IClassFixture<EngineFixture>
{
    private const string InContainer = "runtime: container";

    [EngineFact]
    public async Task An_executor_in_a_container_is_like_any_other()
    {
        await using var flow = await WildFlow.StartAsync(InContainer, "env:", "  MODE: test");

        var where = (await flow.PostAsync("/where")).Results!.Single().Value!;
        var thrown = (await flow.PostAsync("/throw")).Error!;

        Assert.Equal(("test", "/workspace", "wild"), ((string?)where["mode"], (string?)where["workspace"], (string?)where["name"]));
        Assert.Equal(new FlowError(FlowErrorCode.InvalidArgument, "this picture has no pixels") { Executor = "wild" }, thrown);
        Assert.Single(await EngineFixture.ContainersAsync());
    }

    [EngineFact]
    public async Task The_seeds_flow_runs_with_its_image_and_its_volumes()
    {
        using var folder = new TemporaryFolder();
        var built = await FlowKitCommand.RunAsync("build", "ClipImageEncoder", "-t", "jinahub-clip-image:latest");
        Assert.True(built.ExitCode == 0, built.Errors);
        var picture = new byte[128 * 64 * 3];
        new Random(1).NextBytes(picture);
        await using var flow = await TestFlow.StartAsync(
            $"""
            jtype: Flow
            pods:
              - name: encoder
                uses: 'docker://jinahub-clip-image:latest'
                volumes: '{folder.Path}:/root/.cache/clip'
                {WildFlow.TimeoutReady}
            """,
            new TestFlowOptions { Launchers = WildFlow.Launchers });
        await using var here = await TestFlow.StartAsync("{jtype: Flow, executors: [{name: encoder, uses: ClipImageEncoder}]}", typeof(ClipImageEncoder));

        var encoded = (await flow.PostAsync("/foo", new Document { Tensor = NdArray.Wrap(picture, 128, 64, 3) })).Documents[0];
        var expected = (await here.PostAsync("/foo", new Document { Tensor = NdArray.Wrap(picture, 128, 64, 3) })).Documents[0];

        Assert.Null(encoded.Error);
        Assert.Equal(expected.Embedding!.AsSpan<float>().ToArray(), encoded.Embedding!.AsSpan<float>().ToArray());
    }

    [EngineTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_new_project_is_built_into_an_image_with_its_own_Dockerfile_or_without(bool hasDockerfile)
    {
        using var folder = new TemporaryFolder();
        var made = await FlowKitCommand.RunAsync("new", "executor", "Shout", "--output", folder.Path);
        Assert.True(made.ExitCode == 0, made.Errors);
        var project = Path.GetDirectoryName(Directory.GetFiles(folder.Path, "Shout.csproj", SearchOption.AllDirectories).Single())!;
        if (!hasDockerfile)
        {
            File.Delete(Path.Combine(project, "Dockerfile"));
        }

        var built = await FlowKitCommand.RunAsync("build", project, "-t", "flowkit-test-shout");
        Assert.True(built.ExitCode == 0, built.Errors);
        await using var flow = await TestFlow.StartAsync("{jtype: Flow, executors: [{name: shout, uses: 'docker://flowkit-test-shout', timeout_ready: 120000}]}", new TestFlowOptions { Launchers = WildFlow.Launchers });

        Assert.Equal("HELLO!", (await flow.PostAsync("/foo", new Document { Text = "hello" })).Documents[0].Text);
        Assert.False(Directory.Exists(Path.Combine(project, "out")));
    }

    [EngineFact]
    public async Task A_flow_of_all_three_serves_on_when_a_container_is_killed_under_load()
    {
        await using var flow = await TestFlow.StartAsync(
            """
            jtype: Flow
            executors:
              - name: decoder
                uses: ImageDecoder
              - name: encoder
                uses: ClipImageEncoder
                runtime: container
                timeout_ready: 120000
                replicas: 2
                retries: 0
              - name: indexer
                uses: VectorIndexer
                runtime: process
            """,
            new TestFlowOptions { Executors = [typeof(ImageDecoderExecutor), typeof(ClipImageEncoder), typeof(VectorIndexer)], Launchers = WildFlow.Launchers });
        var picture = await File.ReadAllBytesAsync(Repository.At("flows", "image-search", "pictures", "red-apple.jpg"));
        Assert.Null((await flow.PostAsync("/index", new Document("apple") { Blob = picture })).Error);

        var posting = Enumerable.Range(0, 120).Select(_ => flow.PostAsync("/search", new Document { Blob = picture })).ToList();
        await Task.WhenAny(posting);
        await EngineFixture.DockerAsync("kill", (await EngineFixture.ContainersAsync())[0]);
        var replies = await Task.WhenAll(posting);

        Assert.InRange(replies.Count(reply => reply.Error is not null), 0, 1);
        Assert.All(replies.Where(reply => reply.Error is null), reply => Assert.Equal("apple", reply.Documents[0].Matches[0].Id));
        await TestTimeout.UntilAsync(() => flow.Runtime.Health.All(health => health.Ready == health.Replicas), "both containers");
    }

    [EngineTheory]
    [InlineData("v1")]
    [InlineData("v2")]
    public async Task An_image_that_knows_only_Jinas_command_line_and_wire_is_the_same(string dialect)
    {
        await EngineFixture.BuildAsync(
            "flowkit-test-jina",
            $"""
            FROM {ContainerImage.Own}
            LABEL {ContainerImage.EntryLabel}=""
            USER root
            ENTRYPOINT ["dotnet", "/app/flowkit.dll", "executor", "--uses", "ClipTextEncoder", "--host", "0.0.0.0", "--gateway", "docarray_version={dialect}"]
            """);
        await using var flow = await TestFlow.StartAsync(
            $"{{jtype: Flow, executors: [{{name: text, uses: 'docker://flowkit-test-jina', uses_with: {{batch_size: 3}}, docarray_version: {dialect}, {WildFlow.TimeoutReady}}}]}}", new TestFlowOptions { Launchers = WildFlow.Launchers });

        var encoded = (await flow.PostAsync("/foo", new Document { Text = "a red apple" })).Documents[0];

        Assert.NotNull(encoded.Embedding);
    }

    [EngineFact]
    public async Task Memory_beyond_the_limit_is_told()
    {
        await using var flow = await WildFlow.StartAsync(InContainer, "retries: 0", "memory: 256MiB");

        var lost = (await flow.PostAsync("/leak")).Error!;

        Assert.Matches(@"\A'wild' was lost with this request: the container flowkit-wild-0-\d+-\d+ used more than its memory of 256 MiB and was ended by the system \(exit code 137\); give it more with 'memory'", lost.Message);
        await TestTimeout.UntilAsync(() => flow.Runtime.Health[0].Ready == 1, "another container");
    }

    [EngineFact]
    public Task A_missing_image_is_told() => FailsAsync(
        "{jtype: Flow, executors: [{name: wild, uses: 'docker://localhost:9/nobody/nothing:1'}]}",
        @"the image 'localhost:9/nobody/nothing:1' is neither on this machine nor can it be pulled: .+; build it with 'flowkit build EXECUTOR -t localhost:9/nobody/nothing:1', or correct the name");

    [EngineFact]
    public async Task An_image_for_another_machine_is_told()
    {
        await EngineFixture.BuildAsync("flowkit-test-s390x", "FROM scratch\nCOPY Dockerfile /\n", "--platform", "linux/s390x");

        await FailsAsync(
            "{jtype: Flow, executors: [{name: wild, uses: 'docker://flowkit-test-s390x'}]}",
            @"the image 'flowkit-test-s390x' is for linux/s390x, and this engine runs linux/amd64; build or pull the one for it, or write 'prefer_platform: linux/s390x' where emulation is set up");
    }

    [EngineFact]
    public async Task A_port_that_is_taken_is_told()
    {
        using var taken = new Socket(SocketType.Stream, ProtocolType.Tcp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        taken.Listen();
        var port = ((IPEndPoint)taken.LocalEndPoint!).Port.ToString(CultureInfo.InvariantCulture);

        await FailsAsync(WildFlow.Text(InContainer, $"port: {port}"), $"the engine did not start the container: .*{port}.*; stop what uses the port, or leave 'port' out to have a free one");
    }

    [EngineFact]
    public async Task An_engine_that_does_not_run_is_told()
    {
        Environment.SetEnvironmentVariable("DOCKER_HOST", "unix:///nowhere.sock");
        try
        {
            var exception = await Assert.ThrowsAsync<FlowKitException>(() => WildFlow.StartAsync(InContainer));
            Assert.EndsWith("the engine 'docker' does not run: Cannot connect to the Docker daemon at unix:///nowhere.sock. Is the docker daemon running?; start it, or name another with FLOWKIT_ENGINE", exception.Message, StringComparison.Ordinal);
        }
        finally
        {
            Environment.SetEnvironmentVariable("DOCKER_HOST", null);
        }
    }

    private static async Task FailsAsync(string flow, string pattern)
    {
        var exception = await Assert.ThrowsAsync<FlowKitException>(() => WildFlow.StartTextAsync(flow));

        Assert.Matches($@"(?s)\AThe executor 'wild' \(.*\) did not start: {pattern}", exception.Message);
        Assert.Empty(await EngineFixture.ContainersAsync());
    }
}
