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
    /// <param name="work">Is given a function to call with (title, done, total).</param>
    public static Task RunAsync(Func<Action<string, int, int>, Task> work) => OnTerminal().StartAsync(async context =>
    {
        var tasks = new Dictionary<string, ProgressTask>(StringComparer.Ordinal);
        await work((title, done, total) =>
        {
            lock (tasks)
            {
                if (!tasks.TryGetValue(title, out var task))
                {
                    tasks[title] = task = context.AddTask(Markup.Escape(title), autoStart: true);
                }

                Show(task, done, total);
            }
        });
    });

    private static Progress OnTerminal() => Report.Console.Progress().AutoClear(false)
        .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RateColumn(), new RemainingTimeColumn());

    private static void Show(ProgressTask task, int done, int total)
    {
        task.MaxValue = Math.Max(total, 1);
        task.Value = done;
    }

    private static async Task<T> RunPlainAsync<T>(string title, Func<Action<int, int>, Task<T>> work)
    {
        var last = (Done: 0, Total: 0);
        var said = Stopwatch.GetTimestamp();
        var rate = new ProgressRate(title, said);
        var result = await work((done, total) =>
        {
            last = (done, total);
            if (done < total && Stopwatch.GetElapsedTime(said) > Pause)
            {
                said = Stopwatch.GetTimestamp();
                Report.Line(rate.Line(done, total));
            }
        });
        if (last.Total > 0)
        {
            Report.Line(rate.Line(last.Done, last.Total));
        }

        return result;
    }
}
