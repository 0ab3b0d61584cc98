using System.Collections.Concurrent;
using FlowKit.Runtime;
using FlowKit.Serving.Grpc;
using FlowKit.Wire.Grpc;
using FlowKit.Wire.Grpc.Jina;
using FlowKit.Wire.Protos.V1;
using Grpc.Core;
using RestoreStatus = FlowKit.Wire.Protos.V1.RestoreSnapshotStatusProto.Types.Status;
using SnapshotStatus = FlowKit.Wire.Protos.V1.SnapshotStatusProto.Types.Status;

namespace FlowKit.Serving.Worker;

/// <summary>
/// Jina's services for the state of an executor: each call begins something that goes on behind it, and is asked for by its id. One at a
/// time. Snapshots lie in the workspace, and only from there are they restored: a caller names no other path of this machine.
/// </summary>
/// <param name="flow">The executor's flow.</param>
/// <param name="stopping">Ends when the server stops, and what it has begun with it.</param>
internal sealed class WorkerSnapshots(FlowRuntime flow, CancellationToken stopping)
{
    private const int Remembered = 1000;

    private readonly ConcurrentDictionary<string, Task> _begun = new(StringComparer.Ordinal);
    private readonly Lock _beginning = new();
    private readonly string _folder = Path.Combine(Path.GetFullPath(flow.Workspace), "snapshots");
    private Task _running = Task.CompletedTask;

    public void AddTo(GrpcMethodBinder binder)
    {
        binder.AddUnary(JinaSnapshotMethods.Snapshot, (_, _) => Task.FromResult(Snapshot()));
        binder.AddUnary(JinaSnapshotMethods.SnapshotStatus, (id, _) => Task.FromResult(Told(id.Value)));
        binder.AddUnary(JinaSnapshotMethods.Restore, (command, _) => Task.FromResult(Restore(command.SnapshotFile)));
        binder.AddUnary(JinaSnapshotMethods.RestoreStatus, (id, _) => Task.FromResult(Restored(id.Value)));
    }

    private SnapshotStatusProto Snapshot()
    {
        var id = NewId.Next();
        PrivateFolder.Create(_folder);
        Begin(id, () => flow.SnapshotAsync(PathOf(id), stopping));
        return new SnapshotStatusProto { Id = new SnapshotId { Value = id }, Status = SnapshotStatus.Running, SnapshotFile = PathOf(id) };
    }

    private RestoreSnapshotStatusProto Restore(string file)
    {
        var path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(file, _folder));
        if (Path.GetDirectoryName(path) != _folder || !Directory.Exists(path))
        {
            throw RpcErrors.Create(StatusCode.NotFound, $"snapshot_file: '{file}' is no snapshot of this executor.");
        }

        var id = NewId.Next();
        Begin(id, () => flow.RestoreAsync(path, stopping));
        return new RestoreSnapshotStatusProto { Id = new RestoreId { Value = id }, Status = RestoreStatus.Running };
    }

    private SnapshotStatusProto Told(string id) => new()
    {
        Id = new SnapshotId { Value = id },
        SnapshotFile = _begun.ContainsKey(id) ? PathOf(id) : "",
        Status = Find(id) switch
        {
            null => SnapshotStatus.NotFound,
            { IsCompletedSuccessfully: true } => SnapshotStatus.Succeeded,
            { IsCompleted: true } => SnapshotStatus.Failed,
            _ => SnapshotStatus.Running,
        },
    };

    private RestoreSnapshotStatusProto Restored(string id) => new()
    {
        Id = new RestoreId { Value = id },
        Status = Find(id) switch
        {
            null => RestoreStatus.NotFound,
            { IsCompletedSuccessfully: true } => RestoreStatus.Succeeded,
            { IsCompleted: true } => RestoreStatus.Failed,
            _ => RestoreStatus.Running,
        },
    };

    private void Begin(string id, Func<Task> work)
    {
        if (!flow.HasState)
        {
            throw RpcErrors.Create(StatusCode.FailedPrecondition, "This executor keeps no state.");
        }

        lock (_beginning)
        {
            if (!_running.IsCompleted)
            {
                throw RpcErrors.Create(StatusCode.FailedPrecondition, "A snapshot is being written or restored already.");
            }

            if (_begun.Count >= Remembered)
            {
                _begun.Clear();
            }

            _begun[id] = _running = Task.Run(work, CancellationToken.None);
        }
    }

    private Task? Find(string id) => _begun.GetValueOrDefault(id);

    private string PathOf(string id) => Path.Combine(_folder, id);
}
