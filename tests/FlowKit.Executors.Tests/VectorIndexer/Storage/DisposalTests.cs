using FlowKit.Executors.Storage;

namespace FlowKit.Executors.Tests.Indexing;

public sealed class DisposalTests
{
    [Fact]
    public void What_throws_while_it_is_disposed_keeps_nothing_else_open_and_is_told()
    {
        var folder = Directory.CreateTempSubdirectory("flowkit-disposal");
        var taken = IndexLock.Take(folder.FullName, hasIndex: false);

        var thrown = Assert.Throws<AggregateException>(() => Disposal.All(new Throwing("documents"), new Throwing("table"), null, taken));

        Assert.Equal(["documents", "table"], thrown.InnerExceptions.Select(exception => exception.Message));
        IndexLock.Take(folder.FullName, hasIndex: false).Dispose();
        folder.Delete(recursive: true);
    }

    private sealed class Throwing(string what) : IDisposable
    {
        public void Dispose() => throw new InvalidOperationException(what);
    }
}
