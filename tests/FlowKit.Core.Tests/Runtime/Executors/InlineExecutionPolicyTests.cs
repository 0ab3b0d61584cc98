namespace FlowKit.Runtime.Executors;

public sealed class InlineExecutionPolicyTests
{
    private static readonly long s_microsecond = TimeProvider.System.TimestampFrequency / 1_000_000;

    private readonly InlineExecutionPolicy _pace = new(TimeProvider.System, InlineExecutionPolicy.HandOffCost);

    [Fact]
    public void A_row_of_short_calls_is_believed()
    {
        Add(15, s_microsecond);
        Assert.False(_pace.IsShort);

        Add(1, s_microsecond);
        Assert.True(_pace.IsShort);
    }

    [Fact]
    public void A_long_call_is_doubted_for_longer_than_it_took_to_be_believed()
    {
        Add(1_000, s_microsecond);
        Add(1, 100 * s_microsecond);
        Add(100, s_microsecond);

        Assert.False(_pace.IsShort);
    }

    [Fact]
    public void A_call_that_is_a_little_longer_now_and_then_changes_nothing()
    {
        for (var i = 0; i < 10; i++)
        {
            Add(64, s_microsecond);
            Add(1, 3 * s_microsecond);
        }

        Assert.True(_pace.IsShort);
    }

    [Fact]
    public void Calls_that_are_a_little_too_long_are_not_short()
    {
        Add(64, s_microsecond);
        Add(10, 3 * s_microsecond);

        Assert.False(_pace.IsShort);
    }

    [Fact]
    public void A_call_that_waits_is_not_short()
    {
        Add(64, s_microsecond);
        _pace.Doubt();

        Assert.False(_pace.IsShort);
    }

    [Fact]
    public void None_is_short_when_the_host_says_so_and_all_are_when_it_says_that()
    {
        var (never, always) = (new InlineExecutionPolicy(TimeProvider.System, TimeSpan.Zero), new InlineExecutionPolicy(TimeProvider.System, TimeSpan.MaxValue));
        for (var i = 0; i < 100; i++)
        {
            never.Add(0);
        }

        always.Doubt();

        Assert.False(never.IsShort);
        Assert.True(always.IsShort);
    }

    private void Add(int calls, long duration)
    {
        for (var i = 0; i < calls; i++)
        {
            _pace.Add(duration);
        }
    }
}
