using FlowKit.Cli.Output;
using FlowKit.Clip.Models.Hub;
using Spectre.Console;

namespace FlowKit.Cli.Commands.Models;

/// <summary>A bar for each file that is pulled; without a terminal a line every ten seconds, and for each that is here.</summary>
internal static class PullProgress
{
    /// <summary>Runs <paramref name="pull"/> and shows what it reports.</summary>
    public static async Task<string> RunAsync(Func<Action<ClipPullProgress>, Task<string>> pull)
    {
        if (!Report.IsTerminal)
        {
            var lines = new PullLines(TimeProvider.System, Report.Line);
            return await pull(lines.Add);
        }

        var columns = new ProgressColumn[]
        {
            new TaskDescriptionColumn(),
            new ProgressBarColumn(),
            new DownloadedColumn(),
            new TransferSpeedColumn(),
            new RemainingTimeColumn(),
        };
        return await Report.Console.Progress().AutoClear(false).Columns(columns).StartAsync(async context =>
        {
            var bars = new Dictionary<string, ProgressTask>(StringComparer.Ordinal);
            return await pull(progress =>
            {
                if (!bars.TryGetValue(progress.File, out var bar))
                {
                    bar = bars[progress.File] = context.AddTask(Markup.Escape(progress.File));
                }

                (bar.MaxValue, bar.Value) = (Math.Max(1, progress.Total), progress.Done);
            });
        });
    }
}
