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
        var applied = Look(FilesOf(config));
        var before = applied;
        using var timer = new PeriodicTimer(s_every, time);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            var now = Look(applied.Keys);
            if (!AreSame(now, applied) && AreSame(now, before))
            {
                now = applied = await ApplyAsync(now, cancellationToken);
            }

            before = now;
        }
    }

    /// <returns>The files to follow from now on, as they were before they were read: one that changes meanwhile has not been applied.</returns>
    private async Task<Dictionary<string, string>> ApplyAsync(Dictionary<string, string> seen, CancellationToken cancellationToken)
    {
        try
        {
            var config = read();
            var files = Look(FilesOf(config));
            foreach (var (file, look) in files)
            {
                seen.TryAdd(file, look);
            }

            await flow.ApplyAsync(config, cancellationToken);
            Log.Applied(logger, config.Path);
            return files.Keys.ToDictionary(file => file, file => seen[file], StringComparer.Ordinal);
        }
        catch (FlowConfigException exception)
        {
            Log.NotApplied(logger, exception.Message);
        }
        catch (FlowKitException exception)
        {
            Log.NotApplied(logger, exception.Message);
        }

        return seen;
    }

    private static IEnumerable<string> FilesOf(FlowConfig config) => config.Files.Concat(
        from executor in config.Executors
        where executor.Reload
        from uses in new[] { executor.Uses, executor.UsesBefore, executor.UsesAfter }
        where uses is not null && uses.EndsWith(".cs", StringComparison.OrdinalIgnoreCase)
        select Path.GetFullPath(uses, executor.BaseDirectory ?? config.BaseDirectory));

    private static Dictionary<string, string> Look(IEnumerable<string> files) =>
        files.Distinct(StringComparer.Ordinal).ToDictionary(file => file, Look, StringComparer.Ordinal);

    private static string Look(string file)
    {
        var info = new FileInfo(file);
        return info.Exists ? $"{info.LastWriteTimeUtc.Ticks} {info.Length}" : "";
    }

    private static bool AreSame(Dictionary<string, string> left, Dictionary<string, string> right) =>
        left.Count == right.Count && left.All(pair => right.TryGetValue(pair.Key, out var look) && look == pair.Value);

    private static partial class Log
    {
        [LoggerMessage(207, LogLevel.Information, "{File} has changed and is applied")]
        public static partial void Applied(ILogger logger, string file);

        [LoggerMessage(208, LogLevel.Error, "The changed files are not applied; the flow serves on as it was: {Reason}")]
        public static partial void NotApplied(ILogger logger, string reason);
    }
}
