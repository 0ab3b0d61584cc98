using FlowKit.Components;
using FlowKit.Configuration.Diagnostics;
using FlowKit.Configuration.Flow;
using FlowKit.Telemetry;
using Microsoft.Extensions.Logging;

namespace FlowKit.Runtime;

/// <summary>
/// Follows the files of a flow (<c>reload: true</c>): its YAML files and the files that its executors are made of. It looks at them
/// twice a second, which works on every file system, and applies a change when the files have been quiet for one look.
/// </summary>
/// <param name="flow">The running flow.</param>
/// <param name="read">Reads the configuration again.</param>
/// <param name="time">Time.</param>
/// <param name="logger">Told what was applied, and why something was not.</param>
public sealed partial class FlowWatcher(FlowRuntime flow, Func<FlowConfig> read, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan s_every = TimeSpan.FromMilliseconds(500);

    private List<FlowConfig> _followed = [];
    private Dictionary<string, string> _read = [];

    /// <summary>Watches until it is cancelled. A mistake in a changed file is logged, and the flow serves on as it was.</summary>
    /// <param name="config">What runs now.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task RunAsync(FlowConfig config, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(config);
        _followed = [config];
        var applied = Look();
        var before = applied;
        using var timer = new PeriodicTimer(s_every, time);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            var now = Look();
            if (!AreSame(now, applied) && AreSame(now, before))
            {
                await ApplyAsync(cancellationToken);
                now = applied = Settle(now);
            }

            before = now;
        }
    }

    private async Task ApplyAsync(CancellationToken cancellationToken)
    {
        try
        {
            var config = read();
            // What it names is followed also when it is not applied: perhaps the mistake is there.
            _followed = [_followed[0], config];
            _read = Look();
            await flow.ApplyAsync(config, cancellationToken);
            _followed = [config];
            Log.Applied(logger, config.Path);
        }
        catch (FlowConfigException exception)
        {
            Log.NotApplied(logger, exception.Message);
        }
        catch (FlowKitException exception)
        {
            Log.NotApplied(logger, exception.Message);
        }
    }

    /// <summary>
    /// The files to follow from now on, as they were before they were read: one that changes meanwhile has not been applied.
    /// </summary>
    private Dictionary<string, string> Settle(Dictionary<string, string> seen)
    {
        foreach (var (file, look) in _read)
        {
            seen.TryAdd(file, look);
        }

        _read = [];
        return Look().Keys.ToDictionary(file => file, file => seen.GetValueOrDefault(file, ""), StringComparer.Ordinal);
    }

    private Dictionary<string, string> Look() =>
        _followed.SelectMany(FilesOf).Distinct(StringComparer.Ordinal).ToDictionary(file => file, FileStamp.Of, StringComparer.Ordinal);

    private IEnumerable<string> FilesOf(FlowConfig config) => config.Files.Concat(
        from executor in config.Executors
        where executor.Reload
        from uses in new[] { executor.Uses, executor.UsesBefore, executor.UsesAfter }
        where uses is not null
        from file in flow.Catalog.FilesOf(uses, executor.BaseDirectory ?? config.BaseDirectory)
        select file);

    private static bool AreSame(Dictionary<string, string> left, Dictionary<string, string> right) =>
        left.Count == right.Count && left.All(pair => right.TryGetValue(pair.Key, out var look) && look == pair.Value);

    private static partial class Log
    {
        [LoggerMessage(EventIds.ChangesApplied, LogLevel.Information, "{File} has changed and is applied")]
        public static partial void Applied(ILogger logger, string file);

        [LoggerMessage(EventIds.ChangesNotApplied, LogLevel.Error, "The changed files are not applied; the flow serves on as it was: "
            + "{Reason}")]
        public static partial void NotApplied(ILogger logger, string reason);
    }
}
