namespace FlowKit.Executors;

public sealed class ExecutorTests
{
    [Fact]
    public void A_constructor_already_knows_its_context()
    {
        var context = new ExecutorContext { Name = "encoder" };

        var executor = (Plain)Executor.Construct(context, () => new Plain());

        Assert.Same(context, executor.Seen);
        Assert.NotSame(context, new Plain().Seen);
    }

    [Fact]
    public void A_constructor_that_throws_leaves_no_context_behind()
    {
        Assert.Throws<InvalidOperationException>(() => Executor.Construct(new ExecutorContext { Name = "encoder" }, () => throw new InvalidOperationException()));

        Assert.NotEqual("encoder", new Plain().Seen.Name);
    }

    [Fact]
    public async Task An_executor_without_state_writes_and_takes_none()
    {
        var folder = Directory.CreateTempSubdirectory("flowkit-").FullName;
        try
        {
            await using var executor = new Plain();

            await executor.LoadAsync(CancellationToken.None);
            await executor.SnapshotAsync(folder, CancellationToken.None);
            await executor.RestoreAsync(folder, CancellationToken.None);

            Assert.Empty(Directory.EnumerateFileSystemEntries(folder));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void A_program_without_services_has_none() => Assert.Null(new Plain().Seen.Services.GetService(typeof(TimeProvider)));

    private sealed class Plain : Executor
    {
        public Plain() => Seen = Context;

        public ExecutorContext Seen { get; }
    }
}
