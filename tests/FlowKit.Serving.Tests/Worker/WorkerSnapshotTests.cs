using FlowKit.TestKit;
using FlowKit.Wire.Grpc.Jina;
using FlowKit.Wire.Protos.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using RestoreStatus = FlowKit.Wire.Protos.V1.RestoreSnapshotStatusProto.Types.Status;
using SnapshotStatus = FlowKit.Wire.Protos.V1.SnapshotStatusProto.Types.Status;

namespace FlowKit.Serving.Worker;

/// <summary>Jina's services for the state of an executor.</summary>
public sealed class WorkerSnapshotTests
{
    [Executor("Counting")]
    public sealed class Counting : Executor
    {
        private int _count;

        [Requests("/add"), Write]
        public void Add(DocumentArray docs) => _count += docs.Count;

        [Requests("/read")]
        public object Read() => new { count = _count };

        public override Task SnapshotAsync(string folder, CancellationToken cancellationToken) =>
            _count == 13 ? throw new IOException("the disk is full") : File.WriteAllTextAsync(Path.Combine(folder, "count"), $"{_count}", cancellationToken);

        public override async Task RestoreAsync(string folder, CancellationToken cancellationToken) =>
            _count = int.Parse(await File.ReadAllTextAsync(Path.Combine(folder, "count"), cancellationToken), System.Globalization.CultureInfo.InvariantCulture);
    }

    private static Task<TestWorker> StartAsync() => TestWorker.StartAsync("name: a, uses: Counting", new TestFlowOptions { Executors = [typeof(Counting)] });

    private static Task AddAsync(TestWorker worker, int count) => worker.Flow.PostAsync("/add", [.. Enumerable.Range(0, count).Select(_ => new Document())]);

    private static async Task<int> CountAsync(TestWorker worker) => (await worker.Flow.PostAsync("/read", new Document())).Results!["a/rep-0"]!["count"]!.GetValue<int>();

    private static async Task<SnapshotStatusProto> SnapshotAsync(TestWorker worker)
    {
        var begun = (await worker.Channel.UnaryAsync(JinaSnapshotMethods.Snapshot, new Empty()));
        Assert.Equal(SnapshotStatus.Running, begun.Status);
        SnapshotStatusProto told = begun;
        while (told.Status == SnapshotStatus.Running)
        {
            told = (await worker.Channel.UnaryAsync(JinaSnapshotMethods.SnapshotStatus, begun.Id));
        }

        return told;
    }

    [Fact]
    public async Task What_was_there_at_the_snapshot_is_there_again_after_restoring()
    {
        await using var worker = await StartAsync();
        await AddAsync(worker, 5);
        var snapshot = await SnapshotAsync(worker);
        Assert.Equal(SnapshotStatus.Succeeded, snapshot.Status);
        await AddAsync(worker, 3);
        Assert.Equal(8, await CountAsync(worker));

        var restoring = (await worker.Channel.UnaryAsync(JinaSnapshotMethods.Restore, new RestoreSnapshotCommand { SnapshotFile = snapshot.SnapshotFile }));
        var status = restoring.Status;
        while (status == RestoreStatus.Running)
        {
            status = (await worker.Channel.UnaryAsync(JinaSnapshotMethods.RestoreStatus, restoring.Id)).Status;
        }

        Assert.Equal(RestoreStatus.Succeeded, status);
        Assert.Equal(5, await CountAsync(worker));
    }

    [Fact]
    public async Task One_that_cannot_be_written_has_failed_and_one_that_nobody_began_is_not_found()
    {
        await using var worker = await StartAsync();
        await AddAsync(worker, 13);

        Assert.Equal(SnapshotStatus.Failed, (await SnapshotAsync(worker)).Status);
        Assert.Equal(SnapshotStatus.NotFound, (await worker.Channel.UnaryAsync(JinaSnapshotMethods.SnapshotStatus, new SnapshotId { Value = "../x" })).Status);
        Assert.Equal(RestoreStatus.NotFound, (await worker.Channel.UnaryAsync(JinaSnapshotMethods.RestoreStatus, new RestoreId { Value = "x" })).Status);
    }

    [Theory]
    [InlineData("/etc")]
    [InlineData("..")]
    [InlineData("../a")]
    [InlineData("")]
    [InlineData("nothing")]
    public async Task Only_a_snapshot_of_its_own_is_restored(string file)
    {
        await using var worker = await StartAsync();
        await SnapshotAsync(worker);

        var error = await Assert.ThrowsAsync<RpcException>(() => worker.Channel.UnaryAsync(JinaSnapshotMethods.Restore, new RestoreSnapshotCommand { SnapshotFile = file }));
        Assert.Equal(StatusCode.NotFound, error.StatusCode);
    }

    [Fact]
    public async Task An_executor_without_state_says_so()
    {
        await using var worker = await TestWorker.StartAsync("name: a, uses: Scripted", new TestFlowOptions { Script = new FlowScript() });

        var error = await Assert.ThrowsAsync<RpcException>(() => worker.Channel.UnaryAsync(JinaSnapshotMethods.Snapshot, new Empty()));
        Assert.Equal((StatusCode.FailedPrecondition, "This executor keeps no state."), (error.StatusCode, error.Status.Detail));
    }
}
