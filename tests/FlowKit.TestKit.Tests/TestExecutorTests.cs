using FlowKit.Configuration.Diagnostics;

namespace FlowKit.TestKit;

public sealed class TestExecutorTests
{
    [Fact]
    public async Task One_executor_runs_with_its_options_and_parameters()
    {
        await using var repeat = await TestExecutor.StartAsync<Repeat>(new { maxTimes = 3 });

        var docs = await repeat.PostAsync("/repeat", [new Document { Text = "ab" }], new { times = 2 });

        Assert.Equal("abab", docs[0].Text);
    }

    [Fact]
    public async Task What_it_throws_is_thrown_in_the_test()
    {
        await using var repeat = await TestExecutor.StartAsync<Repeat>(new { max_times = 1 });

        var exception = await Assert.ThrowsAsync<FlowKitException>(() => repeat.PostAsync("/repeat", [new Document { Text = "ab" }], new { times = 2 }));

        Assert.Equal(("too often", "executor"), (exception.Message, exception.Error.Executor));
    }

    [Fact]
    public async Task A_wrong_option_is_told_as_in_a_flow() =>
        Assert.Contains("uses_with.max_tmes: ", (await Assert.ThrowsAsync<FlowConfigException>(() => TestExecutor.StartAsync<Repeat>(new { max_tmes = 1 }))).Message, StringComparison.Ordinal);

    public sealed class Repeat(int maxTimes) : Executor
    {
        [Requests("/repeat")]
        public void Run(DocumentArray documents, Parameters parameters)
        {
            var times = parameters.Get("times", 1);
            if (times > maxTimes)
            {
                throw new InvalidOperationException("too often");
            }

            documents[0].Text = string.Concat(Enumerable.Repeat(documents[0].Text, times));
        }
    }
}
