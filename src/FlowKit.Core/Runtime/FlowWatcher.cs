using FlowKit.Configuration;
using Microsoft.Extensions.Logging;

namespace FlowKit.Runtime;

/// <summary>
/// Follows the files of a flow (<c>reload: true</c>): its YAML files and the C# files that its executors are written in. It looks at them
/// twice a second, which works on every file system, and applies a change when the files have been quiet for one look.
/// </summary>
/// <param name="flow">The running flow.</param>
/// <param name="read">Reads the configuration again.</param>
/// <param name="time">Time.</param>
/// <param name="logger">Told what was applied, and why something was not.</param>
public sealed partial class FlowWatcher(FlowRuntime flow, Func<FlowConfig> read, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan s_every = TimeSpan.FromMilliseconds(500);

    /// <summary>Watches until it is cancelled. A mistake in a changed file is logged, and the flow serves on as it was.</summary>
    /// <param name="config">What runs now.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task RunAsync(FlowConfig config, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(config);
        IReadOnlyList<string> files = FilesOf(config);
        var applied = Look(files);
        var before = applied;
        using var timer = new PeriodicTimer(s_every, time);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            var now = Look(files);
            if (now != applied && now == before)
            {
                files = await ApplyAsync(files, cancellationToken);
                applied = Look(files);
                now = applied;
            }

            before = now;
        }
    }

    private async Task<IReadOnlyList<string>> ApplyAsync(IReadOnlyList<string> files, CancellationToken cancellationToken)
    {
        try
        {
            var config = read();
            await flow.ApplyAsync(config, cancellationToken);
            Log.Applied(logger, config.Path);
            return FilesOf(config);
        }
        catch (FlowConfigException exception)
        {
            Log.NotApplied(logger, exception.Message);
        }
        catch (FlowKitException exception)
        {
            Log.NotApplied(logger, exception.Message);
        }

        return files;
    }

    private static List<string> FilesOf(FlowConfig config) =>
    [
        .. config.Files,
        .. config.Executors.Where(executor => executor.Reload && executor.Uses.EndsWith(".cs", StringComparison.OrdinalIgnoreCase))
            .Select(executor => Path.GetFullPath(executor.Uses, executor.BaseDirectory ?? config.BaseDirectory)),
    ];

    private static string Look(IReadOnlyList<string> files) => string.Join('|', files.Select(Look));

    private static string Look(string file)
    {
        var info = new FileInfo(file);
        return info.Exists ? $"{info.LastWriteTimeUtc.Ticks} {info.Length}" : "";
    }

    private static partial class Log
    {
        [LoggerMessage(207, LogLevel.Information, "{File} has changed and is applied")]
        public static partial void Applied(ILogger logger, string file);

        [LoggerMessage(208, LogLevel.Error, "The changed files are not applied; the flow serves on as it was: {Reason}")]
        public static partial void NotApplied(ILogger logger, string reason);
    }
}
