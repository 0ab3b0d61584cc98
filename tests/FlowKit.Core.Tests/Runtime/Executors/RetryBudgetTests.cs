namespace FlowKit.Runtime.Executors;

public sealed class RetryBudgetTests
{
    [Fact]
    public void A_storm_of_failures_is_tried_again_for_a_tenth_of_the_calls()
    {
        var budget = new RetryBudget();
        var atOnce = 0;
        while (budget.TryRetry())
        {
            atOnce++;
        }

        var retries = 0;
        for (var call = 0; call < 10_000; call++)
        {
            budget.Call();
            retries += budget.TryRetry() ? 1 : 0;
        }

        Assert.Equal((10, 1000), (atOnce, retries));
    }
}
