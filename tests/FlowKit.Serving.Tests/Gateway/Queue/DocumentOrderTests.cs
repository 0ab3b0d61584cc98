using FlowKit.TestKit;

namespace FlowKit.Serving.Gateway.Queue;

public sealed class DocumentOrderTests
{
    private readonly DocumentOrder _order = new();
    private readonly List<string> _ran = [];

    [Fact]
    public async Task Requests_of_the_same_document_go_one_after_another_and_others_beside_them()
    {
        var first = Add("first", "a", "b");
        var second = Add("second", "b", "c");
        var third = Add("third", "d");

        third.Gate.SetResult();
        await third.Done.WithTimeout();
        Assert.Equal(["first begins", "third begins", "third ends"], Sorted());

        first.Gate.SetResult();
        second.Gate.SetResult();
        await second.Done.WithTimeout();
        Assert.True(_ran.IndexOf("first ends") < _ran.IndexOf("second begins"));
        await TestTimeout.UntilAsync(() => _order.Count == 0, "all to have left");
    }

    [Fact]
    public async Task What_names_no_document_waits_for_all_and_all_after_it_wait()
    {
        var before = Add("before", "a");
        var all = Add("all");
        var after = Add("after", "z");

        after.Gate.SetResult();
        all.Gate.SetResult();
        await Task.Delay(20);
        Assert.Equal(["before begins"], Sorted());

        before.Gate.SetResult();
        await _order.WhenEmptyAsync().WithTimeout();
        Assert.Equal(["before begins", "before ends", "all begins", "all ends", "after begins", "after ends"], _ran);
    }

    private List<string> Sorted()
    {
        lock (_ran)
        {
            return [.. _ran.Order(StringComparer.Ordinal)];
        }
    }

    private (TaskCompletionSource Gate, Task Done) Add(string name, params string[] ids)
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return (gate, _order.Run(ids, async () =>
        {
            Note($"{name} begins");
            await gate.Task;
            Note($"{name} ends");
        }));
    }

    private void Note(string what)
    {
        lock (_ran)
        {
            _ran.Add(what);
        }
    }
}
