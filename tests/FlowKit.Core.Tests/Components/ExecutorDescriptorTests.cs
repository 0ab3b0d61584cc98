namespace FlowKit.Components;

public sealed class ExecutorDescriptorTests
{
    [Theory]
    [InlineData(typeof(Plain), StateScope.None, false)]
    [InlineData(typeof(Snapshots), StateScope.Replica, true)]
    [InlineData(typeof(Files), StateScope.Replica, false)]
    [InlineData(typeof(Database), StateScope.Shared, true)]
    [InlineData(typeof(Cache), StateScope.None, true)]
    public void State_is_what_is_declared_or_else_follows_from_snapshots(Type type, StateScope state, bool hasState)
    {
        var descriptor = new ExecutorDescriptor(type);

        Assert.Equal((state, hasState), (descriptor.State, descriptor.HasState));
    }

    private sealed class Plain : Executor;

    private class Snapshots : Executor
    {
        public override Task SnapshotAsync(string folder, CancellationToken cancellationToken) => Task.CompletedTask;
    }

    [Executor("StateScopeFiles", State = StateScope.Replica)]
    private sealed class Files : Executor;

    [Executor("StateScopeDatabase", State = StateScope.Shared)]
    private sealed class Database : Snapshots;

    [Executor("StateScopeCache", State = StateScope.None)]
    private sealed class Cache : Snapshots;
}
