using System.Diagnostics;
using Spectre.Console;

namespace FlowKit.Cli.Output;

/// <summary>A progress bar on a terminal; elsewhere a line every ten seconds and at the end.</summary>
internal static class ProgressLine
{
    /// <summary>The time between two lines where no terminal is.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    /// <summary>Runs <paramref name="work"/> and shows what it reports.</summary>
    /// <param name="title">What is being done.</param>
    /// <param name="work">Is given a function to call with (done, total).</param>
    public static async Task<T> RunAsync<T>(string title, Func<Action<int, int>, Task<T>> work)
    {
        if (!Report.IsTerminal)
        {
            return await RunPlainAsync(title, work);
        }

        return await OnTerminal().StartAsync(async context =>
        {
            var task = context.AddTask(Markup.Escape(title), autoStart: true);
            return await work((done, total) => Show(task, done, total));
        });
    }

    /// <summary>Runs <paramref name="work"/> on a terminal, with a bar for each title that it reports.</summary>
    /// <param name="work">Is given a function to call with (title, what of it is worked on now, done, total).</param>
    public static Task RunAsync(Func<Action<string, string?, int, int>, Task> work) => OnTerminal().StartAsync(async context =>
    {
        var tasks = new Dictionary<string, ProgressTask>(StringComparer.Ordinal);
        await work((title, now, done, total) =>
        {
            lock (tasks)
            {
                if (!tasks.TryGetValue(title, out var task))
                {
                    tasks[title] = task = context.AddTask(Markup.Escape(title), autoStart: true);
                }

                task.Description = Markup.Escape(ShownText.Of(now is null ? title : $"{title} ({now})"));
                Show(task, done, total);
            }
        });
    });

    private static Progress OnTerminal() => Report.Console.Progress().AutoClear(false)
        .Columns(
            new TaskDescriptionColumn(),
            new ProgressBarColumn(),
            new PercentageColumn(),
            new RateColumn(),
            new ElapsedTimeColumn(),
            new RemainingTimeColumn());

    private static void Show(ProgressTask task, int done, int total)
    {
        task.MaxValue = Math.Max(total, 1);
        task.Value = done;
        // Of one thing nobody knows how much is done.
        task.IsIndeterminate = total == 1 && done == 0;
    }

    private static async Task<T> RunPlainAsync<T>(string title, Func<Action<int, int>, Task<T>> work)
    {
        var last = new Count(0, 0);
        var rate = new ProgressRate(title, Stopwatch.GetTimestamp());
        var result = await TellingAsync(
            () => Volatile.Read(ref last) is { Total: > 0 } count && count.Done < count.Total ? [rate.Line(count.Done, count.Total)] : [],
            () => work((done, total) => Volatile.Write(ref last, new Count(done, total))));
        if (last.Total > 0)
        {
            Report.Line(rate.Line(last.Done, last.Total));
        }

        return result;
    }

    /// <summary>Runs something, and writes lines every ten seconds meanwhile, also where it reports nothing for long.</summary>
    /// <param name="lines">Returns the lines.</param>
    /// <param name="work">What is run.</param>
    public static async Task<T> TellingAsync<T>(Func<IReadOnlyList<string>> lines, Func<Task<T>> work)
    {
        using var ended = new CancellationTokenSource();
        var telling = TellAsync(lines, ended.Token);
        try
        {
            return await work();
        }
        finally
        {
            await ended.CancelAsync();
            await telling.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task TellAsync(Func<IReadOnlyList<string>> lines, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Pause);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            foreach (var line in lines())
            {
                Report.Line(line);
            }
        }
    }

    /// <summary>A count that another thread reads than the one that counts.</summary>
    private sealed record Count(int Done, int Total);
}
