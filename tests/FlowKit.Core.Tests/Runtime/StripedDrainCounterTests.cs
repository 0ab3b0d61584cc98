namespace FlowKit.Runtime;

public sealed class StripedDrainCounterTests
{
    [Fact]
    public async Task The_end_waits_for_the_last_whatever_thread_it_leaves_on()
    {
        var users = new StripedDrainCounter();
        Assert.True(await Task.Run(users.TryEnter));
        Assert.True(users.TryEnter());
        var closed = users.CloseAsync();
        users.Leave();

        Assert.False(users.TryEnter());
        Assert.False(closed.IsCompleted);
        var thread = new Thread(users.Leave);
        thread.Start();
        thread.Join();
        await closed.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void What_came_with_a_user_holds_the_end_after_it()
    {
        var users = new StripedDrainCounter();
        Assert.True(users.TryEnter());
        var closed = users.CloseAsync();
        users.AddDetached();
        users.Leave();
        Assert.False(closed.IsCompleted);

        users.RemoveDetached();
        Assert.True(closed.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task It_never_ends_before_the_last_of_many_threads()
    {
        for (var round = 0; round < 200; round++)
        {
            var users = new StripedDrainCounter();
            var inside = 0;
            using var start = new Barrier(5);
            var threads = Enumerable.Range(0, 4).Select(_ => Task.Factory.StartNew(
                () =>
                {
                    start.SignalAndWait();
                    while (users.TryEnter())
                    {
                        Interlocked.Increment(ref inside);
                        Thread.Yield();
                        Interlocked.Decrement(ref inside);
                        users.Leave();
                    }
                },
                CancellationToken.None,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default)).ToArray();
            start.SignalAndWait();
            await users.CloseAsync().WaitAsync(TimeSpan.FromSeconds(30));

            Assert.Equal(0, Volatile.Read(ref inside));
            await Task.WhenAll(threads);
        }
    }
}
