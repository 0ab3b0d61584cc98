using System.Globalization;
using FlowKit.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace FlowKit.Serving.Gateway.Queue;

public sealed class CompletedRequestsTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string File => System.IO.Path.Combine(_folder.Path, "gateway", "queue.done");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void They_are_known_again_after_a_restart_even_if_the_last_line_was_torn()
    {
        using (var first = new CompletedRequests(File, NullLogger.Instance))
        {
            first.Add("a");
            first.Add("b");
            first.Add("a");
        }

        Assert.Equal(["a", "b"], System.IO.File.ReadAllLines(File));
        System.IO.File.AppendAllText(File, "torn");
        using var again = new CompletedRequests(File, NullLogger.Instance);

        Assert.True(again.Contains("a") && again.Contains("b"));
        Assert.False(again.Contains("c"));
    }

    [Fact]
    public void The_oldest_are_forgotten_and_the_file_stays_bounded()
    {
        using (var completed = new CompletedRequests(File, NullLogger.Instance))
        {
            for (var i = 0; i < (2 * CompletedRequests.Capacity) + 10; i++)
            {
                completed.Add(i.ToString(CultureInfo.InvariantCulture));
            }

            Assert.False(completed.Contains("0"));
            Assert.True(completed.Contains((CompletedRequests.Capacity + 10).ToString(CultureInfo.InvariantCulture)));
        }

        Assert.InRange(System.IO.File.ReadLines(File).Count(), CompletedRequests.Capacity, CompletedRequests.Capacity + 10);
    }

    [Fact]
    public void A_file_that_cannot_be_written_is_told_and_ids_are_known_until_the_end()
    {
        System.IO.File.WriteAllText(System.IO.Path.Combine(_folder.Path, "gateway"), "a file where a folder should be");
        using var loggers = new CollectedLogs();
        using var completed = new CompletedRequests(File, loggers.CreateLogger("queue"));

        completed.Add("a");

        Assert.True(completed.Contains("a"));
        Assert.Contains(loggers.Lines, line => line.Contains("done twice", StringComparison.Ordinal));
    }
}
