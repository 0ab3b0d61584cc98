namespace FlowKit.Benchmarks.Runtime;

/// <summary>Sleeps a little, but hangs, or throws, when a document says so; a document that hung once does not again.</summary>
[Executor("FaultyWork")]
public sealed class FaultyWork : Executor
{
    /// <summary>The text of a document on which it hangs for good, deaf to its cancellation.</summary>
    public const string Hang = "hang";

    /// <summary>The text of a document on which it throws what nobody foresaw.</summary>
    public const string Throw = "throw";

    private static readonly HashSet<string> s_hung = [];
    private readonly TimeSpan _time;

    /// <summary>Makes it.</summary>
    /// <param name="milliseconds">How long a call takes.</param>
    public FaultyWork(double milliseconds) => _time = TimeSpan.FromMilliseconds(milliseconds);

    /// <summary>Answers every endpoint.</summary>
    /// <param name="documents">The documents.</param>
    [Requests]
    public async Task RunAsync(DocumentArray documents)
    {
        foreach (var document in documents)
        {
            if (document.Text == Throw)
            {
                throw new InvalidOperationException("injected");
            }

            if (document.Text == Hang && HangsFirst(document.Id))
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, Context.TimeProvider);
            }
        }

        await Task.Delay(_time, Context.TimeProvider);
    }

    private static bool HangsFirst(string id)
    {
        lock (s_hung)
        {
            return s_hung.Add(id);
        }
    }
}
